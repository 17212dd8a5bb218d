"""The doors' pages."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.ingest.newsroom.doors.invited import InvitationPage
from services.ingest.newsroom.doors.log_in import LogIn
from services.ingest.newsroom.doors.me import NEW_PASSKEY, Me
from services.ingest.newsroom.doors.trial import SWAP, TrialPages
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor
from services.ingest.parts import Parts

_Page = Callable[[Request], Awaitable[Response]]


def routes(parts: Parts, door: StaffDoor, look: NewsroomLook) -> list[Route]:
    """`/redaksjon/inn/`, `/redaksjon/meg/` and what belongs to them."""
    log_in, invited = LogIn(parts, door, look), InvitationPage(parts, door, look)
    me, trial = Me(parts, door, look), TrialPages(parts, door, look)
    return [
        _both("/redaksjon/inn/", log_in.show, log_in.log_in),
        Route(SWAP, trial.swap, methods=["POST"]),
        _both("/redaksjon/prov/{token}/", trial.show, trial.enter),
        *_outside(parts, door, look),
        _both("/redaksjon/inn/{token}/", invited.show, invited.accept),
        Route("/redaksjon/meg/", me.show),
        _both(NEW_PASSKEY, me.ask_passkey, me.add_passkey),
        Route("/redaksjon/passnokkel/fjern/", me.remove_passkey, methods=["POST"]),
        Route("/redaksjon/maal/", me.set_language, methods=["POST"]),
        Route("/redaksjon/ut/", me.log_out, methods=["POST"]),
        Route("/redaksjon/ut/overalt/", me.log_out_everywhere, methods=["POST"]),
    ]


def _outside(parts: Parts, door: StaffDoor, look: NewsroomLook) -> list[Route]:
    """The association's own log-in, if there is one."""
    if not parts.settings.oidc_issuer:
        return []
    # Heavy, and few have one.
    from services.ingest.newsroom.doors.outside import BACK, START, Outside

    outside = Outside(parts, door, look)
    return [
        Route(START, outside.start, methods=["POST"]),
        Route(BACK, outside.back),
    ]


def _both(path: str, get: _Page, post: _Page) -> Route:
    async def either(request: Request) -> Response:
        return await (post if request.method == "POST" else get)(request)

    return Route(path, either, methods=["GET", "POST"])
