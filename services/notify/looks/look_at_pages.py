"""Flow: look at the pages that are due, as readers do, for as long as the service runs."""

import asyncio
from datetime import UTC, datetime

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.deliveries.public_site import PublicSite
from services.notify.looks.page import PageToLookAt, found_at, next_look
from services.notify.looks.store import Looks
from shared import log
from shared.bus.errors import cause
from shared.settings import Settings
from shared.trace import logged

_PAUSE_SECONDS = 0.3
"""Between two looks: many pages at once must not take the site from its readers."""
_AWAY_SECONDS = 2.0
"""Between two tries while Redis is away."""


async def look_at_pages(redis: Redis, settings: Settings) -> None:
    """Look at pages until cancelled. What is due is in Redis, so any number of processes may do
    this, and a restart forgets nothing."""
    looks = Looks(redis)
    site = PublicSite(settings.site, probe=settings.site_probe)
    logger, redis_away = log.get("notify"), False
    while True:
        try:
            if page := await looks.take():
                with logged(page.traceparent):
                    await _look(looks, site, page)
            redis_away = False
        except RedisError as error:
            if not redis_away:
                logger.warning("looks_wait_for_redis", cause=cause(error))
            redis_away = True
        await asyncio.sleep(_AWAY_SECONDS if redis_away else _PAUSE_SECONDS)


async def _look(looks: Looks, site: PublicSite, page: PageToLookAt) -> None:
    # Whether what is found holds mail, or rings, is said elsewhere: page_hold.py, the guard.
    found = found_at(page, await site.read(page.path))
    await looks.note(page, found, pause=next_look(page, found, datetime.now(UTC)))
