"""What nobody foresaw: whoever asks gets an answer in words, and the log a line.

Neither says more of the error than its kind and place: its text may quote what was handled (G8).
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import log
from shared.bus.errors import cause
from shared.visitors.kept_body import KeptBody, again

_NO_WORDS = (
    "Noe gikk galt hos oss. Det er skrevet ned. Gå tilbake, og prøv igjen om litt.\n\n"
    "Noko gjekk gale hos oss. Det er skrive ned. Gå tilbake, og prøv igjen om litt.\n"
)
"""If the answer in words fails too."""


class Faults:
    """A Starlette middleware. `answer` gets a request whose body can be read once more, also if
    the fault came before it was read (see kept_body.py). An answer that has begun is broken off."""

    def __init__(
        self, app: ASGIApp, *, service: str, answer: Callable[[Request], Awaitable[Response]]
    ) -> None:
        self._app = app
        self._log = log.get(service)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        kept, has_begun = KeptBody(receive), False
        scope = kept.scope(scope)

        async def say(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, kept, say)
        except Exception as error:
            endpoint = getattr(scope.get("endpoint"), "__qualname__", "")
            self._log.error("request_failed", cause=cause(error), endpoint=endpoint)
            if has_begun:
                raise
            answer = await self._in_words(await again(Request(scope)))
            await answer(scope, receive, send)

    async def _in_words(self, request: Request) -> Response:
        try:
            return await self._answer(request)
        except Exception as error:  # what is broken may be what answers are made of
            self._log.error("request_failed", cause=cause(error), endpoint="answer")
            return Response(_NO_WORDS, 500, {"Cache-Control": "no-store"}, "text/plain")
