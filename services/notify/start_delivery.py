"""Flow: a page is live, so followers are owed posts, and for an alert members a delivery."""

import json
from datetime import UTC, datetime
from pathlib import Path

from services.notify import alerts, ledger, members
from services.notify.live_page import shows
from services.notify.numbers import CHUNK
from services.notify.posting.plan import plan_posts
from services.notify.site import Site
from shared import log
from shared.bus import Bus, Effects, Entry, Op, Surroundings, lua
from shared.events import (
    Chunk,
    ChunkPlanned,
    DeliveryCompleted,
    DeliveryStarted,
    PagePublished,
    PageWithdrawn,
)
from shared.settings import Settings

PAGE_ALARM = 120.0
"""Seconds that a page may take to be live before it is an alarm."""

_HERE = Path(__file__).parent
_FIXED_KEYS = 10
"""Keys of start_delivery.lua before those of the posts, the entry's stream among them."""


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
            await self._withdraw(entry, event)
        elif isinstance(event, PagePublished):
            await self._publish(entry, event)
        else:
            raise TypeError("no event of pages")

    async def _withdraw(self, entry: Entry, event: PageWithdrawn) -> None:
        revision = event.data
        key = alerts.article_key(revision.id)
        posts = [op for post in plan_posts(event, self._settings) for op in post.ops()]
        await entry.commit(
            Effects(
                guard=(key, alerts.WITHDRAWN, revision.revision),
                ops=[*posts, ("HSET", key, alerts.WITHDRAWN, revision.revision)],
            )
        )

    async def _publish(self, entry: Entry, event: PagePublished) -> None:
        revision = event.data
        if await alerts.is_withdrawn(self._redis, revision):
            return
        if not shows(await self._site.page(revision.path), revision):
            raise Surroundings("page_not_live", alarm_after=PAGE_ALARM)
        posts = [op for post in plan_posts(event, self._settings) for op in post.ops()]
        keys, plan = _script_input(event, posts)
        audience = await self._script(entry, keys=keys, args=[plan])
        if isinstance(audience, int) and audience >= 0:
            delivery = _delivery_id(event)
            self._log.info("delivery_started", delivery=delivery, audience=audience)


def _delivery_id(event: PagePublished) -> str:
    return f"{event.data.id}.{event.data.revision}"


def _script_input(event: PagePublished, posts: list[Op]) -> tuple[list[str], str]:
    """Keys after the entry's stream, and the plan as JSON: see start_delivery.lua."""
    revision = event.data
    delivery = _delivery_id(event)
    started = datetime.now(UTC).replace(microsecond=0)
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
        "content": revision.model_dump_json(),
        "started": started.isoformat(),
        "started_at": str(int(started.timestamp())),
        "mail": revision.article.kind == "safety_alert",
        "chunk_size": CHUNK,
        "posts": writes,
    }
    return keys, json.dumps(plan | _events(event, delivery, started))


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
        DeliveryCompleted(id=f"{delivery}.delivery.completed", data=status, **common),
    )
    return {planned.type.replace(".", "_"): json.loads(lua.fields(planned)) for planned in events}
