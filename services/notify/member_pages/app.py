"""The ASGI app of notify's pages: what is behind a mail's link, joining, and «Min side»."""

from contextlib import suppress

from redis.exceptions import RedisError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from services.notify.journal.journal import JournalAway
from services.notify.letters.store import Full
from services.notify.member_pages.confirming import Confirming
from services.notify.member_pages.details import Details
from services.notify.member_pages.farewell import Farewell
from services.notify.member_pages.joining import Joining
from services.notify.member_pages.look import TEMPLATES, PageLook
from services.notify.member_pages.my_page import MyPage
from services.notify.member_pages.passkey_pages import PasskeyPages
from services.notify.member_pages.unsubscribing import Unsubscribing
from services.notify.member_pages.visit import Door, PageParts, ToLogIn, to
from shared import log
from shared.bus.errors import surroundings
from shared.frame.kept import Dressing
from shared.frame.page import Frame
from shared.visitors.faults import Faults
from shared.visitors.forms import LARGEST_BODY_BYTES, Form, read_body, typed_fields
from shared.visitors.gate import Gate
from shared.visitors.routes import by_method

_UNSUBSCRIBE = "/member/"
_PROBLEMS = {
    404: "unknown.html",
    405: "wrong_way.html",
    413: "wrong_way.html",
    500: "later.html",
    503: "later.html",
}
"""Of the pages behind the unsubscribe link."""
_STYLE = (TEMPLATES / "stil.css").read_text()
_KEPT = {"Cache-Control": "public, max-age=300"}


def create(parts: PageParts) -> ASGIApp:
    """The app for `/member/…`, `/bli-medlem/…` and `/min-side/…`."""
    door = Door(parts)
    look = PageLook(Frame(parts.settings, parts.identity), door)
    problems = _Problems(door, look)
    app = Starlette(
        routes=routes(parts, door, look),
        exception_handlers={
            HTTPException: problems.page,
            RedisError: problems.redis_away,
            JournalAway: problems.journal_away,
            ToLogIn: _to_log_in,
            ClientDisconnect: _gone,
        },
        middleware=[Middleware(Faults, service="notify", answer=problems.unforeseen)],
    )
    app.router.redirect_slashes = False
    return Gate(Dressing(app, parts.identity))


def routes(parts: PageParts, door: Door, look: PageLook) -> list[Route]:
    """All that members can ask for."""
    unsubscribing = Unsubscribing(parts, door, look)
    return [
        Route("/member/unsubscribe/{token}", unsubscribing.unsubscribe, methods=["GET", "POST"]),
        Route("/member/unsubscribe/{token}/angre", unsubscribing.undo, methods=["POST"]),
        Route("/min-side/stil.css", _style),
        *_joining_and_links(parts, door, look),
        *_my_page(parts, door, look),
    ]


def _joining_and_links(parts: PageParts, door: Door, look: PageLook) -> list[Route]:
    joining, confirming = Joining(parts, door, look), Confirming(parts, door, look)
    link = (confirming.look_at_link, confirming.press)
    code = (confirming.ask_code, confirming.try_code)
    return [
        by_method("/bli-medlem/", joining.ask, joining.join),
        Route("/bli-medlem/velkommen/", joining.welcome),
        by_method("/bli-medlem/kode/", *code),
        by_method("/min-side/kode/", *code),
        by_method("/min-side/adresse/kode/", *code),
        by_method("/bli-medlem/bekreft/{token}", *link),
        by_method("/min-side/inn/{token}", *link),
        by_method("/min-side/angre/{token}", *link),
        by_method("/min-side/steng/{token}", *link),
    ]


def _my_page(parts: PageParts, door: Door, look: PageLook) -> list[Route]:
    passkeys = PasskeyPages(parts, door, look)
    mine, details = MyPage(parts, door, look, passkeys), Details(parts, door, look)
    farewell = Farewell(parts, door, look)
    return [
        by_method("/min-side/", mine.show, mine.log_in),
        Route("/min-side/alt.json", mine.export),
        by_method("/min-side/passnokkel/", passkeys.show, passkeys.change),
        Route("/min-side/passnokkel/brev/", passkeys.ask_letter, methods=["POST"]),
        Route("/min-side/passnokkel/inn/", passkeys.log_in, methods=["POST"]),
        Route("/min-side/{name}.js", passkeys.script),
        by_method("/min-side/opplysninger/", details.ask_name, details.set_name),
        by_method("/min-side/emner/", details.ask_choice, details.set_choice),
        by_method("/min-side/adresse/", details.ask_address, details.set_address),
        by_method("/min-side/meld-av/", farewell.ask_to_leave, farewell.leave),
        by_method("/min-side/slett/", farewell.ask_to_erase, farewell.erase),
        Route("/min-side/kom-tilbake/", farewell.come_back, methods=["POST"]),
        Route("/min-side/logg-ut/", farewell.log_out, methods=["POST"]),
    ]


class _Problems:
    def __init__(self, door: Door, look: PageLook) -> None:
        self._door = door
        self._look = look

    async def page(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return self._page(request, error.status_code, dict(error.headers or {}))

    async def redis_away(self, request: Request, error: Exception) -> Response:
        away = surroundings(error)
        if away is None and not isinstance(error, Full):
            raise error
        reason = away.reason if away else "letters_full"
        log.get("notify").warning("request_refused", reason=reason)
        return self._page(request, 503, {"Retry-After": "60"})

    async def journal_away(self, request: Request, _: Exception) -> Response:
        log.get("notify").warning("request_refused", reason="journal_away")
        return self._page(request, 503, {"Retry-After": "60"})

    async def unforeseen(self, request: Request) -> Response:
        """With what was typed, unless another site sent it."""
        typed = []
        if request.method == "POST" and self._door.forms.is_own_site(request):
            with suppress(HTTPException):
                form = Form(typed_fields(await read_body(request, LARGEST_BODY_BYTES)))
                typed = [(name, value) for name in form.names() for value in form.every(name)]
        if request.url.path.startswith(_UNSUBSCRIBE):
            return self._page(request, 500, {})
        return self._look.plain("unforeseen.html", 500, typed=typed, action=request.url.path)

    def _page(self, request: Request, status: int, headers: dict[str, str]) -> Response:
        path = request.url.path
        if path.startswith(_UNSUBSCRIBE) and not path.endswith("/angre"):
            template = _PROBLEMS.get(status, "wrong_way.html")
            return self._look.plain(template, status, headers=headers)
        return self._look.plain("problem.html", status, headers=headers, code=status)


async def _style(_: Request) -> Response:
    return Response(_STYLE, headers=_KEPT, media_type="text/css")


async def _to_log_in(_: Request, __: Exception) -> Response:
    return to("/min-side/")


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=400)
