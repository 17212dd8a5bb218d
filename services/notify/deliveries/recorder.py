"""Writes down what became of members, for all connections of a worker.

One script at a time, and not for every mail: a script costs a sync of the disk, so it waits until
most of a window is there, or a moment has passed. A mail that the relay has accepted stays in the
window until it is written down, so that a worker that is killed leaves at most so many accepted and
not recorded (G7).
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from weakref import WeakSet

from redis.exceptions import RedisError

from services.notify.ledger import measure
from services.notify.ledger.delivery import Delivery
from services.notify.ledger.ledger import Ledger, Recorded, Status
from services.notify.ledger.outcome import Outcome
from services.notify.relay.window import WINDOW, Window
from shared import log
from shared.bus import tasks
from shared.bus.errors import surroundings

ENOUGH = WINDOW // 2
"""Outcomes that are written down at once: the other half of the window is on its way meanwhile."""
_SOON = 0.05
"""Seconds that fewer wait for others."""
_PAUSE = 0.2


@dataclass(eq=False)
class ChunkRecord:
    """What was heard about a chunk."""

    delivery: Delivery
    status: Status
    outcomes: list[Outcome] = field(default_factory=list)
    """Not written down yet."""
    writing: bool = False
    halted: bool = False
    """Nobody of this delivery may be mailed now. Heard with each record, and the window fills up
    without one, so nobody more than what is in it is mailed after that became so."""
    error: Exception | None = None
    """Why they never will be."""

    @property
    def is_settled(self) -> bool:
        return not self.outcomes and not self.writing


class Recorder:
    def __init__(self, ledger: Ledger, window: Window) -> None:
        self._ledger = ledger
        self._window = window
        self._waiting: list[ChunkRecord] = []
        self._tolds: WeakSet[ChunkRecord] = WeakSet()
        """Of the chunks in work: what one of a delivery hears stops the others too."""
        self._count = 0
        self._some = asyncio.Event()
        self._enough = asyncio.Event()
        """There are enough of them, or somebody waits for the last."""
        self._done = asyncio.Condition()
        self._writer: asyncio.Task[None] | None = None
        self._log = log.get("notify")

    def follow(self, told: ChunkRecord) -> None:
        """Let a chunk know when nobody of its delivery may be mailed any more."""
        self._tolds.add(told)

    def add(self, told: ChunkRecord, outcome: Outcome) -> None:
        """Have it written down soon, however long Redis is away: what the relay has accepted must
        not be forgotten."""
        self.follow(told)
        if not told.outcomes:
            self._waiting.append(told)
        told.outcomes.append(outcome)
        self._count += 1
        self._some.set()
        if self._count >= ENOUGH:
            self._enough.set()
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())

    async def settle(self, told: ChunkRecord) -> None:
        """Wait until all is written down. Raises what keeps it from ever being."""
        async with self._done:
            while not (told.error or told.is_settled):
                self._enough.set()
                await self._done.wait()
        if told.error:
            raise told.error

    async def close(self) -> None:
        """Write no more."""
        if self._writer:
            await tasks.end([self._writer])
            self._writer = None

    async def _write(self) -> None:
        while True:
            await self._some.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(_SOON):
                    await self._enough.wait()
            self._enough.clear()
            await self._write_next()
            if not self._waiting:
                self._some.clear()
            elif self._count >= ENOUGH:
                self._enough.set()

    async def _write_next(self) -> None:
        """What is there of one delivery, from all of its chunks."""
        delivery = self._waiting[0].delivery
        mine = [told for told in self._waiting if told.delivery.id == delivery.id]
        self._waiting = [told for told in self._waiting if told.delivery.id != delivery.id]
        outcomes = [outcome for told in mine for outcome in told.outcomes]
        self._count -= len(outcomes)
        for told in mine:
            told.outcomes, told.writing = [], True
        handed_over = sum(outcome.state == "handed_over" for outcome in outcomes)
        try:
            recorded = await self._record(mine[0].status, outcomes)
            measure.handed_over(handed_over, page_at=delivery.page_at)
            for told in self._tolds:
                if told.delivery.id == delivery.id:
                    told.halted = recorded.halted
            if recorded.completed:
                self._log.info("delivery_completed", delivery=delivery.id)
        except Exception as error:
            for told in mine:
                told.error = error
        for told in mine:
            told.writing = False
        self._window.leave(handed_over)
        async with self._done:
            self._done.notify_all()

    async def _record(self, status: Status, outcomes: list[Outcome]) -> Recorded:
        while True:
            try:
                return await self._ledger.record(status, outcomes)
            except RedisError as error:
                if surroundings(error) is None:
                    raise
                await asyncio.sleep(_PAUSE)
