"""The bus of one service: its readers, and what becomes of each entry.

An entry ends in one of four ways. Its effects are committed (commit.lua). Its handler fails: the
attempt is counted and it comes again after a growing pause, or becomes a dead letter (fail.lua).
The surroundings are not ready: it comes again, and nothing is counted (pause.lua). Or the process
dies: it stays pending, and its consumer's next life or another consumer's reaper takes it up.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, cast

from prometheus_client import Metric
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from shared import held, log, spans
from shared.bus import lag, lua, tasks
from shared.bus.entry import Effects, Entry, Handler, Place, Result, Surroundings
from shared.bus.epoch import Epoch, EpochOver, ServiceRedis
from shared.bus.errors import cause, surroundings
from shared.bus.failover import MasterRedis
from shared.bus.faststream import ReadEntry, Reader, make_broker
from shared.bus.keeper import Consumer, Keeper
from shared.bus.letter import DeadLetter, read_letter
from shared.bus.lua import Answer, KeyNames, Script, Word
from shared.bus.packed import pack_in_c
from shared.bus.timing import Timing, wait_pause
from shared.events import Event, from_fields
from shared.redis_url import sentinel_url
from shared.topology import DEAD, TOPOLOGY, seen_by
from shared.trace import logged

_HERE = Path(__file__).parent
_LOOP = "CrashLoop: every delivery ended a process"


def connect(redis_url: str) -> ServiceRedis:
    """A client that tries again for about a second when the connection is lost, and waits for an
    answer no longer than 5 seconds. One of a Redis that fails over tries for as long as that takes,
    and what it writes is acknowledged by a replica; see failover.py.

    Only for commands that may be repeated, as the scripts are.
    """
    if at := sentinel_url(redis_url):
        return MasterRedis.of(at, socket_timeout=5.0)
    backoff = ExponentialWithJitterBackoff(base=0.05, cap=0.5)
    client = ServiceRedis.from_url(
        redis_url,
        retry=Retry(backoff, 3, supported_errors=(RedisConnectionError,)),
        socket_timeout=5.0,
        socket_connect_timeout=5.0,
    )
    pack_in_c(client)
    return cast("ServiceRedis", client)


class Failed(StrEnum):
    """The answers of fail.lua."""

    GONE = "gone"
    LOST = "lost"
    AGAIN = "again"
    DEAD = "dead"


class Paused(StrEnum):
    """The answers of pause.lua."""

    GONE = "gone"
    LOST = "lost"
    PAUSED = "paused"


class Fenced(Generic[Word]):
    """A script that works only while a stream's entry is pending; see fence.lua."""

    def __init__(self, script: Script[Word]) -> None:
        self._script = script

    async def __call__(
        self,
        entry: Entry | Place,
        *,
        keys: Mapping[str, KeyNames] | None = None,
        args: Mapping[str, Any] | None = None,
    ) -> Answer[Word]:
        """Run it on `entry`; `keys` and `args` are those besides the fence's own. Its answer is
        `gone` if the entry was settled by another worker."""
        place = entry.place if isinstance(entry, Entry) else entry
        return await self._script(
            keys={"stream": place.stream, **(keys or {})},
            args={
                "group": place.group,
                "entry": place.id,
                "consumer": place.consumer,
                **(args or {}),
            },
        )


def _read(place: Place, fields: dict[bytes, bytes]) -> Event | DeadLetter:
    if place.stream.endswith(DEAD):
        return read_letter(place.stream.removesuffix(DEAD), place.id, fields)
    return from_fields(fields)


class Bus:
    """Streams for one service. `service` is its group, `consumer` a name that outlives restarts;
    `epoch_key` is the hash that its epoch is kept in, `{service}:epoch` if none is given."""

    def __init__(
        self,
        redis_url: str,
        *,
        service: str,
        consumer: str,
        epoch_key: str = "",
        timing: Timing | None = None,
    ) -> None:
        self.service = service
        self.consumer = consumer
        self.timing = timing or Timing()
        self.redis = connect(redis_url)
        self.epoch = self.redis.epoch = Epoch(self.redis, epoch_key or f"{service}:epoch")
        self._log = log.get(service)
        self._broker = make_broker(redis_url, self.timing)
        self._commit_script = self.fenced(_HERE / "commit.lua", Result)
        self._fail_script = self.fenced(_HERE / "fail.lua", Failed)
        self._pause_script = self.fenced(_HERE / "pause.lua", Paused)
        self._consumers: list[Consumer] = []
        self._keeper = Keeper(self.redis, self.epoch, self._consumers, self.timing, self._log)
        self._following: list[asyncio.Task[Any]] = []
        self._stopping = False
        self.held = False
        """Whether the service is held, and so not started; see shared/held.py."""

    def consume(
        self, stream: str, handler: Handler, *, prefetch: int = 16, readers: int = 1
    ) -> None:
        """Let `handler` have every event of `stream`, as many at a time as there are `readers` (and
        one more that another worker left behind).

        `prefetch` is how many entries are fetched at once; 1 if handling one takes long, so that
        other workers get the rest.
        """
        if self.service not in TOPOLOGY[stream].groups:
            raise ValueError(f"{self.service} is no reader of {stream}: see shared/topology.py")
        consumer = Consumer(stream, self.service, self.consumer)
        for reaper in (*[False] * readers, True):
            consumer.readers.append(
                Reader(
                    self._broker,
                    stream,
                    self.service,
                    self.consumer,
                    prefetch=prefetch,
                    timing=self.timing,
                    reaper=reaper,
                    handle=self._handling(consumer, handler, redelivered=reaper),
                )
            )
        self._consumers.append(consumer)

    def fenced(self, path: Path, words: type[Word]) -> Fenced[Word]:
        """A script that stands on fence.lua: it settles an entry, or works only while the entry is
        pending. `words` are all that it may answer with."""
        return Fenced(lua.load(self.redis, path, words))

    async def start(self) -> None:
        """Create the topology and start reading. Does not wait for a Redis that is away: the
        keeper starts the readers once it is there, and until then `problems` tells."""
        self._stopping = False
        reading = await self._broker.connect()
        if isinstance(self.redis, MasterRedis):
            self._following = [self.redis.follow(reading)]
        await self._keeper.start()

    async def stop(self) -> None:
        """Stop reading, let running handlers finish (up to the grace time), hand back the rest."""
        self._stopping = True
        await self._keeper.stop_watching()
        await asyncio.gather(*(r.stop() for c in self._consumers for r in c.readers))
        await self._keeper.release()
        await tasks.end(self._following)
        with suppress(RedisError):
            await self._broker.stop()
        await self.redis.aclose()

    @property
    def is_stopping(self) -> bool:
        """A long handler is to come to an end soon: it has only the grace time left, or the epoch
        is over."""
        return self._stopping or self.epoch.is_over

    def problems(self) -> list[str]:
        """What is wrong with the readers or with what they wait for; empty when all is well."""
        return [held.PROBLEM] if self.held else self._keeper.problems()

    async def measure(self) -> list[Metric]:
        """How far each group is behind, as far as this service may look; redis-py's errors."""
        if self.epoch.is_over:
            raise self.epoch.end()
        return await lag.measure(self.redis, seen_by(self.service))

    def _handling(
        self, consumer: Consumer, handler: Handler, *, redelivered: bool
    ) -> Callable[[ReadEntry], Awaitable[None]]:
        async def handle(raw: ReadEntry) -> None:
            entry_id, fields = raw
            if entry_id in consumer.running:
                return
            consumer.running[entry_id] = time.monotonic()
            consumer.paused.pop(entry_id, None)
            try:
                with (
                    logged(fields.get(b"traceparent", b"").decode(errors="replace")),
                    spans.handling(self.service, consumer.stream, fields),
                ):
                    await self._handle(consumer, handler, entry_id, fields, redelivered)
            finally:
                consumer.running.pop(entry_id)

        return handle

    async def _handle(
        self,
        consumer: Consumer,
        handler: Handler,
        entry_id: str,
        fields: dict[bytes, bytes],
        redelivered: bool,
    ) -> None:
        place = Place(consumer.stream, self.service, self.consumer, entry_id)
        try:
            if redelivered and await self._deliveries(place) >= self.timing.crashes:
                await self._settle(consumer, place, lambda: self._fail(consumer, place, _LOOP, 1))
                return
            entry = Entry(place, _read(place, fields), self._commit)
            await handler(entry)
            if not entry.settled:
                await entry.commit()
            consumer.waits.pop(entry_id, None)
        except Exception as error:
            wait, why = surroundings(error), cause(error)
            spans.failed(wait.reason if wait else why)
            attempts = self.timing.attempts
            await self._settle(
                consumer,
                place,
                (lambda: self._pause(consumer, place, wait))
                if wait
                else (lambda: self._fail(consumer, place, why, attempts)),
            )

    async def _settle(
        self, consumer: Consumer, place: Place, settle: Callable[[], Awaitable[None]]
    ) -> None:
        """Pause or fail the entry. Redis may be away as well: then try until it is back."""
        tries = 0
        while not self.is_stopping:
            try:
                return await settle()
            except EpochOver:
                return None
            except RedisError as error:
                if surroundings(error) is None:
                    consumer.start_waiting(place.id, Surroundings("entry_not_settled"))
                    self._log.error(
                        "entry_not_settled",
                        stream=place.stream,
                        entry=place.id,
                        cause=cause(error),
                    )
                    return None
                await asyncio.sleep(min(0.1 * 2**tries, 5.0))
                tries += 1
        return None

    async def _pause(self, consumer: Consumer, place: Place, wait: Surroundings) -> None:
        waits = consumer.waits.get(place.id)
        if waits is None or waits.reason != wait.reason:
            waits = consumer.start_waiting(place.id, wait)
            self._log.warning(
                "event_waits", stream=place.stream, entry=place.id, reason=wait.reason
            )
        began, woken = consumer.running[place.id], -1.0
        while woken != consumer.woken:
            woken = consumer.woken
            pause = 0.0 if woken >= began else wait_pause(waits.times, self.timing)
            consumer.paused[place.id] = time.monotonic() + pause
            idle = int((self.timing.min_idle - pause) * 1000)
            answer = await self._pause_script(place, args={"idle": idle})
        waits.times += 1
        if answer.word is not Paused.PAUSED:
            consumer.waits.pop(place.id, None)  # it is settled, or somebody else's, after all

    async def _fail(self, consumer: Consumer, place: Place, why: str, allowed: int) -> None:
        dead = place.stream if place.stream.endswith(DEAD) else place.stream + DEAD
        answer = await self._fail_script(
            place,
            keys={"attempts": f"{self.service}:attempts:{place.stream}", "dead": dead},
            args={
                "allowed": allowed,
                "pause": int(self.timing.first_pause * 1000),
                "idle": int(self.timing.min_idle * 1000),
                "cause": why,
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            },
        )
        consumer.waits.pop(place.id, None)
        attempts = answer.values[0] if answer.values else 0
        if answer.word is Failed.AGAIN:
            pause = self.timing.first_pause * 2 ** (attempts - 1)
            consumer.paused[place.id] = time.monotonic() + pause
            self._log.warning(
                "event_failed", stream=place.stream, entry=place.id, attempt=attempts, cause=why
            )
        elif answer.word is Failed.DEAD:
            self._log.error(
                "event_given_up", stream=place.stream, entry=place.id, attempt=attempts, cause=why
            )

    async def _deliveries(self, place: Place) -> int:
        """How often the entry was delivered since its last orderly outcome."""
        pending = await self.redis.xpending_range(
            place.stream, place.group, min=place.id, max=place.id, count=1
        )
        return int(pending[0]["times_delivered"]) if pending else 0

    async def _commit(self, place: Place, effects: Effects) -> Result:
        keys, args = effects.script_input()
        return (await self._commit_script(place, keys=keys, args=args)).word
