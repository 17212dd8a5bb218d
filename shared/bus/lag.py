"""How far a service is behind on the streams that it reads, as metrics."""

from collections.abc import Iterable

from prometheus_client import Metric
from redis.asyncio import Redis
from redis.exceptions import NoPermissionError, ResponseError

from shared.bus.streams import text
from shared.metrics import Value, gauge


async def measure(redis: Redis, group: str, streams: Iterable[str]) -> list[Metric]:
    """Lag and pending entries of `group`, as gauges. Raises redis-py's errors."""
    lag: list[Value] = []
    pending: list[Value] = []
    for stream in streams:
        mine = await _group(redis, stream, group)
        if "pending" in mine:
            pending.append(((stream, group), mine["pending"]))
        if mine.get("lag") is not None:  # Redis cannot tell once an entry was removed by hand
            lag.append(((stream, group), mine["lag"]))
    labels = ("stream", "group")
    return [
        gauge("varsel_group_lag", "Entries that a group has not read yet", labels, lag),
        gauge("varsel_group_pending", "Entries read and not yet settled", labels, pending),
    ]


async def _group(redis: Redis, stream: str, group: str) -> dict[str, int]:
    try:
        found = await redis.xinfo_groups(stream)
    except NoPermissionError:
        raise
    except ResponseError:  # there is no such stream yet
        return {}
    return next((g for g in found if text(g["name"]) == group), {})
