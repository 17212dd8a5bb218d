"""The HTTP API of an article's life: a new revision, and the steps that it can take."""

from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from services.ingest.api.access import Access, asked, content_type
from services.ingest.api.articles import Api
from services.ingest.api.openapi import (
    ETAG,
    IDEMPOTENT,
    IF_MATCH,
    REVISION_BODY,
    parameters,
    problems,
    step_body,
)
from services.ingest.keys.store import Key
from services.ingest.lifecycle.advance_article import Accepted
from services.ingest.lifecycle.save_revision import SaveRevision
from services.ingest.lifecycle.take_step import TakeStep
from services.ingest.problems import invalid, malformed
from services.ingest.reading import strict_json
from services.ingest.reading.field_errors import field_errors
from shared.fields import Model, Paragraph

M = TypeVar("M", bound=Model)


class Note(Model):
    """Why somebody takes a step."""

    note: Paragraph


class PerhapsNote(Model):
    """Why, if they want to say so."""

    note: Paragraph | None = None


_MAY_FAIL = problems(400, 401, 403, 404, 409, 412, 413, 422, 503)


def routes(api: Api) -> APIRouter:
    router = APIRouter(prefix="/api", generate_unique_id_function=lambda route: route.name)
    Editor = Annotated[Key, Depends(Access(api.redis))]  # noqa: N806 - a type
    save, take = SaveRevision(api.advance, api.pictures), TakeStep(api.advance)

    def answer(response: Response, accepted: Accepted) -> Accepted:
        response.headers["ETag"] = accepted.etag
        return accepted

    @router.put(
        "/articles/{id}",
        summary="Save a new revision, and submit it unless it is a draft",
        responses=ETAG | problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503),
        openapi_extra=REVISION_BODY,
    )
    async def put_article(id: str, request: Request, response: Response, key: Editor) -> Accepted:
        whole = await asked(request, key)
        return answer(response, await save(id, whole, content_type(request)))

    @router.post(
        "/articles/{id}/submit",
        summary="Send the newest revision to review, or publish it where that is enough",
        responses=ETAG | _MAY_FAIL,
        openapi_extra=parameters(IDEMPOTENT, IF_MATCH),
    )
    async def submit_article(
        id: str, request: Request, response: Response, key: Editor
    ) -> Accepted:
        return answer(response, await take("submit", id, await asked(request, key)))

    @router.post(
        "/articles/{id}/approve",
        summary="Approve what `If-Match` says that you have seen",
        responses=ETAG | _MAY_FAIL | problems(428),
        openapi_extra=parameters(IDEMPOTENT, IF_MATCH),
    )
    async def approve_article(
        id: str, request: Request, response: Response, key: Editor
    ) -> Accepted:
        return answer(response, await take("approve", id, await asked(request, key)))

    @router.post(
        "/articles/{id}/reject",
        summary="Send it back to its authors, and say why",
        responses=ETAG | _MAY_FAIL,
        openapi_extra=step_body(Note),
    )
    async def reject_article(
        id: str, request: Request, response: Response, key: Editor
    ) -> Accepted:
        whole = await asked(request, key)
        return answer(response, await take("reject", id, whole, _read(whole.raw, Note).note))

    @router.post(
        "/articles/{id}/stop",
        summary="Stop what waits for approval or for its time: it is a draft again",
        responses=ETAG | _MAY_FAIL,
        openapi_extra=step_body(PerhapsNote),
    )
    async def stop_article(id: str, request: Request, response: Response, key: Editor) -> Accepted:
        whole = await asked(request, key)
        return answer(response, await take("stop", id, whole, _read(whole.raw, PerhapsNote).note))

    @router.post(
        "/articles/{id}/withdraw",
        summary="Withdraw what is published, for good, and say why",
        responses=ETAG | _MAY_FAIL,
        openapi_extra=step_body(Note),
    )
    async def withdraw_article(
        id: str, request: Request, response: Response, key: Editor
    ) -> Accepted:
        whole = await asked(request, key)
        return answer(response, await take.withdraw(id, whole, _read(whole.raw, Note).note))

    return router


def _read(raw: bytes, model: type[M]) -> M:
    """The JSON body of a step; without one, an empty object."""
    try:
        fields = strict_json.read(raw.decode("utf-8-sig")) if raw.strip() else {}
    except UnicodeDecodeError:
        raise malformed("Dokumentet kan ikke leses: send JSON i UTF-8.") from None
    if not isinstance(fields, dict):
        raise malformed("Dokumentet må være et objekt med felt, som «note».")
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise invalid(*field_errors(error, model)) from None
