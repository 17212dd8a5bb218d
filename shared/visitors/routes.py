"""Routes of pages that are asked for, and sent as a form, at the same address."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PageHandler = Callable[[Request], Awaitable[Response]]
"""What answers a request for a page."""


@dataclass(frozen=True)
class _ByMethod:
    get: PageHandler
    post: PageHandler

    async def answer(self, request: Request) -> Response:
        return await (self.post if request.method == "POST" else self.get)(request)


def by_method(path: str, get: PageHandler, post: PageHandler) -> Route:
    """The route of a page: `get` shows it, `post` takes its form."""
    return Route(path, _ByMethod(get, post).answer, methods=["GET", "POST"])
