"""Streams as a whole: creating the topology, and trimming entries that no reader needs any more."""

import time
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from shared.topology import DEAD, TOPOLOGY

KEEP_SECONDS = 7 * 24 * 3600
KEEP_ENTRIES = 1000
"""The newest of a stream, however old they are."""

StreamId = tuple[int, int]
RawEntry = tuple[bytes, dict[bytes, bytes]]
"""Entry id and fields, as a client without decoding gives them; redis-py's types leave it open."""


def text(value: object) -> str:
    """A reply as text."""
    return value.decode() if isinstance(value, bytes) else str(value)


async def entries(
    redis: Redis, stream: str, start: str = "-", end: str = "+", count: int | None = None
) -> list[RawEntry]:
    """Entries of `stream` from `start` to `end`, oldest first."""
    return cast("list[RawEntry]", await redis.xrange(stream, start, end, count) or [])


async def create_topology(redis: Redis) -> None:
    """Create every stream and group that is missing, groups at 0."""
    for stream in TOPOLOGY.values():
        for group in stream.groups:
            try:
                await redis.xgroup_create(stream.name, group, id="0", mkstream=True)
            except ResponseError as error:
                if "BUSYGROUP" not in str(error):
                    raise


def parse_id(entry_id: object) -> StreamId:
    """An entry id as numbers, which compare as Redis compares ids."""
    milliseconds, _, sequence = text(entry_id).partition("-")
    return int(milliseconds), int(sequence or 0)


def trim_floor(
    group_floors: list[StreamId], nth_newest: StreamId | None, now_ms: int
) -> StreamId | None:
    """The id below which entries may go: behind every group, over 7 days old, and not among the
    1,000 newest. None if nothing may go.

    `group_floors` has for each group the oldest entry that it still needs; `nth_newest` is the
    1,000th entry from the end, none if there are fewer.
    """
    if nth_newest is None or not group_floors:
        return None
    return min(*group_floors, nth_newest, (now_ms - KEEP_SECONDS * 1000, 0))


async def trim(redis: Redis, stream: str) -> int:
    """Trim `stream` by that rule and return how many entries went. Dead letters are never trimmed,
    nor a stream that lacks one of its groups."""
    if stream.endswith(DEAD):
        return 0
    groups = {g["name"].decode(): g for g in await redis.xinfo_groups(stream)}
    if not set(TOPOLOGY[stream].groups) <= set(groups):
        return 0
    floors = []
    for name in TOPOLOGY[stream].groups:  # a foreign group must not hold everything up
        group = groups[name]
        pending = await redis.xpending(stream, name)
        delivered = parse_id(group["last-delivered-id"])
        # What was delivered and acknowledged is not needed: the floor is just behind it.
        floors.append(
            parse_id(pending["min"]) if pending["pending"] else (delivered[0], delivered[1] + 1)
        )
    newest = cast("list[RawEntry]", await redis.xrevrange(stream, count=KEEP_ENTRIES))
    nth = parse_id(newest[-1][0]) if len(newest) == KEEP_ENTRIES else None
    floor = trim_floor(floors, nth, int(time.time() * 1000))
    if floor is None or floor[0] <= 0:
        return 0
    return int(await redis.xtrim(stream, minid=f"{floor[0]}-{floor[1]}", approximate=False))
