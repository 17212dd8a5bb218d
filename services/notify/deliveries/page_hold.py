"""Flow: no mail before readers see the page (promise G5).

An alert whose page is wrong at the public address, or cannot be asked for there, gets its delivery
held from the start. Whoever works on its chunks looks again, and lets it go on once the page is
right. An alert of which nothing was heard for long is held too, until a person decides. What holds
it and since when is in Redis, so it is held through any restart.
"""

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from redis.asyncio import Redis

from services.notify.deliveries.live_page import UNSEEN, hold_for, is_for_page, next_hold
from services.notify.deliveries.public_site import PublicSite
from services.notify.ledger import article
from services.notify.ledger.control import Command, NotPossible, control
from services.notify.ledger.delivery import Delivery
from services.notify.ledger.put_off import PutOff
from shared import log
from shared.revision import Revision
from shared.settings import Settings

PATIENCE_SECONDS = 120.0
"""From a delivery's start: how long mail waits if nobody can tell what readers see."""
_LOOK_SECONDS = 2.0
"""A delivery's page is asked for no more often; each of its chunks has it looked at."""


class PageHold:
    """Holds deliveries whose page or text may be wrong by now, for one process of notify."""

    def __init__(
        self, redis: Redis, settings: Settings, *, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._redis = redis
        self._site = _public_site(settings)
        self._only_here = not settings.site_probe and _is_this_machine(settings.site)
        self._patience = timedelta(seconds=patience_seconds)
        self._stale = timedelta(hours=settings.stale_hours)
        self._looked: dict[str, float] = {}
        """When a delivery's page was looked at last (monotonic seconds)."""
        self._log = log.get("notify")

    async def holds(self, revision: Revision) -> str:
        """What holds the mail of this alert, as readers see its page now; empty if nothing does."""
        if self._site is None:
            return ""
        found = hold_for(await self._site.read(revision.path), revision)
        # There are no readers elsewhere who could miss it.
        return "" if self._only_here and found.startswith(UNSEEN) else found

    async def hold_if_stale(self, delivery: Delivery, put_off: PutOff) -> None:
        """Hold the delivery if nothing was heard of it for long: the alert may be wrong by now, so
        a person decides. A pause that was meant to be long, until members who were `put_off` are
        due, is no silence."""
        if datetime.now(UTC) - max(delivery.tried_at, put_off.due) >= self._stale:
            with suppress(NotPossible):  # it is held, or ended
                await control(self._redis, delivery.id, "hold", why="stale")
                self._log.error("delivery_stale", delivery=delivery.id)

    async def look_again(self, delivery: Delivery) -> None:
        """Look at the page of a delivery that is held for it, and note what follows; of any other,
        do nothing."""
        if not is_for_page(delivery.held):
            return
        if time.monotonic() - self._looked.get(delivery.id, -_LOOK_SECONDS) < _LOOK_SECONDS:
            return
        self._looked[delivery.id] = time.monotonic()
        found = await self.holds(await article.newest(self._redis, delivery.article))
        waited = datetime.now(UTC) - delivery.started >= self._patience
        after = next_hold(delivery.held, found, waited=waited)
        if after == delivery.held:
            return
        with suppress(NotPossible):  # somebody else did it, or a person decided meanwhile
            action: Command = "hold" if after else "resume"
            why = after or ("patience" if found else "right")
            await control(self._redis, delivery.id, action, why=why, expected=delivery.held)
            if after:
                self.tell(delivery.id, after)
            elif found:
                self._log.warning("delivery_page_given_up", delivery=delivery.id, why=found)
            else:
                self._log.info("delivery_page_right", delivery=delivery.id)
        self._looked.pop(delivery.id, None)

    def tell(self, delivery: str, held: str) -> None:
        """Log that a delivery is held for its page."""
        if held.startswith(UNSEEN):
            self._log.warning("delivery_page_unseen", delivery=delivery, why=held)
        else:
            self._log.error("delivery_page_wrong", delivery=delivery, why=held)


def _public_site(settings: Settings) -> PublicSite | None:
    """None if notify's first look is at the same address."""
    if settings.site_check == settings.site and not settings.site_probe:
        return None
    return PublicSite(settings.site, probe=settings.site_probe)


def _is_this_machine(site: str) -> bool:
    """Whether the address reaches this machine alone, wherever it is asked."""
    host = urlsplit(site).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
