"""The routes of an article's revisions: what was written, what differs, and what it will look
like."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi import Path as PathPart
from pydantic import BaseModel

from services.ingest.api import views
from services.ingest.api.access import editor
from services.ingest.api.openapi import problems
from services.ingest.api.parts import Parts, Wired
from services.ingest.lifecycle.diff.revisions import Diff, diff
from services.ingest.lifecycle.life import Life, StoredRevision
from services.ingest.lifecycle.refusals import why_not_mailable
from services.ingest.problems import Problem, not_found, unavailable
from services.ingest.subjects.match import Matched
from shared.child.children import ChildDied, GaveUp
from shared.events import MailPreview

_DIFF_SECONDS = 15.0
Number = Annotated[int, PathPart(ge=1, le=1_000_000)]


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


router = APIRouter(prefix="/api", dependencies=[Depends(editor)])


@router.get(
    "/articles/{id}/revisions",
    summary="All revisions of an article: who, when, why",
    responses=problems(401, 403, 404, 503),
)
async def list_revisions(id: str, parts: Wired) -> views.RevisionList:
    life = await _life(parts, id)
    newest_first = reversed(await parts.articles.revisions(id))
    return views.RevisionList(revisions=[views.revision(life, one) for one in newest_first])


@router.get(
    "/articles/{id}/revisions/{number}",
    summary="A revision",
    responses=problems(401, 403, 404, 422, 503),
)
async def get_revision(id: str, number: Number, parts: Wired) -> views.WholeRevision:
    life = await _life(parts, id)
    return views.whole(life, await _revision(parts, id, number))


@router.get(
    "/articles/{id}/diff",
    summary="What differs between two revisions",
    responses=problems(401, 403, 404, 422, 503),
)
async def get_diff(
    id: str,
    from_: Annotated[int, Query(alias="from", ge=1, le=1_000_000)],
    to: Annotated[int, Query(ge=1, le=1_000_000)],
    parts: Wired,
) -> Diff:
    await _life(parts, id)
    before, after = await _revision(parts, id, from_), await _revision(parts, id, to)
    size = len(before.article.body) + len(after.article.body)
    try:
        return await parts.children.run(size, _DIFF_SECONDS, diff, before, after)
    except (GaveUp, ChildDied):
        raise unavailable("Utgavene kunne ikke sammenlignes nå; prøv igjen om litt.") from None


@router.get(
    "/articles/{id}/preview",
    summary="Page and mail of a revision that waits",
    responses=problems(401, 403, 404, 409, 503),
)
async def get_preview(id: str, parts: Wired) -> ShownPreview:
    life = await _life(parts, id)
    if life.token is None or life.state in ("published", "withdrawn"):
        raise _no_preview()
    seen = await parts.previews.of(life)
    mail = seen.mail
    return ShownPreview(
        revision=life.revision,
        ready=seen.path is not None and mail is not None,
        page=seen.path and parts.site + seen.path,
        subject=mail and mail.subject,
        text=mail and mail.text,
        html=mail and mail.html,
        audience=mail and mail.audience,
        first=mail and mail.first,
        gone=mail and mail.gone,
        chose_others=mail and mail.chose_others,
        not_owed=mail and mail.not_owed,
        matched=life.matched,
        size=mail and mail.size,
        relay_takes=mail and mail.relay_takes,
        refused=mail and mail.refused,
        warnings=_warnings(mail) if mail else [],
    )


def _warnings(mail: MailPreview) -> list[str]:
    found = [why_not_mailable(mail)] if mail.refused else []
    if mail.cut_by_gmail:
        found.append(
            "E-posten er så lang at Gmail bare viser begynnelsen (102 kB) og en lenke til resten. "
            "Kort ned varselet."
        )
    return found


async def _life(parts: Parts, article: str) -> Life:
    if life := await parts.articles.life(article):
        return life
    raise not_found("Det er ingen sak med denne id-en.")


async def _revision(parts: Parts, article: str, number: int) -> StoredRevision:
    for revision in await parts.articles.revisions(article, [number]):
        return revision
    raise not_found(f"Saken har ingen utgave {number}.")


def _no_preview() -> Problem:
    return Problem(
        409,
        "no-preview",
        "Ingen forhåndsvisning",
        "Bare en sak som venter på godkjenning, har en forhåndsvisning; send den til godkjenning "
        "først.",
    )
