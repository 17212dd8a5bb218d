"""The HTTP API: who may ask, and which flow answers."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from redis.asyncio import Redis

from services.ingest import picture
from services.ingest.articles import Articles, Status, Stored, page_path
from services.ingest.keys import ROLES, Key, find_key
from services.ingest.openapi import ARTICLE_ACCEPTED, ARTICLE_BODY, PICTURE_BODY, problems
from services.ingest.problems import FieldError, Problem, malformed, not_found
from services.ingest.receipt import Receipt, receipt
from services.ingest.receipts import Receipts
from services.ingest.request_body import read_body, read_upload
from services.ingest.save_picture import SavePicture
from services.ingest.submit_article import Accepted, Post, SubmitArticle
from shared.article import Article, Picture

MAX_ARTICLE_BYTES = 1024 * 1024

_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]{1,255}")
_bearer = HTTPBearer(auto_error=False, description="An API key, from `varsel keys create`.")


class Shown(BaseModel):
    """An article as it is kept."""

    id: str
    revision: int
    status: Status
    url: str
    created_at: datetime
    published_at: datetime | None
    article: Article


@dataclass(frozen=True)
class Api:
    redis: Redis
    site: str
    """The site's address."""
    articles: Articles
    receipts: Receipts
    submit: SubmitArticle
    save: SavePicture


def routes(api: Api) -> APIRouter:
    router = APIRouter(prefix="/api", generate_unique_id_function=lambda route: route.name)

    async def editor(
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    ) -> Key:
        return await _editor(api.redis, credentials)

    Editor = Annotated[Key, Depends(editor)]  # noqa: N806 - a type

    async def stored(id: str) -> Stored:
        if found := await api.articles.find(id):
            return found
        raise not_found("Det er ingen sak med denne id-en.")

    @router.post(
        "/articles",
        status_code=201,
        summary="Submit an article",
        responses=ARTICLE_ACCEPTED | problems(400, 401, 403, 409, 413, 415, 422, 503),
        openapi_extra=ARTICLE_BODY,
    )
    async def post_article(request: Request, response: Response, key: Editor) -> Accepted:
        post = Post(
            key=key,
            content_type=_content_type(request),
            idempotency_key=_idempotency_key(request),
            raw=await read_body(request, MAX_ARTICLE_BYTES),
        )
        accepted = await api.submit(post)
        response.headers["Location"] = f"/api/articles/{accepted.id}"
        return accepted

    @router.get(
        "/articles/{id}",
        summary="An article",
        responses=problems(401, 403, 404, 503),
        dependencies=[Depends(editor)],
    )
    async def get_article(id: str) -> Shown:
        found = await stored(id)
        return Shown(
            id=found.id,
            revision=found.revision,
            status=found.status,
            url=api.site + page_path(found.slug),
            created_at=found.created_at,
            published_at=found.published_at,
            article=found.article,
        )

    @router.get(
        "/articles/{id}/receipt",
        summary="What has become of an article's alert",
        responses=problems(401, 403, 404, 503),
        dependencies=[Depends(editor)],
    )
    async def get_receipt(id: str) -> Receipt:
        found = await stored(id)
        seen = await api.receipts.seen(id)
        return receipt(found, seen.delivery, seen.page, seen.given_up)

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


async def _editor(redis: Redis, credentials: HTTPAuthorizationCredentials | None) -> Key:
    """Whose request it is; Problem 401 or 403 where nobody's who may ask."""
    key = await find_key(redis, credentials.credentials) if credentials else None
    if key is None:
        message = (
            "nøkkelen mangler eller er feil; be om en ny hos den som drifter Varsel "
            "(API: Authorization: Bearer …)"
        )
        raise Problem(
            401,
            "unauthorized",
            "Ingen gyldig nøkkel",
            "Varsel vet ikke hvem du er.",
            errors=[FieldError("Authorization", message)],
            headers={"WWW-Authenticate": 'Bearer realm="varsel"'},
        )
    if key.role not in ROLES:
        message = f"nøkkelens rolle gir ikke adgang; bruk en med rollen {' eller '.join(ROLES)}"
        errors = [FieldError("Authorization", message)]
        detail = "Du har ikke lov til dette."
        raise Problem(403, "forbidden", "Ingen adgang", detail, errors=errors)
    return key


def _content_type(request: Request) -> str:
    """The content type; nothing where the body is encoded, as nobody would decode it."""
    encoded = request.headers.get("content-encoding", "identity").lower() != "identity"
    return "" if encoded else request.headers.get("content-type", "")


def _idempotency_key(request: Request) -> str | None:
    values = request.headers.getlist("idempotency-key")
    if not values:
        return None
    if len(values) > 1 or not _VISIBLE_ASCII.fullmatch(values[0]):
        message = "må være 1 til 255 synlige ASCII-tegn, og stå én gang"
        raise malformed("", FieldError("Idempotency-Key", message))
    return values[0]
