"""Writes down what became of members, for all of a worker's chunks together.

A script costs a sync of the disk, so there is one for many mails: it waits until half a window is
there, or a moment has passed, and one runs at a time. A mail that the relay has accepted stays in
the window until it is written down. So a worker that is killed leaves at most a window of mails
that are accepted and not recorded (promise G7).
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from weakref import WeakSet

from redis.exceptions import RedisError

from services.notify.ledger import measure
from services.notify.ledger.delivery import Delivery
from services.notify.ledger.ledger import Ledger, Progress, Recorded
from services.notify.ledger.outcome import Outcome
from services.notify.ledger.states import State
from services.notify.relay.window import WINDOW, Window
from shared import log
from shared.bus import tasks
from shared.bus.epoch import EpochOver
from shared.bus.errors import surroundings

ENOUGH = WINDOW // 2
"""Outcomes that are written down without waiting for more: the other half of the window is on its
way to the relay meanwhile."""
_SOON_SECONDS = 0.05
"""How long fewer outcomes wait for others."""
_RETRY_SECONDS = 0.2
"""Between two tries while Redis is away."""
_TELL_SECONDS = 1.05
"""How long after the last outcome the sums are told once more: a little more than they may be told
again (see record.lua). While the relay says nothing, no other record comes to tell them."""


@dataclass(eq=False)
class ChunkRecord:
    """What was heard about a chunk, and what of it is not written down yet."""

    delivery: Delivery
    status: Progress
    outcomes: list[Outcome] = field(default_factory=list)
    """Not written down yet."""
    writing: bool = False
    """Whether outcomes of the chunk are being written down."""
    halted: bool = False
    """Nobody of this delivery may be mailed now. Redis says so with each record. Without records
    the window fills up, so once it is so, nobody is mailed but those who are in the window."""
    error: Exception | None = None
    """Why outcomes of the chunk will never be written down."""

    @property
    def is_settled(self) -> bool:
        """Whether all outcomes so far are written down."""
        return not self.outcomes and not self.writing


class Recorder:
    """A worker has one. Its writer begins with the first outcome."""

    def __init__(self, ledger: Ledger, window: Window) -> None:
        self._ledger = ledger
        self._window = window
        self._waiting: list[ChunkRecord] = []
        """The records that have outcomes to be written down, the oldest first."""
        self._records: WeakSet[ChunkRecord] = WeakSet()
        """Of the chunks in work: what one of a delivery hears stops the others too."""
        self._count = 0
        """Outcomes that wait."""
        self._some = asyncio.Event()
        self._enough = asyncio.Event()
        """There are enough outcomes, or somebody waits for the last."""
        self._done = asyncio.Condition()
        self._untold: dict[str, tuple[float, Progress]] = {}
        """The deliveries of which sums may be untold, and when they are told; by the loop's
        clock."""
        self._writer: asyncio.Task[None] | None = None
        self._log = log.get("notify")

    def follow(self, record: ChunkRecord) -> None:
        """From now on, set `record.halted` when nobody of its delivery may be mailed any more."""
        self._records.add(record)

    def add(self, record: ChunkRecord, outcome: Outcome) -> None:
        """Have an outcome written down soon. It is tried again for as long as Redis is away: what
        the relay has accepted must not be forgotten."""
        self.follow(record)
        if not record.outcomes:
            self._waiting.append(record)
        record.outcomes.append(outcome)
        self._count += 1
        self._some.set()
        if self._count >= ENOUGH:
            self._enough.set()
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())

    async def settle(self, record: ChunkRecord) -> None:
        """Wait until all outcomes of the chunk are written down; raises what keeps them from ever
        being."""
        async with self._done:
            while not (record.error or record.is_settled):
                self._enough.set()
                await self._done.wait()
        if record.error:
            raise record.error

    async def close(self) -> None:
        """Write no more."""
        if self._writer:
            await tasks.end([self._writer])
            self._writer = None

    async def _write(self) -> None:
        while True:
            await self._tell_what_is_due()
            try:
                async with asyncio.timeout_at(self._next_telling()):
                    await self._some.wait()
            except TimeoutError:
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(_SOON_SECONDS):
                    await self._enough.wait()
            self._enough.clear()
            await self._write_next()
            if not self._waiting:
                self._some.clear()
            elif self._count >= ENOUGH:
                self._enough.set()

    async def _write_next(self) -> None:
        """Write down what there is of one delivery, from all of its chunks."""
        delivery = self._waiting[0].delivery
        mine = [record for record in self._waiting if record.delivery.id == delivery.id]
        self._waiting = [record for record in self._waiting if record.delivery.id != delivery.id]
        outcomes = [outcome for record in mine for outcome in record.outcomes]
        self._count -= len(outcomes)
        for record in mine:
            record.outcomes, record.writing = [], True
        handed_over = sum(outcome.state is State.HANDED_OVER for outcome in outcomes)
        try:
            recorded = await self._insist(mine[0].status, outcomes)
            page_at = None if delivery.kind == "notice" else delivery.page_at
            measure.handed_over(handed_over, page_at=page_at)
            for record in self._records:
                if record.delivery.id == delivery.id:
                    record.halted = recorded.halted
            self._tell_later(mine[0].status)
            if recorded.completed:
                self._log.info("delivery_completed", delivery=delivery.id)
                del self._untold[delivery.id]
        except Exception as error:
            for record in mine:
                record.error = error
        for record in mine:
            record.writing = False
        self._window.leave(handed_over)
        async with self._done:
            self._done.notify_all()

    async def _insist(self, status: Progress, outcomes: list[Outcome]) -> Recorded:
        """Write outcomes down, again and again while Redis is away."""
        while True:
            try:
                return await self._ledger.record(status, outcomes)
            except RedisError as error:
                if isinstance(error, EpochOver) or surroundings(error) is None:
                    raise
                await asyncio.sleep(_RETRY_SECONDS)

    def _tell_later(self, status: Progress) -> None:
        due = asyncio.get_running_loop().time() + _TELL_SECONDS
        self._untold[status.delivery] = (due, status)

    def _next_telling(self) -> float | None:
        return min((due for due, _ in self._untold.values()), default=None)

    async def _tell_what_is_due(self) -> None:
        """Tell the sums of deliveries of which nothing was heard for a while. Whoever looks on
        would think otherwise that the last mails are still on their way."""
        now = asyncio.get_running_loop().time()
        for status in [status for due, status in self._untold.values() if due <= now]:
            del self._untold[status.delivery]
            try:
                await self._ledger.record(status, [])
            except RedisError as error:
                if not isinstance(error, EpochOver) and surroundings(error) is not None:
                    self._tell_later(status)
