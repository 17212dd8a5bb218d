"""How fast articles are moved here: no faster than their pages are made.

All of them are on one stream with the alerts, and a page is made in the order of the stream. So an
alert that is published while thousands are moved stands behind a few of them, and not behind all.
"""

import asyncio
import time

from redis.asyncio import Redis

from services.ingest.problems import unavailable
from shared.bus import lag

AHEAD = 4
"""Events that the maker of pages may be behind: each takes it some hundredths of a second."""
_LOOK_SECONDS = 0.02
_PATIENCE_SECONDS = 10.0
"""How long it may stand still before whoever moves articles is told to come again."""


async def wait_for_pages(redis: Redis) -> None:
    """Return once few pages are still to be made. Problem 503 if none is made meanwhile; redis-py's
    errors."""
    least, until = await _behind(redis), time.monotonic() + _PATIENCE_SECONDS
    now = least
    while now >= AHEAD:
        if now < least:
            least, until = now, time.monotonic() + _PATIENCE_SECONDS
        if time.monotonic() > until:
            raise unavailable(
                "Sidene blir ikke laget: se om render går. Prøv igjen om litt; det som er flyttet,"
                " er flyttet."
            )
        await asyncio.sleep(_LOOK_SECONDS)
        now = await _behind(redis)


async def _behind(redis: Redis) -> int:
    return await lag.behind(redis, "articles", "render")
