"""How far each group is behind on the streams that a service may look at, as metrics.

Of every group, not only the service's own: so that a service that is down is seen by the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from prometheus_client import Metric
from redis.asyncio import Redis
from redis.exceptions import NoPermissionError, ResponseError

from shared.bus.streams import parse_id, text
from shared.metrics import Value, gauge
from shared.topology import TOPOLOGY

_Group = tuple[tuple[str, str], dict[str, Any]]
"""Stream and group, and what Redis says of the group."""


@dataclass(frozen=True)
class GroupState:
    stream: str
    group: str
    silent_seconds: float | None
    """Since any of its consumers last asked for events; none if it has none, or is not there."""
    oldest_seconds: float
    """The age of the oldest entry that it has not settled; 0 if there is none."""


async def measure(redis: Redis, streams: Sequence[str]) -> list[Metric]:
    """Lag, pending entries and the oldest unsettled entry's age of all groups of `streams`, as
    gauges. Raises redis-py's errors."""
    groups, now = await _groups(redis, streams)
    labels = ("stream", "group")
    return [
        gauge(
            "varsel_group_lag",
            "Entries that a group has not read yet",
            labels,
            # Redis cannot tell once an entry was removed by hand.
            [(place, group["lag"]) for place, group in groups if group.get("lag") is not None],
        ),
        gauge(
            "varsel_group_pending",
            "Entries read and not yet settled",
            labels,
            [(place, group["pending"]) for place, group in groups],
        ),
        gauge(
            "varsel_group_oldest_seconds",
            "Age of the oldest entry that a group has not settled; 0 if there is none",
            labels,
            await _oldest(redis, groups, now),
        ),
    ]


async def behind(redis: Redis, stream: str, group: str) -> int:
    """How many entries of a stream a group has not settled; 0 if there is no such group. Raises
    redis-py's errors."""
    return sum(
        int(found.get("lag") or 0) + int(found["pending"])
        for (_, name), found in (await _groups(redis, [stream]))[0]
        if name == group
    )


async def group_states(redis: Redis, streams: Sequence[str]) -> list[GroupState]:
    """All groups that the topology has on `streams`, each of which the caller reads or may look at
    closely. Raises redis-py's errors."""
    groups, now = await _groups(redis, streams)
    oldest = dict(await _oldest(redis, groups, now))
    async with redis.pipeline(transaction=False) as pipe:
        for (stream, group), _ in groups:
            pipe.xinfo_consumers(stream, group)
        found = await pipe.execute()
    idle = {
        place: min((consumer["idle"] / 1000 for consumer in consumers), default=None)
        for (place, _), consumers in zip(groups, found, strict=True)
    }
    places = [(stream, group) for stream in streams for group in TOPOLOGY[stream].groups]
    return [GroupState(*place, idle.get(place), oldest.get(place, 0.0)) for place in places]


async def _groups(redis: Redis, streams: Sequence[str]) -> tuple[list[_Group], float]:
    """The groups of the topology that are there, and the server's time."""
    async with redis.pipeline(transaction=False) as pipe:
        pipe.time()
        for stream in streams:
            pipe.xinfo_groups(stream)
        now, *found = await pipe.execute(raise_on_error=False)
    groups: list[_Group] = []
    for stream, told in zip(streams, found, strict=True):
        if isinstance(told, ResponseError) and not isinstance(told, NoPermissionError):
            continue  # there is no such stream yet
        if isinstance(told, Exception):
            raise told
        groups += [
            ((stream, text(group["name"])), group)
            for group in told
            if text(group["name"]) in TOPOLOGY[stream].groups
        ]
    if isinstance(now, Exception):
        raise now
    return groups, now[0] + now[1] / 1e6


async def _oldest(redis: Redis, groups: Sequence[_Group], now: float) -> list[Value]:
    """The age in seconds of the oldest entry that each group has yet to settle. It was read and is
    pending, or it was never read."""
    async with redis.pipeline(transaction=False) as pipe:
        for (stream, name), group in groups:
            pipe.xpending(stream, name)
            pipe.xrange(stream, min=b"(" + group["last-delivered-id"], count=1)
        replies = await pipe.execute()
    found: list[Value] = []
    for (place, _), pending, unread in zip(groups, replies[::2], replies[1::2], strict=True):
        ids = [pending["min"]] if pending["pending"] else []
        ids += [entry for entry, _ in unread]
        oldest = min((parse_id(entry)[0] / 1000 for entry in ids), default=now)
        found.append((place, max(now - oldest, 0.0)))
    return found
