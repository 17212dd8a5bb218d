"""The editor's receipt: what has become of an article's alert. Pure."""

from typing import Literal

from pydantic import BaseModel

from services.ingest.lifecycle.life import Life
from shared.alert import Mode
from shared.events import DeliveryState, DeliveryStatus


class GivenUp(BaseModel):
    """An event about the article that a service gave up on: a dead letter that still exists."""

    stream: str
    cause: str


class ReceiptSums(BaseModel):
    """`audience` = `handed_over` + `failed` + `suppressed` + `open`."""

    cause: str = ""
    """Why the delivery is paused: `operator`, `stale`, `unsafe`, or what keeps mail from the relay.
    If it has ended: `cancelled`, or `superseded` if the next one owes the rest."""
    audience: int = 0
    handed_over: int = 0
    failed: int = 0
    suppressed: int = 0
    open: int = 0


class OfDelivery(ReceiptSums):
    """One delivery: of the alert itself, of a correction, or of its withdrawal."""

    revision: int
    kind: Literal["alert", "correction", "withdrawal"]
    mode: Mode
    state: DeliveryState


class Receipt(ReceiptSums):
    """What has become of an article; the sums are those of its newest delivery."""

    state: DeliveryState | Literal["none"]
    article: str
    revision: int
    page: bool
    """Its page is live."""
    deliveries: list[OfDelivery]
    """Newest first."""
    problems: list[GivenUp]


def receipt(
    life: Life, page: bool, deliveries: list[DeliveryStatus], problems: list[GivenUp]
) -> Receipt:
    """The receipt of an article.

    `page`: its page is live. `deliveries` has the newest status of each delivery, the newest
    delivery first. `problems` are the dead letters about it.
    """
    newest = deliveries[0] if deliveries else None
    sums = set(ReceiptSums.model_fields)
    return Receipt(
        state="stuck" if problems else _state(life, newest),
        **(newest.model_dump(include=sums) if newest else {}),
        article=life.id,
        revision=life.revision,
        page=page,
        deliveries=[
            OfDelivery(**one.model_dump(include=set(OfDelivery.model_fields))) for one in deliveries
        ],
        problems=problems,
    )


def _state(life: Life, newest: DeliveryStatus | None) -> DeliveryState | Literal["none"]:
    if newest:
        return newest.state
    awaited = life.kind == "safety_alert" and life.live is not None
    return "waiting_for_page" if awaited else "none"
