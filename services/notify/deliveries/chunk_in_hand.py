"""A chunk that this worker is mailing: whom it still has to mail, and what their mails hear.

The relay's connections call `may_go` right before they send a mail, and `heard` with the relay's
last word on it. All of it runs in one event loop, so nothing here is locked.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.notify.bounces.standings import Standings
from services.notify.deliveries.chunk_pass import ChunkPass
from services.notify.deliveries.recorder import ChunkRecord, Recorder
from services.notify.ledger.delivery import Delivery
from services.notify.ledger.ledger import Hold
from services.notify.ledger.outcome import Outcome
from services.notify.ledger.states import State
from services.notify.members.store import Audience, Members
from services.notify.relay.connection import Mail
from services.notify.relay.limits import Grant
from services.notify.relay.replies import Reply

PATIENCE_SECONDS = 300.0
"""How long a chunk is kept in hand, all in all, while the relay's limits allow no more mail."""


class Addressees:
    """Who of a chunk can be mailed, as the members and their addresses are now."""

    def __init__(self, members: Members, standings: Standings) -> None:
        self._members = members
        self._standings = standings

    async def of(
        self, delivery: Delivery, due: Sequence[int], *, reached_earlier: set[int], now: datetime
    ) -> Audience:
        """Those of the numbers `due` that can be mailed, and those that cannot. Raises redis-py's
        errors.

        Nobody is mailed at an address that is gone, but for members whom an earlier version of the
        alert may have reached (`reached_earlier`): a change is owed to them, whatever came back
        since (promise G9). Nor for a notice: a breach is the business of all whose address is
        kept, those who have left among them.
        """
        is_notice = delivery.kind == "notice"
        though_left = set(due) if is_notice else reached_earlier
        audience = await self._members.audience(delivery.cut, due, though_left=though_left)
        if is_notice:
            return audience
        new = {n: r for n, r in audience.reachable.items() if n not in reached_earlier}
        for number in await self._standings.gone(new, now=now):
            del audience.reachable[number]
            audience.suppressed.append(number)
        return audience


@dataclass(eq=False, kw_only=True)
class ChunkInHand:
    """One attempt of this worker to bring a chunk to its end."""

    hold: Hold
    record: ChunkRecord
    recorder: Recorder
    attempt: ChunkPass
    reachable: dict[int, bytes]
    """The sealed record of each member who is to be mailed, by the member's number."""
    reached_earlier: set[int]
    """Members who may have an earlier version of the alert."""
    untried: deque[int]
    """Members whose mail is to be offered to the relay, the next one first."""
    put_off: set[int]
    """Members whom the relay put off, and whose time has not come."""
    is_stopping: Callable[[], bool]
    """Whether this worker is to stop."""
    grant: Grant = Grant(0, 0.0)  # noqa: RUF009 - it never changes
    """What the relay's limits granted last."""
    granted: set[int] = field(default_factory=set)
    """The members whose mails it was granted for."""
    revision: int = 0
    """The newest of the article, so the one that is mailed; known once members are claimed."""
    readable: bool = False
    """Whether a mail could be made for anybody in this attempt."""
    unreadable: list[int] = field(default_factory=list)
    """Members for whom none could be made, since their records do not open; they are claimed."""
    patience: float = PATIENCE_SECONDS
    """Seconds of it that are left."""
    _asked: int = 0
    """Mails that were offered and have heard nothing yet."""
    _few: int = 0
    _on_the_way: dict[int, Mail | None] = field(default_factory=dict)
    """By number, the mail of each member who was claimed and of whom nothing was written down
    since; none as long as it is not made."""
    _heard_enough: asyncio.Event = field(default_factory=asyncio.Event)

    def may_go(self) -> bool:
        """Whether a mail of the chunk may still be sent."""
        return (
            self.hold.lasts
            and not self.record.halted
            and self.record.error is None
            and not self.attempt.stopped
            and not self.is_stopping()
        )

    def claimed(self, numbers: Iterable[int]) -> None:
        """The ledger has these members as on the way."""
        self._on_the_way.update(dict.fromkeys(numbers))

    def expect(self, mails: Sequence[Mail]) -> None:
        """These mails are about to be offered: each will be heard of once."""
        self._asked += len(mails)
        self._on_the_way.update((mail.number, mail) for mail in mails)

    def take_back(self) -> None:
        """The delivery is superseded, so what was not sent will not be: see `may_go`. That is
        written down before the relay has answered, which may take longer than the newer delivery
        waits: members to whom nothing was sent are told of no change."""
        for number, mail in list(self._on_the_way.items()):
            if mail is None or not mail.is_sent:
                self.write_down(Outcome(number, State.PLANNED))

    def heard(self, mail: Mail, reply: Reply | None) -> None:
        """Take the relay's last word on a mail.

        If it is none, or about the connection, it says nothing of the member: the mail comes again.
        """
        self._asked -= 1
        if reply is None or not reply.is_about_mail:
            self.put_back([mail.number])
            if reply:
                self.attempt.keep_out(reply)
        else:
            self.write_down(self.attempt.hear(mail.number, reply))
        if self._asked <= self._few:
            self._heard_enough.set()

    def put_back(self, numbers: Iterable[int]) -> None:
        """These members were claimed, and nothing was sent to them: they are as before."""
        for number in numbers:
            self.untried.append(number)
            self.write_down(Outcome(number, State.PLANNED))

    async def all_heard(self) -> None:
        """Wait until every mail that was offered has been heard of."""
        await self.heard_all_but(0)

    async def heard_all_but(self, few: int) -> None:
        """Wait until no more than `few` of the mails that were offered are yet to be heard of."""
        while self._asked > few:
            self._few = few
            self._heard_enough.clear()
            await self._heard_enough.wait()

    def write_down(self, outcome: Outcome) -> None:
        """Have an outcome written to the ledger soon."""
        self._on_the_way.pop(outcome.number, None)
        self.recorder.add(self.record, outcome)

    def suppress(self, numbers: Iterable[int]) -> None:
        """These members are not mailed, for good."""
        for number in numbers:
            self.write_down(Outcome(number, State.SUPPRESSED))

    def cancel(self) -> None:
        """Mail nobody more: a person ended the delivery. Everybody who is open is suppressed."""
        self.suppress([*self.untried, *self.attempt.forget(), *self.put_off])
        self._let_go()

    def leave_to_newer(self) -> None:
        """Mail nobody more: a newer delivery owes them that. What it owes them, it reads from what
        was written down at each reply."""
        self.attempt.forget()
        self._let_go()

    def _let_go(self) -> None:
        self.put_off.clear()
        self.untried.clear()
