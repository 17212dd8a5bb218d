"""Pure: what the relay said in one attempt to bring a chunk to its end, and what follows from it.

Acceptances and clear refusals stand at once. The other refusals are kept until it is known whether
the relay takes mail for others: then they are the member's, else the relay's or ours.
"""

from dataclasses import dataclass, field

from services.notify.ledger.outcome import Outcome, StateName
from services.notify.relay.replies import Meaning, Reply, meaning, tried, verdict

ENOUGH = 8
"""Troubles in a row, with nobody taken in between, that no single mail can be the reason of."""

_STATES: dict[Meaning, StateName] = {
    Meaning.HANDED_OVER: "handed_over",
    Meaning.FAILED: "failed",
    Meaning.DEFERRED: "deferred",
    Meaning.RELAY_TROUBLE: "deferred",
}


@dataclass
class ChunkPass:
    """One attempt; it hears every reply, and decides at the end."""

    numbers: list[int]
    """The members that are to be mailed."""
    tries: dict[int, int]
    """By number, for members who have any: see `replies.tried`."""
    overdue: bool
    """Whether mails have been put off for as long as they may be."""
    let_in: bool = True
    """Whether the relay let us in when a connection was last opened."""
    trouble: Reply | None = None
    """The last reply that was no member's."""
    handed_over: int = 0
    failed: int = 0
    relay_is_down: bool = False
    """Whether nobody's mail gets through. Known after `conclude`."""
    was_let_in: bool = False
    """Whether the relay spoke of members, and takes mail for all that is known. Known after
    `conclude`."""
    _in_a_row: int = 0
    _taken_lately: bool = False
    _refused: dict[int, Reply] = field(default_factory=dict)
    """Undecided members, and somebody was taken after each of them."""
    _doubtful: dict[int, Reply] = field(default_factory=dict)
    """Undecided members, and nobody was taken after them yet."""

    def hear(self, number: int, reply: Reply) -> Outcome | None:
        """Take the relay's last word on a member; gives what can be written down now, if
        anything."""
        meant = meaning(reply)
        if meant is Meaning.HANDED_OVER:
            self.handed_over += 1
            self._in_a_row = 0
            self._taken_lately = True
            if self._doubtful:
                self._refused |= self._doubtful
                self._doubtful.clear()
            return Outcome(number, "handed_over")
        if meant is Meaning.FAILED:
            self.failed += 1
        else:
            self._in_a_row += meant is not Meaning.DEFERRED
            if meant is not Meaning.DEFERRED:
                self.trouble = reply
            self._doubtful[number] = reply
            return None
        return Outcome(number, _STATES[meant], reply.short, reply.text)

    def keep_out(self, reply: Reply) -> None:
        """Take the relay's word that it does not let us in."""
        self.let_in = False
        self.trouble = reply

    @property
    def stopped(self) -> bool:
        """Whether the relay takes nothing more for now."""
        return not self.let_in or self._in_a_row >= ENOUGH

    def start_again(self) -> bool:
        """Go on after a stop, if the relay took anybody since the stop before; else give false."""
        if not self._taken_lately:
            return False
        self.let_in, self._in_a_row, self._taken_lately = True, 0, False
        return True

    def not_taken(self) -> list[int]:
        """The undecided members whose mail the relay has certainly not taken, since it said so."""
        undecided = (self._refused | self._doubtful).items()
        return [number for number, reply in undecided if reply.phase != "dot"]

    def forget(self) -> list[int]:
        """Drop the replies to the undecided members; gives the members."""
        undecided = [*self._refused, *self._doubtful]
        self._refused.clear()
        self._doubtful.clear()
        return undecided

    def conclude(self) -> list[Outcome]:
        """What became of the undecided members.

        Refusals that ended a pass may be the relay's, whatever it took before. They are laid to the
        members only if all who are left were refused earlier while the relay took others.
        """
        others_taken = (self.handed_over > 0 and not self.stopped) or all(
            self.tries.get(number, 0) > 0 for number in self.numbers
        )
        found = [self._decide(n, reply, others_taken=True) for n, reply in self._refused.items()]
        found += [self._decide(n, r, others_taken=others_taken) for n, r in self._doubtful.items()]
        takes_nobody = self.stopped or not self.handed_over
        in_trouble = not self.let_in or any(meant is Meaning.RELAY_TROUBLE for meant, _ in found)
        self.relay_is_down = takes_nobody and in_trouble
        self.was_let_in = not self.relay_is_down and bool(self.handed_over or self.failed or found)
        self.failed += sum(meant is Meaning.FAILED for meant, _ in found)
        return [outcome for _, outcome in found]

    def _decide(self, number: int, reply: Reply, *, others_taken: bool) -> tuple[Meaning, Outcome]:
        before = self.tries.get(number)
        meant = verdict(reply, others_taken=others_taken, tries=before, overdue=self.overdue)
        after = tried(reply, others_taken=others_taken, tries=before)
        state = _STATES[meant]
        if reply.phase == "dot" and state == "deferred":
            state = "sending"  # the relay may have taken it
        return meant, Outcome(number, state, reply.short, reply.text, after)
