"""Keeps the readers reading: starts them, starts them again after whatever ended them, and looks
after entries that have no handler.

It logs one line when something goes wrong and one when it is well again, however long that takes.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError
from structlog.typing import FilteringBoundLogger

from shared.bus import data_form, lua, streams, tasks
from shared.bus.entry import Surroundings
from shared.bus.epoch import Epoch, EpochOver
from shared.bus.errors import cause
from shared.bus.faststream import Reader
from shared.bus.timing import Timing
from shared.topology import STREAMS

_HERE = Path(__file__).parent
_LONGEST_PAUSE_SECONDS = 5.0
_AT_ONCE = 100
"""Entries that are asked for in one call."""


@dataclass
class Wait:
    """An event that waits for its surroundings."""

    reason: str
    alarm_at: float
    """When health turns red (monotonic seconds)."""
    times: int = 0
    """How often it was tried meanwhile."""


@dataclass
class Consumer:
    """One service's part in one stream, in this process."""

    stream: str
    group: str
    name: str
    readers: list[Reader] = field(default_factory=list)
    running: dict[str, float] = field(default_factory=dict)
    """Entries whose handler runs, and since when (monotonic seconds)."""
    paused: dict[str, float] = field(default_factory=dict)
    """Entries that wait, and until when (monotonic seconds)."""
    waits: dict[str, Wait] = field(default_factory=dict)
    """Entries whose surroundings were not ready when they were last tried."""
    woken: float = 0.0
    """When those were last to be tried at once (monotonic seconds)."""
    wakes: str | None = None
    """The number at `wakes_key` when it was last looked at; None before that."""

    def start_waiting(self, entry_id: str, wait: Surroundings) -> Wait:
        self.waits[entry_id] = Wait(wait.reason, time.monotonic() + wait.alarm_after)
        return self.waits[entry_id]


def wakes_key(service: str, stream: str) -> str:
    """The key of a number in Redis. Whoever changes it has what waits of the stream in that service
    handled again in all its processes at once, not after its pauses: within `Timing.watch`."""
    return f"{service}:wakes:{stream}"


class Keeper:
    """Looks after the readers of `consumers`, as often as `timing` says."""

    def __init__(
        self,
        redis: Redis,
        epoch: Epoch,
        consumers: list[Consumer],
        timing: Timing,
        logger: FilteringBoundLogger,
    ) -> None:
        self._redis = redis
        self._epoch = epoch
        self._consumers = consumers
        self._timing = timing
        self._log = logger
        self._heartbeat_script = lua.load(redis, _HERE / "heartbeat.lua", lua.Done)
        self._drop_gone_script = lua.load(redis, _HERE / "drop_gone.lua", lua.Done)
        self._tasks: list[asyncio.Task[None]] = []
        self._wrong: str | None = "not_started"
        self._next_try = 0.0
        self._tries = 0

    async def start(self) -> None:
        """Try once to start everything, then go on watching in the background."""
        await self._look()
        self._next_try = 0.0
        await self._look()  # are they reading?
        with suppress(RedisError, TimeoutError):
            await self._hear()
        alive = min(self._timing.dead, self._timing.min_idle) / 3
        self._tasks = [
            asyncio.create_task(self._every(self._timing.watch, self._look)),
            asyncio.create_task(self._every(self._timing.watch, self._hear)),
            asyncio.create_task(self._every(alive, self._keep)),
            asyncio.create_task(self._every(alive, self._take_over)),
            asyncio.create_task(self._every(self._timing.sweep, self._sweep)),
            # Also in a life that is short: a service that is started again and again is tidied too.
            asyncio.create_task(
                self._every(self._timing.tidy, self._tidy, first=self._timing.sweep)
            ),
        ]

    async def stop_watching(self) -> None:
        """End the background work, heartbeats too: what runs now ends within the grace time."""
        await tasks.end(self._tasks)

    async def release(self) -> None:
        """Hand back entries that were fetched and not begun, so that others need not wait."""
        if self._epoch.is_over:
            return
        with suppress(RedisError, TimeoutError):
            async with asyncio.timeout(self._timing.answer):
                for consumer in self._consumers:
                    await self._take_up(consumer, idle=0.0)

    def problems(self) -> list[str]:
        """What is wrong, in a stable order."""
        if self._epoch.is_over:
            return [self._epoch.problem]
        now = time.monotonic()
        found = [self._wrong] if self._wrong else []
        found += [f"{r.name} stopped" for c in self._consumers for r in c.readers if not r.alive]
        found += [
            f"{c.stream} handler runs for {now - since:.0f} s"
            for c in self._consumers
            for since in c.running.values()
            if now - since >= self._timing.slow
        ]
        waiting = {
            f"{c.stream} {w.reason}"
            for c in self._consumers
            for w in c.waits.values()
            if now >= w.alarm_at
        }
        return found + sorted(waiting)

    async def _every(self, seconds: float, work: Any, *, first: float | None = None) -> None:
        """Do `work` again and again, so many `seconds` apart, the first time after `first` if that
        is given."""
        pause = seconds if first is None else first
        while True:
            await asyncio.sleep(pause)
            pause = seconds
            try:
                await work()
            except (RedisError, TimeoutError):
                pass  # the look tells
            except Exception as error:
                self._log.error("keeper_failed", work=work.__name__, cause=cause(error))

    async def _look(self) -> None:
        """Ask whether Redis is there with the service's data and every reader reads, and start
        readers that do not.

        Pauses grow until a look finds nothing to do: a reader may be refused again and again."""
        if not self._epoch.is_over and time.monotonic() < self._next_try:
            return
        try:
            async with asyncio.timeout(self._timing.answer):
                await self._epoch.begin()
                await self._epoch.check()
                if not await data_form.is_known(self._redis):
                    raise self._epoch.end(data_form.UNKNOWN_FORM)
            stopped = [r for c in self._consumers for r in c.readers if not r.alive]
            if not stopped:
                self._tell(None)
                self._tries = 0
                return
            await self._start_again(stopped)
        except EpochOver as over:
            await self._read_no_more(str(over))
        except (RedisError, TimeoutError, OSError) as error:
            self._tell(cause(error))
        pause = min(self._timing.watch * 2**self._tries, _LONGEST_PAUSE_SECONDS)
        self._next_try = time.monotonic() + pause
        self._tries += 1

    async def _read_no_more(self, why: str) -> None:
        """The data is not the service's own, or not for this release: leave it alone, until the
        service is started again."""
        self._tell(why)
        await tasks.end(self._tasks[1:])
        await asyncio.gather(*(r.stop() for c in self._consumers for r in c.readers if r.alive))

    async def _start_again(self, stopped: list[Reader]) -> None:
        for reader in stopped:
            if death := reader.death():
                self._tell(cause(death))
            await reader.stop()
        await streams.create_topology(self._redis)
        for consumer in self._consumers:  # before there is anything that a reader has just fetched
            await self._take_up(consumer, idle=0.0)
        for reader in stopped:
            await reader.start()

    def _tell(self, wrong: str | None) -> None:
        if wrong and self._wrong is None:
            self._log.error("bus_stopped", cause=wrong)
        elif wrong is None and self._wrong:
            self._log.info("bus_reads", streams=[c.stream for c in self._consumers])
        self._wrong = wrong

    async def _hear(self) -> None:
        """Have what waits handled again of each stream whose number in Redis has changed."""
        for consumer in self._consumers:
            found = await self._redis.get(wakes_key(consumer.group, consumer.stream))
            wakes = streams.text(found or b"")
            before, consumer.wakes = consumer.wakes, wakes
            if before not in (None, wakes):
                await self._wake(consumer)

    async def _wake(self, consumer: Consumer) -> None:
        """Look again now at what waits for its surroundings, one by one. What failed keeps its
        pause."""
        consumer.woken = time.monotonic()  # for those that run, and are about to wait
        for entry_id, wait in consumer.waits.items():
            consumer.paused.pop(entry_id, None)
            wait.times = 0
        await self._take_up(consumer, idle=0.0)

    async def _keep(self) -> None:
        for consumer in self._consumers:
            if running := sorted(consumer.running):
                await self._heartbeat_script(
                    keys={"stream": consumer.stream},
                    args={
                        "group": consumer.group,
                        "consumer": consumer.name,
                        "entries": running,
                    },
                )

    async def _sweep(self) -> None:
        for consumer in self._consumers:
            await self._take_up(consumer, idle=self._timing.sweep)
            for entry_id in list(consumer.waits):
                if not await self._pending(consumer, entry_id, entry_id, 1):
                    consumer.waits.pop(entry_id, None)  # another consumer took it over

    async def _take_up(self, consumer: Consumer, *, idle: float) -> None:
        """Bring back pending entries of this consumer that no handler works on: those of its last
        life, and those whose delivery was lost with a connection. The reaper gets them at its next
        look."""
        now = time.monotonic()
        consumer.paused = {i: until for i, until in consumer.paused.items() if until > now}
        first, ids = "-", [""] * _AT_ONCE
        while len(ids) == _AT_ONCE:
            ids = await self._pending(consumer, first, "+", _AT_ONCE, idle)
            orphans = [i for i in ids if i not in consumer.running and i not in consumer.paused]
            if orphans:
                await self._claim(consumer, orphans, idle_for=0)
            first = f"({ids[-1]}" if ids else "+"

    async def _claim(self, consumer: Consumer, ids: list[str], *, idle_for: int) -> None:
        """Make entries the consumer's, and due, if they were idle for `idle_for` milliseconds."""
        await self._redis.xclaim(
            consumer.stream,
            consumer.group,
            consumer.name,
            min_idle_time=idle_for,
            message_ids=[*ids],
            idle=int(self._timing.min_idle * 1000),
            justid=True,
        )

    async def _take_over(self) -> None:
        """Bring over what dead consumers had in hand; the reaper gets it at its next look. If two
        see the same one dead, the first to begin with an entry keeps it: it is fresh then."""
        for consumer in self._consumers:
            others = await self._redis.xinfo_consumers(consumer.stream, consumer.group)
            for other in others:
                name, dead = streams.text(other["name"]), int(self._timing.dead * 1000)
                if name == consumer.name or not other["pending"] or other["idle"] < dead:
                    continue
                theirs = replace(consumer, name=name)
                if ids := await self._pending(theirs, "-", "+", 100, self._timing.dead):
                    await self._claim(consumer, ids, idle_for=dead)

    async def _pending(
        self, consumer: Consumer, first: str, last: str, count: int, idle: float | None = None
    ) -> list[str]:
        """Ids of entries from `first` to `last` that are pending with this consumer, at most
        `count`; with `idle`, only those that were idle for so many seconds."""
        found = await self._redis.xpending_range(
            consumer.stream,
            consumer.group,
            min=first,
            max=last,
            count=count,
            consumername=consumer.name,
            idle=None if idle is None else int(idle * 1000),
        )
        return [streams.text(p["message_id"]) for p in found]

    async def _tidy(self) -> None:
        """Trim the streams that this service writes, and drop consumers of it that are gone: a
        container that is made anew has a new name."""
        for consumer in self._consumers:
            await self._drop_gone_script(
                keys={"stream": consumer.stream},
                args={
                    "group": consumer.group,
                    "consumer": consumer.name,
                    "silence": int(self._timing.gone * 1000),
                },
            )
        services = {c.group for c in self._consumers}
        for stream in STREAMS:
            if stream.writer in services:
                await streams.trim(self._redis, stream.name)
