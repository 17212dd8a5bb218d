"""An alert that is out, and what notify tells of it."""

from datetime import UTC, datetime
from typing import Any

from services.ingest.receipts.store import look_seen, receipt_key, status_fields
from shared.event_data import DeliveryStatus, OutsideLook
from tests import make
from tests.ingest.conftest import Ingest
from tests.ingest.statuses import status


async def an_alert(ingest: Ingest) -> str:
    """An alert that is published; gives its id."""
    answer = await ingest.post(make.alert().model_dump(mode="json"))
    assert answer.json()["status"] == "published", answer.text
    return str(answer.json()["id"])


async def stands(ingest: Ingest, now: DeliveryStatus, *, page: bool = True) -> None:
    """The delivery has told this, and its page was seen, if there is a `page`."""
    if page:
        await looked(ingest, now.article)
    sequence_field, sequence, status_field, text = status_fields(now)
    fields: dict[Any, Any] = {sequence_field: sequence, status_field: text, "page": int(page)}
    await ingest.redis.hset(receipt_key(now.article), mapping=fields)


async def looked(ingest: Ingest, article: str, found: str = "", **overrides: Any) -> OutsideLook:
    """notify has looked at the page now, and found this."""
    fields: dict[str, Any] = {"revision": 1, "withdrawn": False, "at": datetime.now(UTC)}
    look = OutsideLook(article=article, found=found, **fields | overrides)
    for op in look_seen(look).ops:
        await ingest.redis.execute_command(*op)
    return look


async def half_way(ingest: Ingest, **overrides: Any) -> str:
    """An alert of which 4 of 10 are sent."""
    article = await an_alert(ingest)
    await stands(ingest, status(article, 3, 4, **overrides))
    return article
