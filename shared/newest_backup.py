"""When the newest backup was taken, told by whoever takes backups, so that it rings if none is."""

from datetime import datetime

from prometheus_client import Metric
from redis.asyncio import Redis

from shared.metrics import gauge

KEY = "backup:newest"
"""Seconds since 1970. The user `backup` writes it, ingest reads it."""


async def tell(redis: Redis, at: datetime) -> None:
    """Note that a backup of `at` was written and read back. Raises redis-py's errors."""
    await redis.set(KEY, int(at.timestamp()))


async def measure(redis: Redis) -> list[Metric]:
    """The gauge, 0 if there was none. Raises redis-py's errors."""
    taken = float(await redis.get(KEY) or 0)
    about = "When the newest backup was taken, in seconds since 1970"
    return [gauge("varsel_backup_taken_timestamp_seconds", about, (), [((), taken)])]
