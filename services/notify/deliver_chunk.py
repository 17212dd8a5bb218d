"""Flow: mail the members of one chunk, and write down what became of each.

Groups of 64 are claimed, handed over on all connections, and recorded, one group after the other in
a process: so a worker that is killed leaves at most 64 mails accepted and not recorded (G7).
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TypeVar

from redis.exceptions import RedisError

from services.notify import alerts, metrics
from services.notify.alert_mail import AlertMail, Letterhead
from services.notify.chunk_pass import ChunkPass
from services.notify.ledger import GROUP, ChunkLost, Delivery, Ledger, Outcome, unsummed
from services.notify.members import Members
from services.notify.replies import Action, Reply, action
from services.notify.tokens import Tokens
from services.notify.transport import CONNECTIONS, Mail, Transport
from services.notify.vault import Member
from shared import log
from shared.bus import Bus, Entry, Surroundings, tasks
from shared.bus.errors import surroundings
from shared.events import Chunk, ChunkPlanned, DeliveryProgressed

GIVEN_UP = timedelta(days=4)
"""Mails that are put off for so long after the delivery's start have failed: RFC 5321, section
4.5.4.1, asks for at least 4 to 5 days."""
DEFERRED_ALARM = 900.0
"""Seconds that a relay may put mails off before it is an alarm: greylisting takes minutes."""
TAKEN_OVER_ALARM = 60.0
_BREATH = 1.0
"""Seconds that a relay gets which took mails and then stopped."""
_RECORD_PAUSE = 0.2

T = TypeVar("T")


@dataclass(frozen=True)
class _Work:
    """A chunk in hand."""

    entry: Entry
    chunk: Chunk
    delivery: Delivery
    status: DeliveryProgressed


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
        work = _Work(entry, chunk, delivery, _status(entry.event, delivery))
        try:
            async with self._ledger.hold(entry, chunk):
                await self._deliver(work)
        except ChunkLost:
            raise Surroundings("chunk_taken_over", alarm_after=TAKEN_OVER_ALARM) from None

    async def _deliver(self, work: _Work) -> None:
        delivery = work.delivery
        open_ = await self._ledger.still_open(delivery.id, delivery.cut.chunk(work.chunk.chunk))
        audience = await self._members.audience(delivery.cut, open_)
        numbers = list(audience.reachable)
        attempt = ChunkPass(
            numbers,
            tries=await self._ledger.tries(delivery.id, numbers),
            overdue=datetime.now(UTC) - delivery.started >= GIVEN_UP,
            connections=CONNECTIONS,
        )
        try:
            await self._suppress(work, audience.suppressed)
            left = await self._mail_all(work, attempt, audience.reachable)
            for group in _groups(attempt.conclude()):
                left += sum(outcome.state == "deferred" for outcome in group)
                await self._record(work, group)
        finally:
            with suppress(RedisError):  # the next pass tells
                await self._ledger.record(work.status, [], last=True)
        if attempt.relay_is_down:
            raise Surroundings("relay_down")
        if left:
            raise Surroundings("relay_deferred", alarm_after=DEFERRED_ALARM)
        self._log.info(
            "chunk_delivered",
            delivery=delivery.id,
            chunk=work.chunk.chunk,
            handed_over=attempt.handed_over,
            failed=attempt.failed,
            suppressed=len(audience.suppressed),
        )

    async def _mail_all(self, work: _Work, attempt: ChunkPass, reachable: dict[int, Member]) -> int:
        """Mail everybody, as long as the relay takes anybody; gives how many are left untried."""
        revision = await alerts.newest(self._redis, work.delivery.article)
        mail = AlertMail(
            revision,
            delivery=work.delivery.id,
            started=work.delivery.started,
            head=self._head,
        )
        waiting = deque(reachable)
        while waiting:
            async with self._group:
                if await alerts.is_withdrawn(self._redis, revision):
                    await self._suppress(work, [*waiting, *attempt.forget()])
                    return 0
                group = [waiting.popleft() for _ in range(min(GROUP, len(waiting)))]
                taken = await self._ledger.claim(work.entry, work.chunk, group)
                mails: deque[Mail] = deque()
                for number in group:
                    if number in taken:
                        to = reachable[number]
                        content = mail.fill(number, to.email, to.name, self._tokens)
                        mails.append(Mail(number, to.email, content))
                await self._hand_over(work, attempt, mails)
            waiting.extendleft(mail.number for mail in mails)
            if attempt.stopped:
                if not attempt.start_again(CONNECTIONS):
                    break
                await asyncio.sleep(_BREATH)
        return len(waiting)

    async def _hand_over(self, work: _Work, attempt: ChunkPass, mails: deque[Mail]) -> None:
        """Hand over and record, also what was accepted before a stop. `mails` keeps those that the
        relay was not asked about."""
        outcomes: list[Outcome] = []

        async def hand_over_some() -> bool:
            """Whether the relay let this worker in; else its mail is left to the others."""
            while mails and not attempt.stopped:
                mail = mails.popleft()
                reply = await self._transport.hand_over(mail)
                metrics.replied(reply)
                if reply.phase in ("connect", "auth"):
                    mails.appendleft(mail)
                    self._tell(reply)
                    return False
                if outcome := attempt.hear(mail.number, reply):
                    outcomes.append(outcome)
                else:
                    self._tell(reply)
            return True

        try:
            while mails and not attempt.stopped:
                count = min(attempt.connections, len(mails))
                workers = [asyncio.create_task(hand_over_some()) for _ in range(count)]
                try:
                    await asyncio.wait(workers)
                finally:
                    await tasks.end(workers)
                let_in = sum(worker.result() for worker in workers)
                attempt.connections = let_in and attempt.connections - (count - let_in)
        finally:
            await self._record(work, outcomes)

    def _tell(self, reply: Reply) -> None:
        if action(reply) is not Action.DEFERRED:
            self._log.warning("relay_trouble", phase=reply.phase, codes=reply.short)

    async def _suppress(self, work: _Work, numbers: Iterable[int]) -> None:
        for group in _groups(numbers):
            await self._record(work, [Outcome(number, "suppressed") for number in group])

    async def _record(self, work: _Work, outcomes: list[Outcome]) -> None:
        """Record, however long Redis is away: what the relay has accepted must not be forgotten.
        Only a stop does not wait for that: the members come again then, with the same mail."""
        me = asyncio.current_task()
        while True:
            try:
                completed = await self._ledger.record(work.status, outcomes)
                break
            except RedisError as error:
                if surroundings(error) is None or (me and me.cancelling()):
                    raise
                await asyncio.sleep(_RECORD_PAUSE)
        handed_over = sum(outcome.state == "handed_over" for outcome in outcomes)
        metrics.handed_over(handed_over, page_at=work.delivery.page_at)
        if completed:
            self._log.info("delivery_completed", delivery=work.delivery.id)


def _status(event: ChunkPlanned, delivery: Delivery) -> DeliveryProgressed:
    """What `Ledger.record` completes, each time that it tells."""
    return DeliveryProgressed(
        id=delivery.id,
        source="/varsel/notify",
        subject=delivery.article,
        time=delivery.started,
        traceparent=event.traceparent,
        data=unsummed(delivery.id, delivery.article, delivery.revision),
    )


def _groups(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while group := list(islice(rest, GROUP)):
        yield group
