"""The HTTP API of an article's revisions: what was written, what differs, and what it will look
like."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi import Path as PathPart
from pydantic import BaseModel

from services.ingest.api import views
from services.ingest.api.access import Access
from services.ingest.api.articles import Api
from services.ingest.api.openapi import problems
from services.ingest.lifecycle.diff import Diff, diff
from services.ingest.lifecycle.life import Life, StoredRevision
from services.ingest.problems import Problem, not_found

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


def routes(api: Api) -> APIRouter:
    router = APIRouter(
        prefix="/api",
        generate_unique_id_function=lambda route: route.name,
        dependencies=[Depends(Access(api.redis))],
    )
    articles = api.advance.articles

    async def life_of(article: str) -> Life:
        if life := await articles.life(article):
            return life
        raise not_found("Det er ingen sak med denne id-en.")

    async def revision_of(article: str, number: int) -> StoredRevision:
        for revision in await articles.revisions(article, [number]):
            return revision
        raise not_found(f"Saken har ingen utgave {number}.")

    @router.get(
        "/articles/{id}/revisions",
        summary="All revisions of an article: who, when, why",
        responses=problems(401, 403, 404, 503),
    )
    async def list_revisions(id: str) -> views.RevisionList:
        life = await life_of(id)
        saved = reversed(await articles.revisions(id))
        return views.RevisionList(revisions=[views.revision(life, one) for one in saved])

    @router.get(
        "/articles/{id}/revisions/{number}",
        summary="A revision",
        responses=problems(401, 403, 404, 422, 503),
    )
    async def get_revision(id: str, number: Number) -> views.WholeRevision:
        life = await life_of(id)
        return views.whole(life, await revision_of(id, number))

    @router.get(
        "/articles/{id}/diff",
        summary="What differs between two revisions",
        responses=problems(401, 403, 404, 422, 503),
    )
    async def get_diff(
        id: str,
        from_: Annotated[int, Query(alias="from", ge=1, le=1_000_000)],
        to: Annotated[int, Query(ge=1, le=1_000_000)],
    ) -> Diff:
        await life_of(id)
        return diff(await revision_of(id, from_), await revision_of(id, to))

    @router.get(
        "/articles/{id}/preview",
        summary="Page and mail of a revision that waits",
        responses=problems(401, 403, 404, 409, 503),
    )
    async def get_preview(id: str) -> ShownPreview:
        life = await life_of(id)
        if life.token is None or life.state in ("published", "withdrawn"):
            raise _no_preview()
        seen = await api.previews.of(life)
        mail = seen.mail
        return ShownPreview(
            revision=life.revision,
            ready=seen.path is not None and mail is not None,
            page=seen.path and api.site + seen.path,
            subject=mail and mail.subject,
            text=mail and mail.text,
            html=mail and mail.html,
            audience=mail and mail.audience,
        )

    return router


def _no_preview() -> Problem:
    return Problem(
        409,
        "no-preview",
        "Ingen forhåndsvisning",
        "Bare en sak som venter på godkjenning, har en forhåndsvisning; send den til godkjenning "
        "først.",
    )
