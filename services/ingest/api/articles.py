"""The HTTP API: who may ask, and which flow answers. The steps of an article's life are in
steps_api.py, its revisions in revisions_api.py."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from redis.asyncio import Redis

from services.ingest.api import views
from services.ingest.api.access import Access, asked, content_type
from services.ingest.api.openapi import ARTICLE_ACCEPTED, ARTICLE_BODY, ETAG, PICTURE_BODY, problems
from services.ingest.api.request_body import read_upload
from services.ingest.keys.store import Key
from services.ingest.lifecycle.advance_article import Accepted, AdvanceArticle, found
from services.ingest.lifecycle.life import State
from services.ingest.lifecycle.steps import Person
from services.ingest.lifecycle.store import STATES, page_path
from services.ingest.lifecycle.submit_article import SubmitArticle
from services.ingest.pictures import picture
from services.ingest.pictures.save_picture import SavePicture
from services.ingest.pictures.store import Pictures
from services.ingest.receipts.previews import Previews
from services.ingest.receipts.receipt import Receipt, receipt
from services.ingest.receipts.store import Receipts
from shared.article import Picture

_LISTED = 100


@dataclass(frozen=True)
class Api:
    redis: Redis
    site: str
    """The site's address."""
    advance: AdvanceArticle
    pictures: Pictures
    previews: Previews
    receipts: Receipts
    save: SavePicture


def routes(api: Api) -> APIRouter:
    router = APIRouter(prefix="/api", generate_unique_id_function=lambda route: route.name)
    access, articles, rules = Access(api.redis), api.advance.articles, api.advance.rules
    submit = SubmitArticle(api.advance, api.pictures)
    Editor = Annotated[Key, Depends(access)]  # noqa: N806 - a type

    @router.post(
        "/articles",
        status_code=201,
        summary="Submit an article",
        responses=ARTICLE_ACCEPTED | problems(400, 401, 403, 409, 413, 415, 422, 503),
        openapi_extra=ARTICLE_BODY,
    )
    async def post_article(request: Request, response: Response, key: Editor) -> Accepted:
        accepted = await submit(await asked(request, key), content_type(request))
        response.headers["Location"] = f"/api/articles/{accepted.id}"
        response.headers["ETag"] = accepted.etag
        return accepted

    @router.get(
        "/articles",
        summary="Articles, those with the latest step first",
        responses=problems(401, 403, 422, 503),
    )
    async def list_articles(key: Editor, status: State | None = None) -> views.ArticleList:
        who = Person(key.name, key.role)
        lives = await articles.newest([status] if status else STATES, _LISTED)
        return views.ArticleList(articles=[views.listed(life, who, rules) for life in lives])

    @router.get(
        "/articles/{id}",
        summary="An article: its newest revision, and the one that readers see",
        responses=ETAG | problems(401, 403, 404, 503),
    )
    async def get_article(id: str, response: Response, key: Editor) -> views.ShownArticle:
        kept = found(await articles.find(id))
        response.headers["ETag"] = kept.life.etag
        url = api.site + page_path(kept.life.slug)
        return views.article(kept, Person(key.name, key.role), rules, url)

    @router.get(
        "/articles/{id}/receipt",
        summary="What has become of an article's alert",
        responses=problems(401, 403, 404, 503),
        dependencies=[Depends(access)],
    )
    async def get_receipt(id: str) -> Receipt:
        kept = found(await articles.find(id))
        seen = await api.receipts.seen(id)
        return receipt(kept.life, seen.page, seen.deliveries, seen.given_up)

    @router.post(
        "/assets",
        status_code=201,
        summary="Upload a picture",
        responses=problems(400, 401, 403, 413, 415, 422, 503),
        openapi_extra=PICTURE_BODY,
    )
    async def post_asset(request: Request, key: Editor) -> Picture:
        name, raw = await read_upload(request, picture.MAX_BYTES)
        return await api.save(key, name, raw)

    return router
