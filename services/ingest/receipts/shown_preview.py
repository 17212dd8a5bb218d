"""What is known of a revision that waits: its page, its mail, and how many members it would reach.
Pure."""

from typing import Literal

from pydantic import BaseModel

from services.ingest.lifecycle.life import Life
from services.ingest.lifecycle.refusals import why_not_mailable
from services.ingest.receipts.previews import Previewed
from shared.event_data import MailPreview
from shared.subjects.match import Matched


class ShownPreview(BaseModel):
    """A revision that is not published, as readers and members would see it."""

    revision: int
    ready: bool
    """Page and mail are there; else ask again in a moment."""
    page: str | None
    """The page's address, for those who are shown it."""
    subject: str | None
    text: str | None
    html: str | None
    audience: int | None
    """How many members it would be mailed to."""
    first: int | None
    """Of them, those to whom it would be the first mail about the alert."""
    gone: int | None
    """How many members it would not be mailed to since they have left, or were erased."""
    chose_others: int | None
    """The same, since they chose other subjects."""
    not_owed: int | None
    """The same, since they never got the alert that it corrects or withdraws, or get no
    exercises."""
    no_address: int | None
    """The same, since their address is gone, by what came back."""
    matched: Matched | None
    """The subjects that its alert is about. None for news."""
    size: int | None
    """Octets of the largest mail that a member could get."""
    relay_takes: int | None
    """Octets of the largest mail that the relay takes. None if it names no limit, or did not
    answer."""
    refused: Literal["", "unsafe", "too_large"] | None
    """Why it can be mailed to nobody, so that nobody may approve it; empty if it can."""
    warnings: list[str]
    """What to know of the mail before it is approved, in words."""


def shown_preview(life: Life, seen: Previewed, site: str) -> ShownPreview:
    """The preview of the newest revision. `site` is the site's address, without path."""
    mail = seen.mail
    return ShownPreview(
        revision=life.revision,
        ready=seen.path is not None and mail is not None,
        page=seen.path and site + seen.path,
        subject=mail and mail.subject,
        text=mail and mail.text,
        html=mail and mail.html,
        audience=mail and mail.audience,
        first=mail and mail.first,
        gone=mail and mail.gone,
        chose_others=mail and mail.chose_others,
        not_owed=mail and mail.not_owed,
        no_address=mail and mail.no_address,
        matched=life.matched,
        size=mail and mail.size,
        relay_takes=mail and mail.relay_takes,
        refused=mail and mail.refused,
        warnings=_warnings(mail) if mail else [],
    )


def has_preview(life: Life) -> bool:
    """Whether its newest revision waits, so that there is a preview of it, or will be."""
    return life.token is not None and life.state not in ("published", "withdrawn")


def _warnings(mail: MailPreview) -> list[str]:
    found = [why_not_mailable(mail)] if mail.refused else []
    if mail.cut_by_gmail:
        found.append(
            "E-posten er så lang at Gmail bare viser begynnelsen (102 kB) og en lenke til resten. "
            "Kort ned varselet."
        )
    return found
