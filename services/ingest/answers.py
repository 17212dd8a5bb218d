"""Every answer of the API that is no success, as a problem document."""

import json

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from redis.exceptions import RedisError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from services.ingest.problems import MEDIA_TYPE, FieldError, Problem, invalid, unavailable
from shared import log
from shared.bus.errors import surroundings

_TITLES = {404: "Finnes ikke", 405: "Metoden er ikke lov her"}
_DETAILS = {404: "Det er ingenting på denne adressen.", 405: "Se «Allow» for metodene som er lov."}


def install(app: FastAPI) -> None:
    """Let `app` answer errors with problem documents."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _parameters)
    app.add_exception_handler(RedisError, _redis)
    app.add_exception_handler(ClientDisconnect, _gone)


def _answer(problem: Problem) -> Response:
    # A half character from the input becomes its escape, which JSON can carry.
    text = json.dumps(problem.document(), ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(text, problem.status, problem.headers, MEDIA_TYPE)


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return _answer(error)


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code
    title, detail = _TITLES.get(status, "Feil"), _DETAILS.get(status, "")
    return _answer(Problem(status, f"http-{status}", title, detail, headers=error.headers))


async def _parameters(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    names = (str(one["loc"][-1]) for one in error.errors())
    return _answer(invalid(*(FieldError(name, "har feil form") for name in names)))


async def _redis(_: Request, error: Exception) -> Response:
    away = surroundings(error)
    if away is None:
        raise error
    log.get("ingest").warning("request_refused", reason=away.reason)
    return _answer(unavailable("Lageret svarer ikke nå; ingenting er tapt, prøv igjen om litt."))


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=400)
