"""Pure: what the relay said in one attempt to bring a chunk to its end, and what follows from it.

Acceptances and clear refusals stand at once. The other refusals are kept until it is known whether
the relay takes mail for others: then they are the member's, else the relay's or ours. Until then
the ledger knows already whether the relay may have the mail, for the day that the delivery is
superseded or its worker dies.
"""

from dataclasses import dataclass, field

from services.notify.ledger.outcome import Outcome
from services.notify.ledger.states import State
from services.notify.relay.replies import Meaning, Reply, tried, verdict

ENOUGH = 8
"""Troubles in a row, with nobody taken in between, that no single mail can be the reason of."""

_STATES: dict[Meaning, State] = {
    Meaning.HANDED_OVER: State.HANDED_OVER,
    Meaning.FAILED: State.FAILED,
    Meaning.DEFERRED: State.DEFERRED,
    Meaning.RELAY_TROUBLE: State.DEFERRED,
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
    """The last reply that was no member's, and not about the mail's size."""
    handed_over: int = 0
    failed: int = 0
    relay_is_down: bool = False
    """Whether nobody's mail gets through. Known after `conclude`."""
    was_let_in: bool = False
    """Whether the relay spoke of members, and takes mail for all that is known. Known after
    `conclude`."""
    mail_is_too_large: bool = False
    """Whether the relay took nobody's mail, and said that it is too large. Known after
    `conclude`."""
    _in_a_row: int = 0
    _taken_lately: bool = False
    _refused: dict[int, Reply] = field(default_factory=dict)
    """Undecided members, and somebody was taken after each of them."""
    _doubtful: dict[int, Reply] = field(default_factory=dict)
    """Undecided members, and nobody was taken after them yet."""

    def hear(self, number: int, reply: Reply) -> Outcome:
        """Take the relay's last word on a member; gives what can be written down now. If the member
        stays undecided, that is only whether the relay may have taken the mail."""
        meant = reply.meaning
        if meant is Meaning.HANDED_OVER:
            self.handed_over += 1
            self._in_a_row = 0
            self._taken_lately = True
            if self._doubtful:
                self._refused |= self._doubtful
                self._doubtful.clear()
            return Outcome(number, State.HANDED_OVER)
        if meant is Meaning.FAILED:
            self.failed += 1
        else:
            self._in_a_row += meant is not Meaning.DEFERRED
            if meant is not Meaning.DEFERRED and not reply.is_about_size:
                self.trouble = reply
            self._doubtful[number] = reply
            return Outcome(number, _undecided(reply))
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
        heard = self._refused | self._doubtful
        troubles = [heard[o.number] for meant, o in found if meant is Meaning.RELAY_TROUBLE]
        in_trouble = not self.let_in or not all(reply.is_about_size for reply in troubles)
        self.relay_is_down = takes_nobody and in_trouble
        self.was_let_in = not self.relay_is_down and bool(self.handed_over or self.failed or found)
        too_large = any(reply.is_about_our_size for reply in troubles)
        self.mail_is_too_large = not (self.relay_is_down or self.handed_over) and too_large
        self.failed += sum(meant is Meaning.FAILED for meant, _ in found)
        return [outcome for _, outcome in found]

    def _decide(self, number: int, reply: Reply, *, others_taken: bool) -> tuple[Meaning, Outcome]:
        before = self.tries.get(number)
        meant = verdict(reply, others_taken=others_taken, tries=before, overdue=self.overdue)
        after = tried(reply, others_taken=others_taken, tries=before)
        state = _STATES[meant]
        if state is State.DEFERRED:
            state = _undecided(reply)
        return meant, Outcome(number, state, reply.short, reply.text, after)


def _undecided(reply: Reply) -> State:
    """The state of a member who stays open after this reply: no answer to the final dot leaves it
    unknown whether the relay has the mail."""
    return State.SENDING if reply.phase == "dot" else State.DEFERRED
