"""Whether somebody watches from outside: a guard that reads receipts, or a ping service.

A guard is known by its key, which may do nothing else. Redis holds that it was here, for a while.
"""

import asyncio
from contextlib import suppress

from prometheus_client import Metric
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.metrics import gauge
from shared.settings import Settings

GUARD = "ingest:guard"
"""Is there while a guard reads receipts."""
_KEPT_SECONDS = 900
"""A guard looks every 20 seconds; one that is started anew is not missed."""
_LOOK_SECONDS = 15.0
UNWATCHED = "uten vakt utenfra"


class OutsideWatch:
    """Knows it, for health. `note` raises redis-py's errors."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._is_needed = settings.has_relay or bool(settings.redis_url)
        self._has_pings = bool(settings.ping_url.get_secret_value())
        self._guard_is_there = True

    async def note(self) -> None:
        """A guard was here."""
        await self._redis.set(GUARD, "", ex=_KEPT_SECONDS)
        self._guard_is_there = True

    async def __call__(self) -> None:
        """Look whether there is a guard until cancelled."""
        while True:
            with suppress(RedisError, OSError):  # the bus tells
                self._guard_is_there = bool(await self._redis.exists(GUARD))
            await asyncio.sleep(_LOOK_SECONDS)

    def warnings(self) -> list[str]:
        """For health; empty if somebody watches, or on a system that mails nobody."""
        if not self._is_needed or self._has_pings or self._guard_is_there:
            return []
        return [UNWATCHED]

    def measure(self) -> list[Metric]:
        """The gauge that rings: 0 while nobody watches though somebody should."""
        about = "1 while somebody watches from outside, or need not"
        return [gauge("varsel_watched_from_outside", about, (), [((), float(not self.warnings()))])]
