"""Writes down what became of members, for all connections of a worker.

One script at a time: what is heard while it runs goes into the next one. A mail that the relay has
accepted stays in the window until it is written down, so that a worker that is killed leaves at
most so many accepted and not recorded (G7).
"""

import asyncio
from dataclasses import dataclass, field
from weakref import WeakSet

from redis.exceptions import RedisError

from services.notify import metrics
from services.notify.ledger import Delivery, Ledger, Outcome, Recorded
from services.notify.window import Window
from shared import log
from shared.bus import tasks
from shared.bus.errors import surroundings
from shared.events import DeliveryProgressed

_PAUSE = 0.2


@dataclass(eq=False)
class Told:
    """What was heard about a chunk."""

    delivery: Delivery
    status: DeliveryProgressed
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
        self._waiting: list[Told] = []
        self._in_hand: WeakSet[Told] = WeakSet()
        self._work = asyncio.Event()
        self._done = asyncio.Condition()
        self._writer: asyncio.Task[None] | None = None
        self._log = log.get("notify")

    def begin(self, told: Told) -> None:
        """Let it hear that its delivery is halted, whichever chunk's outcomes say so: else it would
        fill the room that they leave in the window."""
        self._in_hand.add(told)

    def add(self, told: Told, outcome: Outcome) -> None:
        """Have it written down soon, however long Redis is away: what the relay has accepted must
        not be forgotten."""
        self.begin(told)
        if not told.outcomes:
            self._waiting.append(told)
        told.outcomes.append(outcome)
        self._work.set()
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())

    async def settle(self, told: Told) -> None:
        """Wait until all is written down. Raises what keeps it from ever being."""
        async with self._done:
            await self._done.wait_for(lambda: told.error or told.is_settled)
        if told.error:
            raise told.error

    async def close(self) -> None:
        """Write no more."""
        if self._writer:
            await tasks.end([self._writer])
            self._writer = None

    async def _write(self) -> None:
        while True:
            await self._work.wait()
            while self._waiting:
                await self._write_next()
            self._work.clear()

    async def _write_next(self) -> None:
        """What is there of one delivery, from all of its chunks."""
        delivery = self._waiting[0].delivery
        mine = [told for told in self._waiting if told.delivery.id == delivery.id]
        self._waiting = [told for told in self._waiting if told.delivery.id != delivery.id]
        outcomes = [outcome for told in mine for outcome in told.outcomes]
        for told in mine:
            told.outcomes, told.writing = [], True
        handed_over = sum(outcome.state == "handed_over" for outcome in outcomes)
        try:
            recorded = await self._record(mine[0].status, outcomes)
            metrics.handed_over(handed_over, page_at=delivery.page_at)
            for told in self._in_hand:
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

    async def _record(self, status: DeliveryProgressed, outcomes: list[Outcome]) -> Recorded:
        while True:
            try:
                return await self._ledger.record(status, outcomes)
            except RedisError as error:
                if surroundings(error) is None:
                    raise
                await asyncio.sleep(_PAUSE)
