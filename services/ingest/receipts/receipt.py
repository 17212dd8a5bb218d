"""The editor's receipt: what has become of an article's alert. Pure."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, Field

from services.ingest.lifecycle.life import Life
from shared.alert import Mode
from shared.event_data import DeliveryKind, DeliveryState, DeliveryStatus, FailureCause


class GivenUp(BaseModel):
    """An event about the article that a service gave up on: a dead letter that still exists."""

    stream: str
    cause: str


class ReceiptSums(BaseModel):
    """`audience` = `handed_over` + `failed` + `suppressed` + `open`."""

    cause: str = ""
    """Why the delivery is paused: `operator`, `stale`, `unsafe`, `too_large`, `unreadable`, what
    keeps mail from the relay, or that readers see another page (`page_wrong` and why) or nobody can
    tell yet (`page_unseen` and why). If it has ended: `cancelled`, or `superseded` if the next one
    owes the rest."""
    audience: int = 0
    handed_over: int = 0
    failed: int = 0
    suppressed: int = 0
    open: int = 0
    bounced: int = 0
    """Those of `handed_over` whose mail came back later, as far as is known."""
    failed_by: dict[FailureCause, int] = Field(default_factory=dict)
    """`failed`, by why; causes with nobody are left out."""
    bounced_by: dict[FailureCause, int] = Field(default_factory=dict)
    """`bounced`, by why."""
    put_off_until: AwareDatetime | None = None
    """When the first of those are tried again whom their relays put off; it may be in the past."""


class OfDelivery(ReceiptSums):
    """One delivery: of the alert itself, of a correction, or of its withdrawal."""

    revision: int
    kind: DeliveryKind
    mode: Mode
    state: DeliveryState


class About(BaseModel):
    """What a receipt's state and sums are of."""

    kind: DeliveryKind
    revision: int


class Receipt(ReceiptSums):
    """What has become of an article; the sums are those of its newest delivery, or all 0 while the
    one that is owed has not begun."""

    state: DeliveryState | Literal["none"]
    about: About | None
    """None if the article mails nobody."""
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
    owed = _owed(life, newest)
    begun = None if owed else newest
    about = About(kind=begun.kind, revision=begun.revision) if begun else owed
    sums = set(ReceiptSums.model_fields)
    return Receipt(
        state="stuck" if problems else _state(begun, about),
        **(begun.model_dump(include=sums) if begun else {}),
        about=about,
        article=life.id,
        revision=life.revision,
        page=page,
        deliveries=[
            OfDelivery(**one.model_dump(include=set(OfDelivery.model_fields))) for one in deliveries
        ],
        problems=problems,
    )


def _owed(life: Life, newest: DeliveryStatus | None) -> About | None:
    """The delivery that a published revision owes and that has not told of itself yet."""
    if life.kind != "safety_alert" or not life.history:
        return None
    if newest is None:
        return About(kind="alert", revision=life.history[-1].revision) if life.live else None
    if life.state == "withdrawn":
        about = About(kind="withdrawal", revision=life.history[-1].revision)
    else:
        changes = [past for past in life.history if past.change]
        corrections = [past for past in changes if past.change and past.change.kind == "correction"]
        if not corrections:
            return None
        about = About(kind="correction", revision=corrections[-1].revision)
    if newest.kind == "alert" and newest.audience == 0:  # nobody to be told that it was wrong
        if about.kind == "withdrawal":
            return None
        about.kind = "alert"
    return about if about.revision > newest.revision else None


def _state(begun: DeliveryStatus | None, about: About | None) -> DeliveryState | Literal["none"]:
    if begun:
        return begun.state
    return "waiting_for_page" if about else "none"
