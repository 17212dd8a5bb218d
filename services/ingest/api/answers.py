"""What all answers of the API have in common: nobody may keep them, and each that is no success is
a problem document."""

import json
from collections.abc import Sequence

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from redis.exceptions import RedisError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, Route
from starlette.types import Message, Receive, Scope, Send

from services.ingest.lifecycle.plan import NotApprovedError
from services.ingest.problems import MEDIA_TYPE, FieldError, Problem, invalid, unavailable
from shared import log
from shared.bus.epoch import EpochOver
from shared.bus.errors import surroundings
from shared.languages.say import nb
from shared.visitors.faults import Faults

_TITLES = {404: nb("Finnes ikke"), 405: "Metoden er ikke lov her"}
_DETAILS = {404: "Det er ingenting på denne adressen.", 405: "Se «Allow» for metodene som er lov."}
_OTHER_DATA = (
    "Varsel finner ikke igjen dataene sine, og tar ikke imot noe nå. Si fra til den som drifter "
    "Varsel."
)


def install(app: FastAPI, routes: Sequence[BaseRoute]) -> None:
    """Let `app`, which serves `routes`, answer errors with problem documents."""
    app.state.routes = routes
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _parameters)
    app.add_exception_handler(RedisError, _redis)
    app.add_exception_handler(NotApprovedError, _not_approved)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_middleware(Faults, service="ingest", answer=_unforeseen)


class Api(FastAPI):
    """Gives answers that nobody may keep, errors of any kind included: they hold what is not
    published, and whoever asks may do so no more tomorrow."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_unstored(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Cache-Control"] = "no-store"
            await send(message)

        await super().__call__(scope, receive, send_unstored)


def _answer(problem: Problem) -> Response:
    # A half character from the input becomes its escape, which JSON can carry.
    text = json.dumps(problem.document(), ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(text, problem.status, problem.headers, MEDIA_TYPE)


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return _answer(error)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code
    title, detail = _TITLES.get(status, "Feil"), _DETAILS.get(status, "")
    headers = dict(error.headers or {})
    if status == 405:
        headers["Allow"] = _allowed(request) or headers.get("Allow", "")
    return _answer(Problem(status, f"http-{status}", title, detail, headers=headers))


def _allowed(request: Request) -> str:
    """All methods of what is asked for (RFC 9110, section 10.2.1). The framework names only those
    of the first route with this path."""
    matching = (
        r
        for r in request.app.state.routes
        if isinstance(r, Route) and r.matches(request.scope)[0].value
    )
    return ", ".join(sorted({method for route in matching for method in route.methods or ()}))


async def _parameters(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    names = (str(one["loc"][-1]) for one in error.errors())
    return _answer(invalid(*(FieldError(name, "har feil form") for name in names)))


async def _redis(_: Request, error: Exception) -> Response:
    away = surroundings(error)
    if away is None:
        raise error
    log.get("ingest").warning("request_refused", reason=away.reason)
    if isinstance(error, EpochOver):
        return _answer(unavailable(_OTHER_DATA))
    return _answer(unavailable("Lageret svarer ikke nå; ingenting er tapt, prøv igjen om litt."))


async def _not_approved(_: Request, __: Exception) -> Response:
    detail = (
        "Det som er lagret, er ikke det som ble godkjent. Lagre saken på nytt, og send den inn."
    )
    return _answer(Problem(409, "not-approved", "Ikke godkjent", detail))


async def _unforeseen(_: Request) -> Response:
    detail = (
        "Det er skrevet ned i loggen. Vi vet ikke om det du sendte, ble tatt imot: se etter før du "
        "sender det igjen, eller send det med samme Idempotency-Key."
    )
    return _answer(Problem(500, "internal", "Noe gikk galt hos oss", detail))


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=400)
