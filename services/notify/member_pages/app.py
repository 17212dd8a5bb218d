"""The pages behind the unsubscribe link of a mail: for people, and for one-click (RFC 8058).

A GET only asks, since mail scanners follow links (promise G10). A POST ends the subscription at
once, whatever its body is and whichever site it comes from: the token in the path gives the right.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from redis.exceptions import RedisError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from services.notify.members.membership import Membership
from services.notify.vault.tokens import Tokens
from shared import log
from shared.bus.errors import surroundings
from shared.settings import Settings

_LARGEST_BODY_BYTES = 16 * 1024
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    # The address holds the token.
    "Referrer-Policy": "no-referrer",
}
_PROBLEMS = {
    404: "unknown.html",
    405: "wrong_way.html",
    413: "wrong_way.html",
    503: "later.html",
}
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def create(membership: Membership, tokens: Tokens, settings: Settings) -> ASGIApp:
    """The ASGI app for `/member/…`; `tokens` tells which member's link it is."""
    pages = _MemberPages(membership, tokens, settings)
    app = Starlette(
        routes=[Route("/member/unsubscribe/{token}", pages.unsubscribe, methods=["GET", "POST"])],
        exception_handlers={
            HTTPException: pages.problem,
            RedisError: pages.redis_away,
            ClientDisconnect: _gone,
        },
    )
    app.router.redirect_slashes = False
    return app


class _MemberPages:
    def __init__(self, membership: Membership, tokens: Tokens, settings: Settings) -> None:
        self._membership = membership
        self._tokens = tokens
        self._site_name = settings.site_name

    async def unsubscribe(self, request: Request) -> Response:
        number = self._tokens.open(request.path_params["token"])
        if number is None:
            raise HTTPException(404)
        if request.method != "POST":
            return self._page("ask.html")
        await _read_past(request)
        try:
            await self._membership.leave(number)
        except LookupError:
            raise HTTPException(404) from None
        return self._page("left.html")

    async def problem(self, _: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        status = error.status_code
        return self._page(_PROBLEMS[status], status, dict(error.headers or {}))

    async def redis_away(self, _: Request, error: Exception) -> Response:
        away = surroundings(error)
        if away is None:
            raise error
        log.get("notify").warning("request_refused", reason=away.reason)
        return self._page(_PROBLEMS[503], 503, {"Retry-After": "60"})

    def _page(
        self, template: str, status: int = 200, headers: dict[str, str] | None = None
    ) -> Response:
        html = _templates.get_template(template).render(site_name=self._site_name)
        return HTMLResponse(html, status, _HEADERS | (headers or {}))


async def _read_past(request: Request) -> None:
    """Read the body and throw it away; 413 if it is larger than any form of ours."""
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > _LARGEST_BODY_BYTES:
            raise HTTPException(413)


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=400)
