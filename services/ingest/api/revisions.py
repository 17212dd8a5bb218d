"""The routes of an article's revisions: what was written, what differs, and what it will look
like."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi import Path as PathPart

from services.ingest.api import views
from services.ingest.api.access import editor
from services.ingest.api.openapi import problems
from services.ingest.api.wired import Wired
from services.ingest.lifecycle.diff.revisions import Diff, diff
from services.ingest.lifecycle.life import Life, StoredRevision
from services.ingest.parts import Parts
from services.ingest.problems import Problem, not_found, unavailable
from services.ingest.receipts.shown_preview import ShownPreview, has_preview, shown_preview
from shared.child.children import ChildDied, GaveUp
from shared.languages.say import nb

_DIFF_SECONDS = 15.0
Number = Annotated[int, PathPart(ge=1, le=1_000_000)]


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
    if not has_preview(life):
        raise _no_preview()
    return shown_preview(life, await parts.previews.of(life), parts.site)


async def _life(parts: Parts, article: str) -> Life:
    if life := await parts.articles.life(article):
        return life
    raise not_found(nb("Det er ingen sak med denne id-en."))


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
