"""One address space for all services: requests go by path prefix, and keep their path."""

from collections.abc import Sequence

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.service import Service


class Dispatch:
    """The ASGI app in front of the services: `/health/…` and `/metrics` are its own."""

    def __init__(self, services: Sequence[Service]) -> None:
        self._services = services
        routes = [(prefix, s.http) for s in services for prefix in s.prefixes]
        self._routes = sorted(routes, key=lambda route: len(route[0]), reverse=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = self._own(scope)
        await app(scope, receive, send)

    def _own(self, scope: Scope) -> ASGIApp:
        path = scope["path"]
        if path in ("/health/live", "/health/ready", "/metrics"):
            if scope["method"] not in ("GET", "HEAD"):
                return PlainTextResponse("", 405, {"Allow": "GET, HEAD"})
            return self._watched(Request(scope))
        return next(
            (app for prefix, app in self._routes if path.startswith(prefix)),
            PlainTextResponse("", 404),
        )

    def _watched(self, request: Request) -> Response:
        if request.url.path == "/metrics":
            return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
        problems = [] if request.url.path == "/health/live" else problems_of(self._services)
        return JSONResponse(
            {"status": "not ready" if problems else "ok", "problems": problems},
            503 if problems else 200,
            {"Cache-Control": "no-store"},
        )


def problems_of(services: Sequence[Service]) -> list[str]:
    """What is wrong now, each with the service's name in front."""
    return [f"{s.name}: {p}" for s in services for p in (*s.bus.problems(), *s.problems())]
