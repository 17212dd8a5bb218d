"""Whose request it is, and what it says beside its body."""

import re
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.ingest.api.request_body import read_body
from services.ingest.api.wired import Wired
from services.ingest.lifecycle.preconditions import StepRequest
from services.ingest.people.keys import Key
from services.ingest.people.person import Person
from services.ingest.problems import FieldError, Problem, malformed
from shared.visitors.sources import network

MAX_ARTICLE_BYTES = 1024 * 1024
MAX_NOTE_BYTES = 16 * 1024
"""Of a step's body: a note of 600 characters, however they are escaped."""

_LONGEST_CONTENT_TYPE = 200
"""Characters."""
_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]{1,255}")
_bearer = HTTPBearer(auto_error=False, description="An API key, from `varsel keys create`.")


async def reader_of_receipts(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    parts: Wired,
) -> Key:
    """For `Depends`: the key that the request comes with, also one that may only read receipts.
    Raises Problem 401 if it comes with none or a wrong one, 429 if it is one too many."""
    key = await parts.api_keys.find(credentials.credentials) if credentials else None
    if key is None:
        if not parts.rates.sources.may_ask(network(request.client.host if request.client else "")):
            raise _too_often()
        await parts.epoch.check()  # else everybody hears that their key is wrong
        raise _unknown()
    if not parts.rates.keys.may_ask(key.id):
        raise _too_often()
    return key


ReaderOfReceipts = Annotated[Key, Depends(reader_of_receipts)]
"""Somebody who may read receipts, as a parameter of a route."""


async def editor(key: ReaderOfReceipts) -> Person:
    """For `Depends`: the person whose key the request comes with. Raises Problem 401 if it comes
    with none or a wrong one, 403 if that may only read receipts."""
    if key.only:
        raise _only_receipts()
    return key.person


Editor = Annotated[Person, Depends(editor)]
"""Somebody who may ask, as a parameter of a route."""


async def step_request(
    request: Request, person: Person, longest: int = MAX_NOTE_BYTES
) -> StepRequest:
    """The request as the flows take it, with its body of at most `longest` bytes.

    Raises Problem 413 if the body is too long, 400 if the idempotency key has a wrong form.
    """
    return StepRequest(
        person=person,
        target=f"{request.method} {request.url.path}",
        raw=await read_body(request, longest),
        idempotency_key=_idempotency_key(request),
        if_match=", ".join(request.headers.getlist("if-match")) or None,
    )


def content_type(request: Request) -> str:
    """The content type. Empty if the body is encoded (as gzip), because nobody would decode it, and
    if it is longer than any that we take."""
    value = request.headers.get("content-type", "")
    encoded = request.headers.get("content-encoding", "identity").lower() != "identity"
    return "" if encoded or len(value) > _LONGEST_CONTENT_TYPE else value


def _unknown() -> Problem:
    message = (
        "nøkkelen mangler eller er feil; be om en ny hos den som drifter Varsel "
        "(API: Authorization: Bearer …)"
    )
    return Problem(
        401,
        "unauthorized",
        "Ingen gyldig nøkkel",
        "Varsel vet ikke hvem du er.",
        errors=[FieldError("Authorization", message)],
        headers={"WWW-Authenticate": 'Bearer realm="varsel"'},
    )


def _too_often() -> Problem:
    return Problem(
        429,
        "too-often",
        "For ofte",
        "Vent litt, og spør igjen. Den samme saken sendt to ganger blir én sak.",
        headers={"Retry-After": "2"},
    )


def _only_receipts() -> Problem:
    message = "denne nøkkelen kan bare lese kvitteringer; bruk en som er laget uten «--only»"
    return Problem(
        403,
        "only-receipts",
        "Nøkkelen er laget for noe annet",
        "Den kan lese hva som er blitt av varslene, og ingenting annet.",
        errors=[FieldError("Authorization", message)],
    )


def _idempotency_key(request: Request) -> str | None:
    values = request.headers.getlist("idempotency-key")
    if not values:
        return None
    if len(values) > 1 or not _VISIBLE_ASCII.fullmatch(values[0]):
        message = "må være 1 til 255 synlige ASCII-tegn, og stå én gang"
        raise malformed("", FieldError("Idempotency-Key", message))
    return values[0]
