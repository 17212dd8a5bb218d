"""Flow: mail the members of one chunk, and write down what became of each.

Groups of 64 are claimed, handed over on all connections, and recorded, one group after the other in
a process: so a worker that is killed leaves at most 64 mails accepted and not recorded (G7).
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from redis.exceptions import RedisError

from services.notify import alerts
from services.notify.alert_mail import AlertMail, Letterhead
from services.notify.ledger import (
    GROUP,
    ChunkLost,
    Delivery,
    Ledger,
    Outcome,
    State,
    unsummed,
)
from services.notify.members import Members
from services.notify.replies import Action, Reply, action
from services.notify.tokens import Tokens
from services.notify.transport import CONNECTIONS, Mail, Transport
from services.notify.vault import Member
from shared import log
from shared.bus import Bus, Entry, Surroundings
from shared.bus.errors import surroundings
from shared.events import ChunkPlanned, DeliveryProgressed

DEFERRED_ALARM = 900.0
"""Seconds that a relay may put mails off before it is an alarm: greylisting takes minutes."""
TAKEN_OVER_ALARM = 60.0
_RECORD_PAUSE = 0.2

_STATES: dict[Action, State] = {
    Action.HANDED_OVER: "handed_over",
    Action.FAILED: "failed",
    Action.DEFERRED: "deferred",
    Action.RELAY_TROUBLE: "deferred",
}


@dataclass
class _Pass:
    """One attempt to bring a chunk to its end."""

    entry: Entry
    delivery: Delivery
    status: DeliveryProgressed
    replies: dict[Action, int] = field(default_factory=lambda: dict.fromkeys(Action, 0))

    @property
    def relay_is_down(self) -> bool:
        """As many times trouble as there are connections: it is the relay, not a single mail."""
        return self.replies[Action.RELAY_TROUBLE] >= CONNECTIONS


class DeliverChunk:
    def __init__(
        self,
        bus: Bus,
        *,
        ledger: Ledger,
        members: Members,
        transport: Transport,
        tokens: Tokens,
        head: Letterhead,
    ) -> None:
        self._redis = bus.redis
        self._ledger = ledger
        self._members = members
        self._transport = transport
        self._tokens = tokens
        self._head = head
        self._group = asyncio.Lock()
        self._log = log.get("notify")

    async def __call__(self, entry: Entry) -> None:
        """Handle an event of `chunks`. Surroundings while the relay keeps members open."""
        if not isinstance(entry.event, ChunkPlanned):
            raise TypeError("no event of chunks")
        chunk = entry.event.data
        delivery = await self._ledger.delivery(chunk.delivery)
        attempt = _Pass(entry, delivery, _status(entry.event, delivery))
        await self._record(attempt, [])
        numbers = delivery.cut.chunk(chunk.chunk)
        open_ = await self._ledger.still_open(delivery.id, numbers)
        audience = await self._members.audience(delivery.cut, open_)
        for group in _groups(audience.suppressed):
            await self._record(attempt, [Outcome(number, "suppressed") for number in group])
        await self._mail_all(attempt, audience.reachable)
        self._conclude(attempt)
        handed_over = attempt.replies[Action.HANDED_OVER]
        failed = attempt.replies[Action.FAILED]
        self._log.info(
            "chunk_delivered",
            delivery=delivery.id,
            chunk=chunk.chunk,
            handed_over=handed_over,
            failed=failed,
            suppressed=len(audience.suppressed),
        )

    async def _mail_all(self, attempt: _Pass, reachable: dict[int, Member]) -> None:
        revision = await alerts.newest(self._redis, attempt.delivery.article)
        mail = AlertMail(
            revision,
            delivery=attempt.delivery.id,
            started=attempt.delivery.started,
            head=self._head,
        )
        for group in _groups(reachable):
            async with self._group:
                taken = await self._claim(attempt, group)
                mails = []
                for number in group:
                    if number in taken:
                        to = reachable[number]
                        content = mail.fill(number, to.email, to.name, self._tokens)
                        mails.append(Mail(number, to.email, content))
                await self._hand_over(attempt, mails)
            if attempt.relay_is_down:
                return

    async def _claim(self, attempt: _Pass, group: list[int]) -> set[int]:
        try:
            return await self._ledger.claim(attempt.entry, attempt.delivery.id, group)
        except ChunkLost:
            raise Surroundings("chunk_taken_over", alarm_after=TAKEN_OVER_ALARM) from None

    async def _hand_over(self, attempt: _Pass, mails: list[Mail]) -> None:
        """Hand over and record; also what was accepted before a stop."""
        outcomes: list[Outcome] = []
        waiting = iter(mails)

        async def work() -> None:
            for mail in waiting:
                reply = await self._transport.hand_over(mail)
                outcomes.append(self._outcome(attempt, mail.number, reply))
                if attempt.relay_is_down:
                    return

        try:
            async with asyncio.TaskGroup() as workers:
                for _ in range(CONNECTIONS):
                    workers.create_task(work())
        finally:
            await self._record(attempt, outcomes)

    def _outcome(self, attempt: _Pass, number: int, reply: Reply) -> Outcome:
        decided = action(reply)
        attempt.replies[decided] += 1
        if decided is Action.RELAY_TROUBLE:
            self._log.warning("relay_trouble", phase=reply.phase, codes=reply.short)
        return Outcome(number, _STATES[decided], reply.short, reply.text)

    async def _record(self, attempt: _Pass, outcomes: list[Outcome]) -> None:
        """Record, however long Redis is away: what the relay has accepted must not be forgotten."""
        while True:
            try:
                completed = await self._ledger.record(attempt.status, outcomes)
                break
            except RedisError as error:
                if surroundings(error) is None:
                    raise
                await asyncio.sleep(_RECORD_PAUSE)
        if completed:
            self._log.info("delivery_completed", delivery=attempt.delivery.id)

    @staticmethod
    def _conclude(attempt: _Pass) -> None:
        if attempt.replies[Action.RELAY_TROUBLE]:
            raise Surroundings("relay_down")
        if attempt.replies[Action.DEFERRED]:
            raise Surroundings("relay_deferred", alarm_after=DEFERRED_ALARM)


def _status(event: ChunkPlanned, delivery: Delivery) -> DeliveryProgressed:
    return DeliveryProgressed(
        id=delivery.id,
        source="/varsel/notify",
        subject=delivery.article,
        time=datetime.now(UTC),
        traceparent=event.traceparent,
        data=unsummed(delivery.id, delivery.article, delivery.revision),
    )


def _groups(numbers: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(numbers)
    while group := list(islice(rest, GROUP)):
        yield group
