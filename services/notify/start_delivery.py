"""Flow: a page is live, so followers are owed posts, and for an alert members a delivery; or it is
withdrawn, so followers are owed posts."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.notify import alerts, ledger, members
from services.notify.live_page import is_withdrawn, shows
from services.notify.numbers import CHUNK
from services.notify.posting.plan import plan_posts
from services.notify.site import Site
from shared import log
from shared.bus import Bus, Entry, Op, Surroundings, lua
from shared.events import (
    Chunk,
    ChunkPlanned,
    DeliveryCompleted,
    DeliveryPaused,
    DeliveryStarted,
    PageEvent,
    PagePublished,
    PageWithdrawn,
)
from shared.settings import Settings

PAGE_ALARM = 120.0
"""Seconds that a page may take to be live before it is an alarm."""

_HERE = Path(__file__).parent
_FIXED_KEYS = 10
"""Keys of start_delivery.lua before those of the posts, the entry's stream among them."""
_WITHDRAWN = -2
"""What the script gives where the article was withdrawn before, at this revision or a newer one."""


class StartDelivery:
    def __init__(self, bus: Bus, site: Site, settings: Settings) -> None:
        self._redis = bus.redis
        self._script = bus.fenced(_HERE / "start_delivery.lua")
        self._site = site
        self._settings = settings
        self._log = log.get("notify")

    async def __call__(self, entry: Entry) -> None:
        """Handle an event of `pages`. Surroundings while the page is not live (promise G5)."""
        event = entry.event
        if isinstance(event, PageWithdrawn):
            await self._plan(entry, event)
        elif isinstance(event, PagePublished):
            await self._publish(entry, event)
        else:
            raise TypeError("no event of pages")

    async def _publish(self, entry: Entry, event: PagePublished) -> None:
        revision = event.data
        if await alerts.is_withdrawn(self._redis, revision):
            return
        page = await self._site.page(revision.path)
        if is_withdrawn(page, revision):
            return  # and the event that says so is under way
        if not shows(page, revision):
            raise Surroundings("page_not_live", alarm_after=PAGE_ALARM)
        await self._plan(entry, event)

    def _holds(self, event: PageEvent) -> str:
        """An alert that comes out of a long silence may be wrong by now: a person decides."""
        stale = timedelta(hours=self._settings.stale_hours)
        return "stale" if datetime.now(UTC) - event.time >= stale else ""

    async def _plan(self, entry: Entry, event: PageEvent) -> None:
        posts = [op for post in plan_posts(event, self._settings) for op in post.ops()]
        keys, plan = _script_input(event, posts, held=self._holds(event))
        audience = await self._script(entry, keys=keys, args=[plan])
        if not isinstance(audience, int) or audience == _WITHDRAWN:
            return  # settled by another, who says so; or nothing followed
        revision = event.data
        if isinstance(event, PageWithdrawn):
            self._log.info("page_withdrawn", article=revision.id, revision=revision.revision)
        else:
            self._log.info("page_live", article=revision.id, revision=revision.revision)
        if audience >= 0:
            delivery = _delivery_id(event)
            self._log.info("delivery_started", delivery=delivery, audience=audience)
            if audience > 0 and self._holds(event):
                self._log.error("delivery_stale", delivery=delivery)
            if audience == 0:
                self._log.info("delivery_completed", delivery=delivery)


def _delivery_id(event: PageEvent) -> str:
    return f"{event.data.id}.{event.data.revision}"


def _script_input(event: PageEvent, posts: list[Op], *, held: str) -> tuple[list[str], str]:
    """Keys after the entry's stream, and the plan as JSON: see start_delivery.lua."""
    revision = event.data
    delivery = _delivery_id(event)
    keys = [
        alerts.article_key(revision.id),
        alerts.alert_key(revision.id),
        ledger.delivery_key(delivery),
        ledger.ledger_key(delivery),
        members.LAST,
        members.LEAVES,
        ledger.DELIVERIES,
        "chunks",
        "deliveries",
    ]
    writes = []
    for command, key, *arguments in posts:
        if str(key) not in keys[_FIXED_KEYS - 1 :]:
            keys.append(str(key))
        place = keys.index(str(key), _FIXED_KEYS - 1) + 2
        writes.append([command, place, *map(str, arguments)])
    plan = {
        "article": revision.id,
        "delivery": delivery,
        "revision": revision.revision,
        "withdrawn": isinstance(event, PageWithdrawn),
        "posts": writes,
        "mail": False,
    }
    if isinstance(event, PagePublished) and revision.article.kind == "safety_alert":
        plan |= _mailing(event, delivery, held)
    return keys, json.dumps(plan)


def _mailing(event: PagePublished, delivery: str, held: str) -> dict[str, Any]:
    """What the plan of an alert holds besides."""
    now = datetime.now(UTC)
    started = now.replace(microsecond=0)  # a mail's Date has whole seconds
    return {
        "mail": True,
        "content": event.data.model_dump_json(),
        "page_at": event.time.isoformat(),
        "started": started.isoformat(),
        "started_at": str(int(started.timestamp())),
        "chunk_size": CHUNK,
        "held": held,
    } | _events(event, delivery, now)


def _events(event: PagePublished, delivery: str, now: datetime) -> dict[str, list[str]]:
    """The events that a delivery starts with; the script completes what only it knows."""
    article, revision = event.data.id, event.data.revision
    common = {
        "source": "/varsel/notify",
        "subject": article,
        "time": now,
        "traceparent": event.traceparent,
    }
    status = ledger.unsummed(delivery, article, revision)
    events = (
        ChunkPlanned(id=delivery, data=Chunk(delivery=delivery, chunk=0), **common),
        DeliveryStarted(id=f"{delivery}.delivery.started", data=status, **common),
        DeliveryPaused(id=f"{delivery}.delivery.paused", data=status, **common),
        DeliveryCompleted(id=f"{delivery}.delivery.completed", data=status, **common),
    )
    return {planned.type.replace(".", "_"): json.loads(lua.fields(planned)) for planned in events}
