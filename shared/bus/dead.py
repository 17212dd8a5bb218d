"""Dead letters: events that a service gave up on. To look at, replay or drop."""

from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis

from shared.bus import lua, streams
from shared.topology import DEAD, STREAMS

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class DeadLetter:
    stream: str
    """The stream that the event was on."""
    id: str
    """Entry id in the stream of dead letters."""
    group: str
    """The service that gave it up."""
    type: str
    subject: str
    cause: str
    attempts: int
    at: str
    fields: dict[str, str]
    """The event's own fields."""


def _letter(stream: str, entry_id: bytes, raw: dict[bytes, bytes]) -> DeadLetter:
    fields = {k.decode(errors="replace"): v.decode(errors="replace") for k, v in raw.items()}
    return DeadLetter(
        stream=stream,
        id=entry_id.decode(),
        group=fields.get("dead_group", ""),
        type=fields.get("type", ""),
        subject=fields.get("subject", ""),
        cause=fields.get("dead_cause", ""),
        attempts=int(fields.get("dead_attempts", 0)),
        at=fields.get("dead_at", ""),
        fields={k: v for k, v in fields.items() if not k.startswith("dead_")},
    )


async def letters(redis: Redis, *, limit: int = 1000) -> list[DeadLetter]:
    """The dead letters of all streams, oldest first within each, at most `limit` of a stream."""
    found = []
    for stream in STREAMS:
        entries = await streams.entries(redis, stream.name + DEAD, count=limit)
        found += [_letter(stream.name, entry_id, raw) for entry_id, raw in entries]
    return found


async def find(redis: Redis, stream: str, entry_id: str) -> DeadLetter | None:
    """One dead letter, by its stream and entry id."""
    entries = await streams.entries(redis, stream + DEAD, entry_id, entry_id)
    return _letter(stream, *entries[0]) if entries else None


async def replay(redis: Redis, stream: str, entry_id: str) -> str | None:
    """Put the event back on its stream; its new entry id, or none where there is no such letter.

    Every group gets it again; for those that had handled it nothing changes.
    """
    script = lua.load(redis, _HERE / "replay.lua")
    entry = await script(keys=[stream + DEAD, stream], args=[entry_id])
    return entry.decode() if entry else None


async def drop(redis: Redis, stream: str, entry_id: str) -> bool:
    """Forget a dead letter; whether there was one."""
    return bool(await redis.xdel(stream + DEAD, entry_id))
