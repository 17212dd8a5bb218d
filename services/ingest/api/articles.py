"""The routes of articles and pictures. Those of an article's steps are in steps.py, those of its
revisions in revisions.py."""

from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from services.ingest.api import views
from services.ingest.api.access import (
    MAX_ARTICLE_BYTES,
    Editor,
    content_type,
    reader_of_receipts,
    step_request,
)
from services.ingest.api.openapi import (
    ARTICLE_ACCEPTED,
    ARTICLE_BODY,
    ETAG,
    MOVED_BODY,
    PICTURE_BODY,
    problems,
)
from services.ingest.api.request_body import read_upload
from services.ingest.api.wired import Wired
from services.ingest.lifecycle.answer import Accepted
from services.ingest.lifecycle.life import ArticleState
from services.ingest.lifecycle.preconditions import require
from services.ingest.lifecycle.store import STATES
from services.ingest.pictures import picture
from services.ingest.receipts.receipt import Receipt, receipt
from shared.article import Picture

_LISTED_ARTICLES = 100
"""The newest ones that a list shows."""

_TAKEN_IN_BEFORE: dict[int | str, dict[str, Any]] = {
    200: {"model": Accepted, "description": "It was taken in before; nothing changed"}
}
router = APIRouter(prefix="/api")


@router.post(
    "/articles",
    status_code=201,
    summary="Submit an article",
    responses=ARTICLE_ACCEPTED | problems(400, 401, 403, 409, 413, 415, 422, 503),
    openapi_extra=ARTICLE_BODY,
)
async def post_article(
    request: Request, response: Response, person: Editor, parts: Wired
) -> Accepted:
    asked = await step_request(request, person, MAX_ARTICLE_BYTES)
    accepted = await parts.submit_article(asked, content_type(request))
    response.headers["Location"] = f"/api/articles/{accepted.id}"
    response.headers["ETag"] = accepted.etag
    return accepted


@router.post(
    "/imports",
    status_code=201,
    summary="Take in an article of another site, with its old date and addresses; nobody is told",
    responses=_TAKEN_IN_BEFORE | problems(400, 401, 403, 409, 413, 422, 503),
    openapi_extra=MOVED_BODY,
)
async def import_article(
    request: Request, response: Response, person: Editor, parts: Wired
) -> Accepted:
    asked = await step_request(request, person, MAX_ARTICLE_BYTES)
    accepted, is_new = await parts.import_article(asked)
    response.status_code = 201 if is_new else 200
    return accepted


@router.get(
    "/articles",
    summary="Articles, those with the latest step first",
    responses=problems(401, 403, 422, 503),
)
async def list_articles(
    person: Editor, parts: Wired, status: ArticleState | None = None
) -> views.ArticleList:
    lives = await parts.articles.newest([status] if status else STATES, _LISTED_ARTICLES)
    return views.ArticleList(articles=[views.listed(life, person, parts.rules) for life in lives])


@router.get(
    "/articles/{id}",
    summary="An article: its newest revision, and the one that readers see",
    responses=ETAG | problems(401, 403, 404, 503),
)
async def get_article(
    id: str, response: Response, person: Editor, parts: Wired
) -> views.ShownArticle:
    stored = require(await parts.articles.find(id))
    response.headers["ETag"] = stored.life.etag
    url = parts.site + stored.life.path
    live = stored.live.article if stored.live else None
    withdrawn = stored.life.state == "withdrawn"
    alike = [] if withdrawn else await parts.warn_of_alike(id, stored.head.article, live)
    return views.article(stored, person, parts.rules, url, alike)


@router.get(
    "/articles/{id}/receipt",
    summary="What has become of an article's alert",
    responses=problems(401, 404, 503),
    dependencies=[Depends(reader_of_receipts)],
)
async def get_receipt(id: str, parts: Wired) -> Receipt:
    stored = require(await parts.articles.find(id))
    seen = await parts.receipts.seen(id)
    return receipt(stored.life, seen.page, seen.deliveries, seen.given_up)


@router.post(
    "/assets",
    status_code=201,
    summary="Upload a picture",
    responses=problems(400, 401, 403, 413, 415, 422, 503),
    openapi_extra=PICTURE_BODY,
)
async def post_asset(request: Request, person: Editor, parts: Wired) -> Picture:
    name, raw = await read_upload(request, picture.MAX_BYTES)
    return await parts.save_picture(person, name, raw)
