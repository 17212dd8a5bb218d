"""The routes of an article's life: a new revision, and the steps that it can take."""

from typing import TypeVar

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from services.ingest.api.access import MAX_ARTICLE_BYTES, Editor, content_type, step_request
from services.ingest.api.openapi import (
    ETAG,
    IDEMPOTENT,
    IF_MATCH,
    REVISION_BODY,
    parameters,
    problems,
    step_body,
)
from services.ingest.api.wired import Wired
from services.ingest.lifecycle.answer import Accepted
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

router = APIRouter(prefix="/api")


@router.put(
    "/articles/{id}",
    summary="Save a new revision, and submit it unless it is a draft",
    responses=ETAG | problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503),
    openapi_extra=REVISION_BODY,
)
async def put_article(
    id: str, request: Request, response: Response, person: Editor, parts: Wired
) -> Accepted:
    asked = await step_request(request, person, MAX_ARTICLE_BYTES)
    return _tagged(response, await parts.save_revision(id, asked, content_type(request)))


@router.post(
    "/articles/{id}/submit",
    summary="Send the newest revision to review, or publish it if that is enough",
    responses=ETAG | _MAY_FAIL,
    openapi_extra=parameters(IDEMPOTENT, IF_MATCH),
)
async def submit_article(
    id: str, request: Request, response: Response, person: Editor, parts: Wired
) -> Accepted:
    asked = await step_request(request, person)
    return _tagged(response, await parts.take_step("submit", id, asked))


@router.post(
    "/articles/{id}/approve",
    summary="Approve what `If-Match` says that you have seen",
    responses=ETAG | _MAY_FAIL | problems(428),
    openapi_extra=parameters(IDEMPOTENT, IF_MATCH),
)
async def approve_article(
    id: str, request: Request, response: Response, person: Editor, parts: Wired
) -> Accepted:
    asked = await step_request(request, person)
    return _tagged(response, await parts.take_step("approve", id, asked))


@router.post(
    "/articles/{id}/reject",
    summary="Send it back to its authors, and say why",
    responses=ETAG | _MAY_FAIL,
    openapi_extra=step_body(Note),
)
async def reject_article(
    id: str, request: Request, response: Response, person: Editor, parts: Wired
) -> Accepted:
    asked = await step_request(request, person)
    note = read_body_as(asked.raw, Note).note
    return _tagged(response, await parts.take_step("reject", id, asked, note))


@router.post(
    "/articles/{id}/stop",
    summary="Stop what waits for approval or for its time: it is a draft again",
    responses=ETAG | _MAY_FAIL,
    openapi_extra=step_body(PerhapsNote),
)
async def stop_article(
    id: str, request: Request, response: Response, person: Editor, parts: Wired
) -> Accepted:
    asked = await step_request(request, person)
    note = read_body_as(asked.raw, PerhapsNote).note
    return _tagged(response, await parts.take_step("stop", id, asked, note))


@router.post(
    "/articles/{id}/withdraw",
    summary="Withdraw what is published, for good, and say why",
    responses=ETAG | _MAY_FAIL,
    openapi_extra=step_body(Note),
)
async def withdraw_article(
    id: str, request: Request, response: Response, person: Editor, parts: Wired
) -> Accepted:
    asked = await step_request(request, person)
    note = read_body_as(asked.raw, Note).note
    return _tagged(response, await parts.take_step("withdraw", id, asked, note))


def _tagged(response: Response, accepted: Accepted) -> Accepted:
    response.headers["ETag"] = accepted.etag
    return accepted


def read_body_as(raw: bytes, model: type[M]) -> M:
    """The JSON body of a step. An empty body is an empty object.

    Raises Problem 400 if it cannot be read, 422 if its fields are wrong.
    """
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
