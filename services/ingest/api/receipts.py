"""The route by which a guard sees from outside what has become of alerts. Its key may read this and
single receipts, and nothing else."""

from datetime import datetime, timedelta

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel

from services.ingest.api.access import ReaderOfReceipts
from services.ingest.api.openapi import problems
from services.ingest.api.wired import Wired
from services.ingest.lifecycle.life import Life
from services.ingest.lifecycle.store import STATES
from services.ingest.parts import Parts
from services.ingest.receipts.receipt import Receipt, receipt
from shared.alert import Mode
from shared.content_hash import ContentHash
from shared.event_data import DeliveryStatus

_KEPT = timedelta(days=14)
"""How long an alert is shown after its last step: a delivery that puts mail off ends in 4 days."""
_STEPS = 100
"""Articles with the latest steps that are looked at."""
_MOST = 20
"""Alerts that are shown."""

router = APIRouter(prefix="/api")


class AlertReceipt(BaseModel):
    """An alert that readers see or saw, and what has become of it."""

    article: str
    path: str
    """Of its page."""
    revision: int
    """The one that readers should see, or that was withdrawn."""
    sha256: ContentHash
    withdrawn: bool
    mode: Mode
    owed_since: AwareDatetime
    """When what its receipt is about was published or withdrawn."""
    delivery: str | None
    """The id of the delivery that the receipt's sums are of; it begins the Message-ID of each of
    its mails. None if none has begun."""
    receipt: Receipt


class AlertReceipts(BaseModel):
    at: AwareDatetime
    """The system's time."""
    alerts: list[AlertReceipt]
    """Those with a step in the last 14 days, the latest first, at most 20."""


@router.get(
    "/receipts",
    summary="What has become of the latest alerts, for a guard",
    responses=problems(401, 503),
)
async def list_receipts(key: ReaderOfReceipts, parts: Wired) -> AlertReceipts:
    if key.only == "receipts":
        await parts.outside_watch.note()
    now = await parts.articles.now()
    lives = await parts.articles.newest(STATES, _STEPS)
    shown = [life for life in lives if _is_shown(life, now)][:_MOST]
    return AlertReceipts(at=now, alerts=[await _of(life, parts) for life in shown])


def _is_shown(life: Life, now: datetime) -> bool:
    is_alert = life.kind == "safety_alert" and life.history and not life.moved_from
    return bool(is_alert) and now - life.last.at <= _KEPT


async def _of(life: Life, parts: Parts) -> AlertReceipt:
    seen = await parts.receipts.seen(life.id)
    found = receipt(life, seen.page, seen.deliveries, seen.given_up)
    newest = life.history[-1]
    [stored] = await parts.articles.revisions(life.id, [newest.revision])
    begun = next(iter(seen.deliveries), None)
    if begun and not _is_about(found, begun):
        begun = None  # of an earlier one; what is owed has not begun
    return AlertReceipt(
        article=life.id,
        path=life.path,
        revision=newest.revision,
        sha256=stored.sha256,
        withdrawn=life.state == "withdrawn",
        mode=life.mode or "actual",
        owed_since=_owed_since(life, found),
        delivery=begun.delivery if begun else None,
        receipt=found,
    )


def _is_about(found: Receipt, begun: DeliveryStatus) -> bool:
    about = found.about
    return about is not None and (about.kind, about.revision) == (begun.kind, begun.revision)


def _owed_since(life: Life, found: Receipt) -> datetime:
    if life.state == "withdrawn":
        return life.last.at
    revision = found.about.revision if found.about else 0
    of_it = [past.at for past in life.history if past.revision == revision]
    return of_it[0] if of_it else life.history[-1].at
