"""The editor's receipt: what has become of an article's alert."""

from typing import Literal

from pydantic import BaseModel

from services.ingest.articles import Stored
from shared.events import DeliveryState, DeliveryStatus


class GivenUp(BaseModel):
    """An event about the article that a service gave up on: a dead letter that still exists."""

    stream: str
    cause: str


class Receipt(BaseModel):
    """`audience` = `handed_over` + `failed` + `suppressed` + `open`."""

    state: DeliveryState | Literal["none"]
    cause: str = ""
    """Why it is paused: `operator`, `stale`, or the relay's codes; or `cancelled`."""
    audience: int = 0
    handed_over: int = 0
    failed: int = 0
    suppressed: int = 0
    open: int = 0
    article: str
    revision: int
    page: bool
    """Its page is live."""
    problems: list[GivenUp]


def receipt(
    stored: Stored, delivery: DeliveryStatus | None, page: bool, problems: list[GivenUp]
) -> Receipt:
    """The receipt of an article, given the newest status of its newest delivery."""
    counts = {"cause", "audience", "handed_over", "failed", "suppressed", "open"}
    return Receipt(
        state="stuck" if problems else _state(stored, delivery),
        **(delivery.model_dump(include=counts) if delivery else {}),
        article=stored.id,
        revision=stored.revision,
        page=page,
        problems=problems,
    )


def _state(stored: Stored, delivery: DeliveryStatus | None) -> DeliveryState | Literal["none"]:
    if delivery:
        return delivery.state
    awaited = stored.article.kind == "safety_alert" and stored.status == "published"
    return "waiting_for_page" if awaited else "none"
