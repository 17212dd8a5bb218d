"""Flow: a page is live, so followers are owed posts, and for an alert members a delivery; or it is
withdrawn, so followers are owed posts, and whoever was mailed the alert is owed that."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.notify.deliveries.live_page import is_withdrawn, shows
from services.notify.deliveries.site import SiteReader
from services.notify.ledger import article as articles
from services.notify.ledger import delivery as deliveries
from services.notify.members import store as members
from services.notify.members.numbers import CHUNK
from services.notify.posting.plan import plan_posts
from shared import log
from shared.alert import Mode
from shared.bus import Bus, Entry, Op, Surroundings, lua
from shared.events import (
    Chunk,
    ChunkPlanned,
    DeliveryProgressed,
    PageEvent,
    PagePublished,
    PageWithdrawn,
)
from shared.settings import Settings

PAGE_ALARM = 120.0
"""Seconds that a page may take to be live before it is an alarm."""

_HERE = Path(__file__).parent.parent
_FIXED_KEYS = 15
"""Keys of start_delivery.lua before those of the posts, the entry's stream among them."""


class ApprovalMissing(Exception):
    """Nobody has approved what this alert says, or too few: nobody is mailed it."""


class StartDelivery:
    def __init__(self, bus: Bus, site: SiteReader, settings: Settings) -> None:
        self._redis = bus.redis
        self._script = bus.fenced(
            deliveries.TELL,
            _HERE / "ledger" / "owed_after.lua",
            _HERE / "ledger" / "start_delivery.lua",
        )
        self._site = site
        self._settings = settings
        self._log = log.get("notify")

    async def __call__(self, entry: Entry) -> None:
        """Handle an event of `pages`. Surroundings while the page is not live (promise G5);
        ApprovalMissing where an alert lacks an approval."""
        event = entry.event
        if isinstance(event, PageWithdrawn):
            # Not held up by a site that does not answer: the wrong text must not go on meanwhile.
            await self._plan(entry, event)
        elif isinstance(event, PagePublished):
            await self._publish(entry, event)
        else:
            raise TypeError("no event of pages")

    async def _publish(self, entry: Entry, event: PagePublished) -> None:
        revision = event.data
        if await articles.is_withdrawn(self._redis, revision):
            return
        if revision.article.alert and not revision.is_approved(self._settings.approvals):
            raise ApprovalMissing
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
        answer = [b"look again"]
        while answer == [b"look again"]:
            before = await articles.delivery(self._redis, event.data.id)
            keys, plan = _script_input(event, posts, before=before, held=self._holds(event))
            answer = await self._script(entry, keys=keys, args=[plan])
        if answer == [b"other mode"]:
            raise ValueError("the mode of an alert does not change once it was mailed")
        if not isinstance(answer, list) or answer[0] == b"withdrawn":
            return  # settled by another, who says so; or nothing followed
        revision = event.data
        if isinstance(event, PageWithdrawn):
            self._log.info("page_withdrawn", article=revision.id, revision=revision.revision)
        else:
            self._log.info("page_live", article=revision.id, revision=revision.revision)
        if answer[0] == b"started":
            _, audience, kind = answer
            self._tell_start(event, int(audience), kind.decode(), before)

    def _tell_start(self, event: PageEvent, audience: int, kind: str, before: str) -> None:
        delivery = _delivery_id(event)
        if kind != "alert":
            self._log.info("delivery_superseded", delivery=before, by=delivery)
        self._log.info("delivery_started", delivery=delivery, audience=audience, kind=kind)
        if audience > 0 and self._holds(event):
            self._log.error("delivery_stale", delivery=delivery)
        if audience == 0:
            self._log.info("delivery_completed", delivery=delivery)


def _delivery_id(event: PageEvent) -> str:
    return f"{event.data.id}.{event.data.revision}"


def _script_input(
    event: PageEvent, posts: list[Op], *, before: str, held: str
) -> tuple[list[str], str]:
    """Keys after the entry's stream, and the plan as JSON: see start_delivery.lua."""
    revision = event.data
    delivery = _delivery_id(event)
    keys = [
        articles.article_key(revision.id),
        articles.alert_key(revision.id),
        deliveries.delivery_key(delivery),
        deliveries.ledger_key(delivery),
        members.LAST,
        members.LEAVES,
        deliveries.DELIVERIES,
        members.STAFF,
        deliveries.delivery_key(before),
        deliveries.ledger_key(before),
        deliveries.tries_key(before),
        deliveries.later_key(before),
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
        "before": before,
        "posts": writes,
        "mail": False,
    }
    if alert := revision.article.alert:
        plan |= _mailing(event, delivery, alert.mode, held)
    return keys, json.dumps(plan)


def _mailing(event: PageEvent, delivery: str, mode: Mode, held: str) -> dict[str, Any]:
    """What the plan of an alert holds besides."""
    now = datetime.now(UTC)
    started = now.replace(microsecond=0)  # a mail's Date has whole seconds
    return {
        "mail": True,
        "change": _change(event),
        "corrected": _corrected(event),
        "mode": mode,
        "content": event.data.model_dump_json(),
        "page_at": event.time.isoformat(),
        "started": started.isoformat(),
        "started_at": str(int(started.timestamp())),
        "chunk_size": CHUNK,
        "held": held,
    } | _events(event, delivery, now)


def _change(event: PageEvent) -> str:
    """What the revision is for those who have read an earlier one; empty for the first."""
    if isinstance(event, PageWithdrawn):
        return "withdrawal"
    return event.data.change.kind if event.data.change else ""


def _corrected(event: PageEvent) -> int:
    """The newest correction that this revision holds; 0 where none. Its own event may never come:
    render tells of no revision that is older than the page."""
    revision = event.data
    changes = [(past.revision, past.change) for past in revision.history]
    changes.append((revision.revision, revision.change))
    corrections = [number for number, change in changes if change and change.kind == "correction"]
    return max(corrections, default=0)


def _events(event: PageEvent, delivery: str, now: datetime) -> dict[str, Any]:
    """The events that a delivery starts with; the script completes them."""
    article, revision = event.data.id, event.data.revision
    common = {
        "source": "/varsel/notify",
        "subject": article,
        "time": now,
        "traceparent": event.traceparent,
    }
    chunk = ChunkPlanned(id=delivery, data=Chunk(delivery=delivery, chunk=0), **common)
    status = DeliveryProgressed(
        id=delivery, data=deliveries.unsummed(delivery, article, revision), **common
    )
    return {"chunk_planned": json.loads(lua.fields(chunk)), "status": lua.fields(status)}
