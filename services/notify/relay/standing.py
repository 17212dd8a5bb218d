"""Pure: how we stand with the relay, and when it may be asked again.

A relay that refuses us is asked again after pauses that grow: asking on and on is what relays block
senders for. Until it is known that it takes our mail, it is asked with one mail at a time. Times
are those of any clock that only goes forward, in seconds.
"""

from services.notify.relay.replies import Meaning, Reply

FIRST_PAUSE_SECONDS = 0.25
"""Doubled with each refusal after it."""
LONGEST_PAUSE_SECONDS = 60.0
ENOUGH = 5
"""Refusals in a row that no single mail can be the reason of, if each may be of its member. With
the pauses that makes 12 in 50 seconds."""
SLOW_SECONDS = 1.0
"""A relay that looks for so long at the only mail that it was asked with gets one more."""
_RECENT_SECONDS = 150.0
"""How long it matters that somebody wanted to mail: twice the longest pause, and more."""


class Standing:
    """Begins unsure: nothing is known of the relay."""

    def __init__(self) -> None:
        self.trouble: Reply | None = None
        """Why the relay is not asked, or with one mail only; none while all is well."""
        self.is_sure = False
        """Whether it takes our mail, so that it may be asked with many at a time."""
        self._pauses = 0
        self._in_a_row = 0
        self._has_taken = False
        """Whether it has taken a mail since it last dropped a connection, or refused us."""
        self._until = 0.0
        self._asked_at: float | None = None
        """When it was asked with the mail that it has not answered, while unsure."""
        self._wanted_at = 0.0

    def pause(self, now: float) -> float:
        """Seconds until it may be asked again; 0 if it may."""
        return max(self._until - now, 0.0)

    def may_ask(self, now: float) -> bool:
        """Whether it may be asked with one more mail."""
        if now < self._until:
            return False
        return self.is_sure or self._asked_at is None or self.is_slow(now)

    def is_slow(self, now: float) -> bool:
        """Whether it has looked for long at the only mail that it was asked with."""
        return self._asked_at is not None and now - self._asked_at >= SLOW_SECONDS

    def ask(self, now: float) -> None:
        """Note that it is asked with a mail."""
        self._asked_at = None if self.is_sure else now

    def want(self, now: float) -> None:
        """Note that somebody wants to mail."""
        self._wanted_at = now

    def problem(self, now: float) -> str:
        """What keeps mail from the relay, in words; empty if nothing does, or nobody wants to
        mail."""
        recent = now - self._wanted_at < _RECENT_SECONDS
        return self.trouble.words if self.trouble and recent else ""

    def begin_anew(self) -> None:
        """Note that there is no connection to it any more: what it took before proves little."""
        self.is_sure = False

    def answered(self) -> None:
        """Note that the mail that it was asked with has come back, whatever became of it."""
        self._asked_at = None

    def hear(self, reply: Reply, now: float) -> None:
        """Take its last word on a mail."""
        meant = reply.meaning
        if meant is Meaning.HANDED_OVER:
            self.is_sure, self.trouble, self._has_taken = True, None, True
            self._pauses = self._in_a_row = 0
        elif meant in (Meaning.FAILED, Meaning.DEFERRED) or reply.is_about_size:
            # It lets us in, and speaks of members or of one mail. Once it has refused our mail,
            # that proves nothing.
            if self.trouble is None or not self.trouble.is_about_mail:
                self.is_sure, self.trouble = True, None
        else:
            self._in_a_row += 1
            may_be_the_members = reply.is_about_a_member and meant is not Meaning.SESSION
            if not may_be_the_members or self._in_a_row >= ENOUGH or self.trouble:
                self.refused(reply, now)

    def not_let_in(self, reply: Reply, now: float) -> None:
        """Note that it did not let us in. The first connection that it drops without a word after
        it took mail is no refusal yet: it counts like one that may be a member's own."""
        dropped = self._has_taken and reply.trouble == "connection lost"
        if dropped and self._in_a_row + 1 < ENOUGH:
            self._has_taken = False
            self._in_a_row += 1
        else:
            self.refused(reply, now)

    def refused(self, reply: Reply, now: float) -> None:
        """Take its word that it does not let us in, or takes no mail of ours. What comes during a
        pause was asked before it, and counts with the refusal that began it."""
        self._wanted_at = now
        if now < self._until:
            return
        self.trouble, self.is_sure, self._has_taken = reply, False, False
        pause = FIRST_PAUSE_SECONDS * 2.0 ** min(self._pauses, 20)
        self._until = now + min(pause, LONGEST_PAUSE_SECONDS)
        self._pauses += 1

    @property
    def is_well(self) -> bool:
        """Whether it took the mail before, so that one more that it takes changes nothing."""
        return self.is_sure and self._has_taken and self._in_a_row == 0

    @property
    def is_in_doubt(self) -> bool:
        """Whether it has refused somebody since it last took a mail."""
        return self._in_a_row > 0 and self.trouble is None
