"""What a request sent, so that whoever answers for what failed can read it once more."""

from starlette.requests import Request
from starlette.types import Message, Receive, Scope

from shared.visitors.forms import LARGEST_TYPED_BYTES

MOST_KEPT_BYTES = LARGEST_TYPED_BYTES
"""Of what was sent."""
_KEPT = "varsel.kept_body"
"""Where a scope has its `KeptBody`."""


class KeptBody:
    """An ASGI `receive` that keeps what came by it."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._sent = bytearray()
        self._is_whole = False

    async def __call__(self) -> Message:
        message = await self._receive()
        # Whoever left sends no more.
        self._is_whole = not message.get("more_body", False)
        if len(self._sent) <= MOST_KEPT_BYTES:
            self._sent.extend(message.get("body", b""))
        return message

    def scope(self, scope: Scope) -> Scope:
        """The scope of a request for which `again` finds this."""
        return {**scope, _KEPT: self}

    async def whole(self) -> bytes:
        """All that was sent, also what nobody has read yet; empty if it is more than
        `MOST_KEPT_BYTES`."""
        while not self._is_whole and len(self._sent) <= MOST_KEPT_BYTES:
            await self()
        return bytes(self._sent) if len(self._sent) <= MOST_KEPT_BYTES else b""


async def again(request: Request) -> Request:
    """The request, whose body can be read once more; empty if it is larger than
    `MOST_KEPT_BYTES`. Only below `Faults`."""
    kept: KeptBody = request.scope[_KEPT]
    body = await kept.whole()

    async def once_more() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, once_more)
