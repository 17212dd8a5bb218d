"""The ASGI app of the newsroom."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from redis.exceptions import RedisError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from services.ingest.identity.store import IDENTITY
from services.ingest.newsroom.admin import routes as admin
from services.ingest.newsroom.desk import routes as desk
from services.ingest.newsroom.doors import routes as doors
from services.ingest.newsroom.doors.logged_out import LoggedOut
from services.ingest.newsroom.editor import routes as editor
from services.ingest.newsroom.experts import routes as experts
from services.ingest.newsroom.kept_form import KeptForm, KeptForms
from services.ingest.newsroom.live import routes as live
from services.ingest.newsroom.look import Files, NewsroomLook, warm_look
from services.ingest.newsroom.review import routes as review
from services.ingest.newsroom.seeing import routes as seeing
from services.ingest.newsroom.telling import routes as telling
from services.ingest.newsroom.unforeseen import Unforeseen
from services.ingest.newsroom.visit import NobodyLoggedIn, StaffDoor, StaffVisit, key_of
from services.ingest.parts import Parts
from services.ingest.problems import Problem, unavailable
from shared import log
from shared.bus.errors import surroundings
from shared.frame.kept import Dressing, KeptIdentity
from shared.frame.page import Frame
from shared.languages.say import nb
from shared.visitors.cookies import new_id
from shared.visitors.faults import Faults
from shared.visitors.forms import StaleForm

_Rooms = Callable[[Parts, StaffDoor, NewsroomLook], list[Route]]
ROOMS: tuple[_Rooms, ...] = (
    admin.routes,
    desk.routes,
    doors.routes,
    editor.routes,
    experts.routes,
    live.routes,
    review.routes,
    seeing.routes,
    telling.routes,
)
"""The `routes` of each room."""
_STALE = (
    nb("Teksten din er her"),
    nb(
        "Noen andre har logget inn i denne nettleseren siden siden ble åpnet. Ingenting er lagret "
        "ennå, men alt som ble skrevet, er her. Lagrer du nå, er det du som har skrevet det."
    ),
)
"""Said if another person logged in since; of a draft, whoever saves it has written it."""
_AWAY = nb("Noe er midlertidig galt hos oss. Ingenting er endret; prøv om litt.")
_KEPT_WHILE_AWAY = nb(
    "Noe er midlertidig galt hos oss. Det du skrev, er ikke lagret, men det er heller ikke borte: "
    "det står her. La siden stå åpen, vent litt, og send det på nytt."
)
_PASSES = (429, 503)
"""Refusals after which the same form may be sent again."""
_REFUSALS = {
    400: (nb("Dette gikk ikke"), nb("Ingenting er endret. Gå tilbake, og prøv igjen.")),
    403: (
        nb("Det har du ikke lov til her"),
        nb(
            "Siden kan ha stått åpen for lenge, eller rollen din gir ikke "
            "adgang. Ingenting er endret. Gå tilbake, last siden på nytt, og "
            "prøv igjen."
        ),
    ),
    404: (nb("Vi finner ikke siden"), nb("Kanskje kom ikke hele adressen med.")),
    413: (nb("Det var for mye"), nb("Ingenting er lagret. Gå tilbake, og kort ned.")),
    429: (nb("Vent litt"), nb("Det er prøvd mange ganger herfra. Prøv igjen om ti minutter.")),
}


class Newsroom:
    """The newsroom, which is made once Redis is there: its key is in it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._app: ASGIApp | None = None

    async def warm(self) -> None:
        """Do at the start what would hold up the first who come: read the templates and the words
        for days, and make the app."""
        await asyncio.to_thread(warm_look)
        with suppress(RedisError, OSError):  # then at the first request
            await self._made()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            app = await self._made()
        except (RedisError, OSError):
            app = Response("Redaksjonen er ikke klar. Prøv igjen om litt.", 503)
            if scope.get("method") == "POST":
                # It finds the same out, and keeps what was typed. Its key is good for nothing else.
                app = create(self._parts, new_id().encode()[:32])
        await app(scope, receive, send)

    async def _made(self) -> ASGIApp:
        if self._app is None:
            self._app = create(self._parts, await key_of(self._parts.redis))
        return self._app


def create(parts: Parts, key: bytes) -> ASGIApp:
    """The app for `/redaksjon/…`; `key` is that of `visit.key_of`."""
    identity = KeptIdentity(parts.redis, IDENTITY)
    frame = Frame(parts.settings, identity)
    door = StaffDoor(parts, key, lambda: frame.name)
    files = Files()
    look = NewsroomLook(frame, door, files)
    refusals = _Refusals(door, look)
    rooms = [route for routes in ROOMS for route in routes(parts, door, look)]
    app = Starlette(
        routes=[Route("/redaksjon/fil/{digest}/{name}", files.serve), *rooms],
        exception_handlers={
            Problem: refusals.problem,
            HTTPException: refusals.status,
            RedisError: refusals.redis_away,
            NobodyLoggedIn: LoggedOut(door, look).answer,
            ClientDisconnect: _gone,
        },
        middleware=[Middleware(Faults, service="ingest", answer=Unforeseen(door, look).answer)],
    )
    app.router.redirect_slashes = False
    return Dressing(app, identity)


class _Refusals:
    def __init__(self, door: StaffDoor, look: NewsroomLook) -> None:
        self._door = door
        self._look = look
        self._kept = KeptForms(door)

    async def problem(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        kept = await self._kept_after(request, error.status)
        return self._look.problem(await self._visit(request), error, kept)

    async def status(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        title, detail = _REFUSALS.get(error.status_code, _REFUSALS[400])
        if isinstance(error, StaleForm):
            kept = await self._kept.of_another(request)
            title, detail = _STALE if kept and kept.may_send else (title, detail)
        else:
            kept = await self._kept_after(request, error.status_code)
        problem = Problem(error.status_code, "refused", title, detail)
        problem.headers = dict(error.headers or {})
        return self._look.problem(await self._visit(request), problem, kept)

    async def redis_away(self, request: Request, error: Exception) -> Response:
        away = surroundings(error)
        if away is None:
            raise error
        log.get("ingest").warning("request_refused", reason=away.reason)
        kept = await self._kept.of(request)
        problem = unavailable(_KEPT_WHILE_AWAY if kept and kept.has_text else _AWAY)
        return self._look.problem(self._door.stranger(request), problem, kept)

    async def _kept_after(self, request: Request, status: int) -> KeptForm | None:
        if status in _PASSES:
            return await self._kept.of(request)
        return await self._kept.to_copy(request)

    async def _visit(self, request: Request) -> StaffVisit:
        try:
            return await self._door.known(request, idles=False)
        except (RedisError, OSError):
            return self._door.stranger(request)


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=400)
