"""A limit of requests in work at once: others wait, and none is refused.

The service has one pool of connections to Redis, and mails go by it, too: a crowd at the door must
not take them all. Whoever sends slowly holds up nobody: a request is in work once it is all here.
"""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.visitors.forms import LARGEST_BODY_BYTES

AT_ONCE = 16
"""Requests under way; others wait."""


class Gate:
    """An ASGI app in front of another."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._free = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _all_of(receive)
        if body is None:
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def once_more() -> Message:
            return waiting.pop() if waiting else await receive()

        async with self._free:
            await self._app(scope, once_more, send)


async def _all_of(receive: Receive) -> bytes | None:
    """The body, or so much of it that it is too large; none if the other end has gone."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if not message.get("more_body") or len(body) > LARGEST_BODY_BYTES:
            return bytes(body)
