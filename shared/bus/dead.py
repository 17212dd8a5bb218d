"""Dead letters: events that a service gave up on. To look at, replay or drop."""

from enum import StrEnum
from pathlib import Path

from prometheus_client import Metric
from redis.asyncio import Redis

from shared.bus import lua, streams
from shared.bus.letter import DeadLetter, read_letter
from shared.metrics import gauge
from shared.topology import DEAD, STREAMS

_HERE = Path(__file__).parent


class Replayed(StrEnum):
    """The answers of replay.lua."""

    REPLAYED = "replayed"
    NONE = "none"


async def letters(redis: Redis, *, limit: int = 1000) -> list[DeadLetter]:
    """The dead letters of all streams, oldest first within each, at most `limit` of a stream."""
    found = []
    for stream in STREAMS:
        entries = await streams.entries(redis, stream.name + DEAD, count=limit)
        found += [read_letter(stream.name, streams.text(i), raw) for i, raw in entries]
    return found


async def find(redis: Redis, stream: str, entry_id: str) -> DeadLetter | None:
    """One dead letter, by its stream and entry id."""
    entries = await streams.entries(redis, stream + DEAD, entry_id, entry_id)
    return read_letter(stream, entry_id, entries[0][1]) if entries else None


async def replay(redis: Redis, stream: str, entry_id: str) -> str | None:
    """Put the event back on its stream. Gives its new entry id, or none if there is no such letter.

    Every group gets it again; for those that had handled it nothing changes.
    """
    script = lua.load(redis, _HERE / "replay.lua", Replayed)
    answer = await script(keys={"dead": stream + DEAD, "stream": stream}, args={"letter": entry_id})
    return answer.values[0].decode() if answer.word is Replayed.REPLAYED else None


async def drop(redis: Redis, stream: str, entry_id: str) -> bool:
    """Forget a dead letter. Gives whether there was one."""
    return bool(await redis.xdel(stream + DEAD, entry_id))


async def measure(redis: Redis) -> list[Metric]:
    """How many dead letters there are. Raises redis-py's errors."""
    counts = [((s.name,), await redis.xlen(s.name + DEAD)) for s in STREAMS]
    return [gauge("varsel_dead_letters", "Events that a service gave up on", ("stream",), counts)]
