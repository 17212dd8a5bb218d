"""The state of a whole system, read from its Redis: what `varsel watch` shows.

A look is six round trips at most with some forty-seven commands, none of which grows with what is
on the streams, with the members or with the deliveries there have been.
"""

from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from services.notify.bounces.store import TOLD, told_of
from services.notify.ledger.delivery import DELIVERIES, deliveries
from services.notify.posting.store import failing_posts
from shared import disk
from shared.bus.streams import parse_id, text
from shared.held import SERVICES, held_key
from shared.topology import DEAD, STREAMS
from varsel.watch.state import ConsumerLook, DeliveryLook, Group, Look, Server, StreamState

_PER_STREAM = 3
"""Commands that are asked of each stream."""


async def look(redis: Redis) -> Look:
    """The state as it is now. Raises redis-py's errors."""
    async with redis.pipeline(transaction=False) as pipe:
        pipe.info("server", "memory", "persistence")
        pipe.zcard(DELIVERIES)
        pipe.mget([disk.key(service) for service in disk.TELLERS] + [*map(held_key, SERVICES)])
        pipe.hgetall(TOLD)
        for stream in STREAMS:
            pipe.xlen(stream.name)
            pipe.xlen(stream.name + DEAD)
            pipe.xinfo_groups(stream.name)
        info, total, values, bounces, *found = await pipe.execute(raise_on_error=False)
    _raise(info, total, values, bounces)
    now = info["server_time_usec"] / 1e6
    rows = [found[place : place + _PER_STREAM] for place in range(0, len(found), _PER_STREAM)]
    groups = await _groups(redis, [_or_none_yet(row[2]) for row in rows], now)
    streams = []
    for stream, (length, dead, _), of_stream in zip(STREAMS, rows, groups, strict=True):
        _raise(length, dead)
        streams.append(StreamState(stream.name, length, dead, of_stream))
    return Look(
        at=now,
        streams=tuple(streams),
        deliveries=tuple(map(_delivery, await deliveries(redis))),
        deliveries_total=total,
        redis=_server(info),
        disks=disk.told(values[: len(disk.TELLERS)]),
        held=any(values[len(disk.TELLERS) :]),
        failing=await failing_posts(redis),
        bounces={what: (times, at / 1000) for what, (times, at) in told_of(bounces).items()},
    )


def _raise(*replies: object) -> None:
    for reply in replies:
        if isinstance(reply, Exception):
            raise reply


def _or_none_yet(groups: Any) -> list[dict[str, Any]]:
    """A stream's groups; none if there is no such key, as before anything has started."""
    if isinstance(groups, ResponseError) and "no such key" in str(groups):
        return []
    _raise(groups)
    return list(groups)


async def _groups(
    redis: Redis, groups: Sequence[list[dict[str, Any]]], now: float
) -> list[tuple[Group, ...]]:
    """The groups of each stream, with what takes another round trip to know."""
    async with redis.pipeline(transaction=False) as pipe:
        for stream, of_stream in zip(STREAMS, groups, strict=True):
            for group in of_stream:
                pipe.xpending(stream.name, group["name"])
                pipe.xinfo_consumers(stream.name, group["name"])
        replies = iter(await pipe.execute())
    return [
        tuple(_group(group, next(replies), next(replies), now) for group in of_stream)
        for of_stream in groups
    ]


def _group(
    group: dict[str, Any], pending: dict[str, Any], consumers: list[dict[str, Any]], now: float
) -> Group:
    oldest = now - parse_id(pending["min"])[0] / 1000 if pending["pending"] else None
    return Group(
        name=text(group["name"]),
        lag=group.get("lag"),
        read=group.get("entries-read"),
        pending=pending["pending"],
        oldest=None if oldest is None else max(oldest, 0.0),
        consumers=tuple(
            ConsumerLook(text(c["name"]), c["pending"], c["idle"] / 1000) for c in consumers
        ),
    )


def _delivery(fields: dict[str, Any]) -> DeliveryLook:
    return DeliveryLook(**fields | {"told_at": fields["told_at"] / 1000})


def _server(info: dict[str, Any]) -> Server:
    return Server(
        memory=info["used_memory"],
        maxmemory=info["maxmemory"],
        aof=bool(info["aof_enabled"]),
        aof_write_ok=info["aof_last_write_status"] == "ok",
        aof_rewrite_ok=info["aof_last_bgrewrite_status"] == "ok",
        aof_rewriting=bool(info["aof_rewrite_in_progress"]),
        uptime=info["uptime_in_seconds"],
    )
