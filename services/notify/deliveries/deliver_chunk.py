"""Flow: mail the members of one chunk, and write down what became of each.

Members are claimed in groups, their mails offered to the relay's connections, and what the relay
says is written down by the worker's one recorder. A worker serves two chunks at a time, so that
the connections always have mail.
"""

import asyncio
import math
import random
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice

from cryptography.exceptions import InvalidTag
from redis.exceptions import RedisError

from services.notify.deliveries.chunk_pass import ChunkPass
from services.notify.deliveries.recorder import ChunkRecord, Recorder
from services.notify.ledger import article as articles
from services.notify.ledger import chain
from services.notify.ledger import delivery as deliveries
from services.notify.ledger.control import NotPossible, control
from services.notify.ledger.delivery import Delivery
from services.notify.ledger.ledger import ChunkLost, Halted, Hold, Ledger, Status
from services.notify.ledger.outcome import Outcome
from services.notify.ledger.put_off import PutOff
from services.notify.mail.text import Letterhead
from services.notify.mail.variants import Variants
from services.notify.members.store import Members
from services.notify.relay.connection import Mail
from services.notify.relay.limits import Grant, Limits
from services.notify.relay.pool import Pool
from services.notify.relay.replies import PUT_OFF, Meaning, Reply, meaning
from services.notify.vault.tokens import Tokens
from shared import log
from shared.bus import Bus, Entry, Surroundings
from shared.events import ChunkPlanned

GIVEN_UP = timedelta(days=4)
"""Mails that are put off for so long after the delivery's start have failed: RFC 5321, section
4.5.4.1, asks for at least 4 to 5 days."""
DEFERRED_ALARM = 900.0
"""Seconds that a relay may put mails off before it is an alarm: greylisting takes minutes."""
TAKEN_OVER_ALARM = 60.0
HELD = {"operator": math.inf, "stale": 0.0}
"""What holds a delivery until a person lets it go on, and after how many seconds it is an alarm."""
_PATIENCE = 300.0
"""Seconds that a chunk is kept in hand for the relay's limits, all in all."""
_BREATH = 1.0
"""Seconds that a relay gets which took mails and then stopped."""
_READY = 64
"""Mails that are made at a time, and how many of a chunk then wait for a connection: making a whole
chunk's would hold up the connections."""


class _Limited(Exception):
    """The relay may be given nothing more for longer than a chunk is kept in hand."""


class _Stopping(Exception):
    """What is on its way to the relay is heard and written down; nothing more is sent."""


class DeliverChunk:
    def __init__(
        self,
        bus: Bus,
        *,
        ledger: Ledger,
        recorder: Recorder,
        members: Members,
        pool: Pool,
        tokens: Tokens,
        turns: Limits,
        head: Letterhead,
        stale: timedelta,
    ) -> None:
        self._bus = bus
        self._redis = bus.redis
        self._ledger = ledger
        self._recorder = recorder
        self._members = members
        self._pool = pool
        self._tokens = tokens
        self._turns = turns
        self._head = head
        self._stale = stale
        self._mails: dict[str, Variants] = {}
        """Of the delivery that is under way: building them takes long."""
        self._log = log.get("notify")

    async def __call__(self, entry: Entry) -> None:
        """Handle an event of `chunks`. Surroundings while the relay keeps members open."""
        if not isinstance(entry.event, ChunkPlanned):
            raise TypeError("no event of chunks")
        chunk = entry.event.data
        delivery = await deliveries.find(self._redis, chunk.delivery)
        if delivery.superseded:
            return
        later = await self._ledger.later(chunk)
        await self._hold_if_stale(delivery, later)
        progressed = deliveries.progressed(delivery, entry.event.traceparent)
        told = ChunkRecord(delivery, Status(progressed))
        self._recorder.follow(told)
        try:
            async with self._ledger.hold(
                entry, chunk, article=delivery.article, before=delivery.before
            ) as hold:
                if delivery.before:
                    await self._ledger.never_sent(
                        (*await chain.earlier(self._redis, delivery), delivery.id),
                        delivery.cut.chunk(chunk.chunk),
                        entry.event.traceparent,
                    )
                await self._deliver(hold, told, later)
        except ChunkLost:
            raise Surroundings("chunk_taken_over", alarm_after=TAKEN_OVER_ALARM) from None

    async def _hold_if_stale(self, delivery: Delivery, later: PutOff) -> None:
        """An alert that comes out of a long silence may be wrong by now: a person decides. Where a
        pause was meant to be long, it is no silence."""
        if datetime.now(UTC) - max(delivery.tried_at, later.due) >= self._stale:
            with suppress(NotPossible):  # it is held, or ended
                await control(self._redis, delivery.id, "hold", why="stale")
                self._log.error("delivery_stale", delivery=delivery.id)

    async def _deliver(self, hold: Hold, told: ChunkRecord, later: PutOff) -> None:
        delivery, now = told.delivery, datetime.now(UTC)
        in_chunk = delivery.cut.chunk(hold.chunk.chunk)
        open_ = await self._ledger.still_open(delivery.id, in_chunk)
        reached_earlier = await self._ledger.reached_earlier(delivery, in_chunk)
        tries = await self._ledger.tries(delivery.id, open_.begun)
        wait = {n for n in open_.begun if now < later.due and tries.get(n) == PUT_OFF}
        due = [*open_.planned, *(n for n in open_.begun if n not in wait)]
        audience = await self._members.audience(delivery.cut, due, though_left=reached_earlier)
        numbers = list(audience.reachable)
        attempt = ChunkPass(numbers, tries=tries, overdue=now - delivery.again_at >= GIVEN_UP)
        work = _Work(
            self._bus,
            hold,
            told,
            attempt,
            audience.reachable,
            reached_earlier,
            self._recorder,
            deque(numbers),
            wait,
        )
        try:
            self._suppress(work, audience.suppressed)
            waits = await self._mail_all(work)
            concluded = attempt.conclude()
            for outcome in concluded:
                self._recorder.add(told, outcome)
        finally:
            await self._recorder.settle(told)
            refused = attempt.refused if attempt.relay_is_down else ""
            with suppress(RedisError):  # the next pass tells
                await self._ledger.record(told.status, [], last=True, refused=refused)
        if waits:
            raise waits
        if attempt.relay_is_down:
            raise Surroundings("relay_down")
        if not wait and any(outcome.tries == PUT_OFF for outcome in concluded):
            await self._ledger.put_off(hold.chunk, later.again(now, random.random()))
        if wait or work.untried or any(outcome.state != "failed" for outcome in concluded):
            raise Surroundings("relay_deferred", alarm_after=DEFERRED_ALARM)
        self._log.info(
            "chunk_delivered",
            delivery=delivery.id,
            chunk=hold.chunk.chunk,
            handed_over=attempt.handed_over,
            failed=attempt.failed,
            suppressed=len(audience.suppressed),
        )

    async def _mail_all(self, work: "_Work") -> Surroundings | None:
        """Mail everybody, as long as the relay takes anybody; gives what it is that keeps the
        others waiting, where it is not the relay."""
        try:
            if work.wait:
                await work.hold.claim([])  # it tells of a halt
            while work.untried:
                if not await self._mail_most(work):
                    return None
                await work.all_heard()
        except Halted as halted:
            await work.all_heard()
            if halted.why in HELD:
                return Surroundings(f"held_{halted.why}", alarm_after=HELD[halted.why])
            not_taken = work.attempt.not_taken()
            undecided = [*work.untried, *work.attempt.forget(), *work.wait]
            if halted.why == "cancelled":
                self._suppress(work, undecided)
            else:  # another delivery owes them the rest
                for number in not_taken:
                    self._recorder.add(work.told, Outcome(number, "planned"))
            work.wait.clear()
            work.untried.clear()
        except _Limited:
            await self._ledger.moves(work.told.delivery.id)
            return Surroundings("relay_limit", alarm_after=math.inf)
        except _Stopping:
            return Surroundings("stopping")
        finally:
            await work.all_heard()
            with suppress(RedisError):  # then they count as used
                came_back = work.took_turns.intersection(work.untried)
                await self._turns.give_back(work.turns, len(came_back))
        return None

    async def _mail_most(self, work: "_Work") -> bool:
        """Offer everybody who is untried; false where the relay has stopped taking mail."""
        while work.untried:
            if self._bus.is_stopping:
                raise _Stopping
            if work.attempt.stopped:
                await work.all_heard()
                if not work.attempt.start_again():
                    return False
                await asyncio.sleep(_BREATH)
            if self._turns.are_limited:
                await work.hold.claim([])  # it tells of a halt, which is to use no turns
            turns = work.turns = await self._turns.take(len(work.untried))
            if self._turns.are_limited:
                work.took_turns = set(islice(work.untried, turns.granted))
            await self._offer(work, turns.granted)
            work.patience -= turns.wait
            if work.patience < 0:
                raise _Limited
            await self._rest(turns.wait)
        return True

    async def _rest(self, seconds: float) -> None:
        """So many seconds, or until this worker is to stop."""
        looks = math.ceil(seconds)
        for _ in range(looks):
            if not self._bus.is_stopping:
                await asyncio.sleep(seconds / looks)

    async def _offer(self, work: "_Work", count: int) -> None:
        claim = await work.hold.claim(list(islice(work.untried, count)))
        for _ in range(count):
            work.untried.popleft()
        for place in range(0, len(claim.numbers), _READY):
            await work.heard_all_but(_READY)
            variants = await self._variants(work.told.delivery, claim.revision)
            part = claim.numbers[place : place + _READY]
            mails = [mail for number in part if (mail := self._made(work, variants, number))]
            work.asked += len(mails)
            self._pool.offer(mails)

    def _made(self, work: "_Work", variants: Variants, number: int) -> Mail | None:
        """The member's mail; none where their record cannot be read, which must hold up nobody."""
        try:
            return self._fill(work, variants, number)
        except (InvalidTag, TypeError, ValueError):
            self._log.error("member_unreadable", delivery=work.told.delivery.id, member=number)
            self._recorder.add(work.told, Outcome(number, "failed", "unreadable"))
            return None

    def _fill(self, work: "_Work", variants: Variants, number: int) -> Mail:
        to = self._members.open(number, work.reachable[number])
        earlier = number in work.reached_earlier
        content = variants.fill(number, to, self._tokens, reached_earlier=earlier)
        return Mail(number, to.email, content, work.heard, work.may_go)

    async def _variants(self, delivery: Delivery, revision: int) -> Variants:
        """The mails with the article's newest revision."""
        name = f"{delivery.id} {revision}"
        if name not in self._mails:
            content = await articles.newest(self._redis, delivery.article)
            earlier = await chain.earlier(self._redis, delivery)
            self._mails.clear()
            self._mails[name] = Variants(content, delivery, earlier=earlier, head=self._head)
        return self._mails[name]

    def _suppress(self, work: "_Work", numbers: Iterable[int]) -> None:
        for number in numbers:
            self._recorder.add(work.told, Outcome(number, "suppressed"))


@dataclass(eq=False)
class _Work:
    """A chunk in hand, and what its mails hear."""

    bus: Bus
    hold: Hold
    told: ChunkRecord
    attempt: ChunkPass
    reachable: dict[int, bytes]
    reached_earlier: set[int]
    recorder: Recorder
    untried: deque[int]
    wait: set[int]
    """They were put off, and their time has not come."""
    turns: Grant = Grant(0, 0.0)  # noqa: RUF009 - it never changes
    """The last that were taken, and by whom."""
    took_turns: set[int] = field(default_factory=set)
    patience: float = _PATIENCE
    asked: int = 0
    """Mails that were offered and have heard nothing yet."""
    _few: int = 0
    _heard_enough: asyncio.Event = field(default_factory=asyncio.Event)

    def may_go(self) -> bool:
        return (
            self.hold.lasts
            and not self.told.halted
            and self.told.error is None
            and not self.attempt.stopped
            and not self.bus.is_stopping
        )

    def heard(self, mail: Mail, reply: Reply | None) -> None:
        """The relay's last word on a mail; none, or one about the connection, where the member was
        not spoken of."""
        self.asked -= 1
        if reply is None or reply.phase in ("connect", "auth"):
            self.untried.append(mail.number)
            self.recorder.add(self.told, Outcome(mail.number, "planned"))
            if reply:
                self.attempt.keep_out(reply)
        elif outcome := self.attempt.hear(mail.number, reply):
            self.recorder.add(self.told, outcome)
        elif meaning(reply) is not Meaning.DEFERRED:
            log.get("notify").warning("relay_trouble", phase=reply.phase, codes=reply.short)
        if self.asked <= self._few:
            self._heard_enough.set()

    async def all_heard(self) -> None:
        await self.heard_all_but(0)

    async def heard_all_but(self, few: int) -> None:
        """Until no more than so many have heard nothing yet."""
        while self.asked > few:
            self._few = few
            self._heard_enough.clear()
            await self._heard_enough.wait()
