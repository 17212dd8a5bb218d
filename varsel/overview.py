"""The state of a whole system, read from its Redis: what `varsel watch` shows."""

import time
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from services.notify.ledger import deliveries
from shared.bus.streams import parse_id, text
from shared.topology import DEAD, STREAMS, Stream


async def overview(redis: Redis) -> dict[str, Any]:
    """Streams with their groups, deliveries, and the server; ages in seconds, memory in bytes."""
    info = await redis.info()
    return {
        "streams": [await _stream(redis, stream) for stream in STREAMS],
        "deliveries": await deliveries(redis),
        "redis": {
            "memory": info["used_memory"],
            "aof": bool(info.get("aof_enabled")),
            "aof_ok": info.get("aof_last_write_status") == "ok",
            "uptime": info["uptime_in_seconds"],
        },
    }


async def _stream(redis: Redis, stream: Stream) -> dict[str, Any]:
    try:
        groups = await redis.xinfo_groups(stream.name)
    except ResponseError:  # no such key: nothing has started yet
        groups = []
    return {
        "stream": stream.name,
        "length": await redis.xlen(stream.name),
        "dead": await redis.xlen(stream.name + DEAD),
        "groups": [await _group(redis, stream.name, group) for group in groups],
    }


async def _group(redis: Redis, stream: str, group: dict[str, Any]) -> dict[str, Any]:
    pending = await redis.xpending(stream, group["name"])
    oldest = parse_id(pending["min"])[0] / 1000 if pending["pending"] else None
    return {
        "group": text(group["name"]),
        "lag": group.get("lag"),
        "pending": pending["pending"],
        "oldest": None if oldest is None else round(time.time() - oldest, 1),
        "consumers": group["consumers"],
    }
