"""The routes of articles and pictures. Those of an article's steps are in steps.py, those of its
revisions in revisions.py."""

from fastapi import APIRouter, Depends, Request, Response

from services.ingest.api import views
from services.ingest.api.access import MAX_ARTICLE_BYTES, Editor, content_type, editor, step_request
from services.ingest.api.openapi import ARTICLE_ACCEPTED, ARTICLE_BODY, ETAG, PICTURE_BODY, problems
from services.ingest.api.parts import Wired
from services.ingest.api.request_body import read_upload
from services.ingest.lifecycle.answer import Accepted
from services.ingest.lifecycle.life import State
from services.ingest.lifecycle.preconditions import require
from services.ingest.lifecycle.steps import Person
from services.ingest.lifecycle.store import STATES
from services.ingest.pictures import picture
from services.ingest.receipts.receipt import Receipt, receipt
from shared.article import Picture

_LISTED_ARTICLES = 100

router = APIRouter(prefix="/api")


@router.post(
    "/articles",
    status_code=201,
    summary="Submit an article",
    responses=ARTICLE_ACCEPTED | problems(400, 401, 403, 409, 413, 415, 422, 503),
    openapi_extra=ARTICLE_BODY,
)
async def post_article(request: Request, response: Response, key: Editor, parts: Wired) -> Accepted:
    asked = await step_request(request, key, MAX_ARTICLE_BYTES)
    accepted = await parts.submit_article(asked, content_type(request))
    response.headers["Location"] = f"/api/articles/{accepted.id}"
    response.headers["ETag"] = accepted.etag
    return accepted


@router.get(
    "/articles",
    summary="Articles, those with the latest step first",
    responses=problems(401, 403, 422, 503),
)
async def list_articles(
    key: Editor, parts: Wired, status: State | None = None
) -> views.ArticleList:
    who = Person(key.name, key.role)
    lives = await parts.articles.newest([status] if status else STATES, _LISTED_ARTICLES)
    return views.ArticleList(articles=[views.listed(life, who, parts.rules) for life in lives])


@router.get(
    "/articles/{id}",
    summary="An article: its newest revision, and the one that readers see",
    responses=ETAG | problems(401, 403, 404, 503),
)
async def get_article(id: str, response: Response, key: Editor, parts: Wired) -> views.ShownArticle:
    stored = require(await parts.articles.find(id))
    response.headers["ETag"] = stored.life.etag
    url = parts.site + stored.life.path
    live = stored.live.article if stored.live else None
    withdrawn = stored.life.state == "withdrawn"
    alike = [] if withdrawn else await parts.warn_of_alike(id, stored.head.article, live)
    return views.article(stored, Person(key.name, key.role), parts.rules, url, alike)


@router.get(
    "/articles/{id}/receipt",
    summary="What has become of an article's alert",
    responses=problems(401, 403, 404, 503),
    dependencies=[Depends(editor)],
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
async def post_asset(request: Request, key: Editor, parts: Wired) -> Picture:
    name, raw = await read_upload(request, picture.MAX_BYTES)
    return await parts.save_picture(key, name, raw)
