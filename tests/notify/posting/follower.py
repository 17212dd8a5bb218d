"""A real follower: takes posts over HTTP and answers as a test tells it."""

import asyncio
from dataclasses import dataclass
from typing import Self

import uvicorn
from standardwebhooks import Webhook
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

SECRET = "whsec_" + "Zm9sbG93ZXIncyBvd24gc2VjcmV0LCAzMiBieXRlcyE="


@dataclass(frozen=True)
class Call:
    body: bytes
    headers: dict[str, str]

    @property
    def sent_at(self) -> int:
        return int(self.headers["webhook-timestamp"])

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str = SECRET) -> dict[str, object]:
        """The body, once somebody else's code has found the signature good."""
        found = Webhook(secret).verify(self.body, self.headers)
        assert isinstance(found, dict)
        return found


class Follower:
    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answers: list[Response] = []
        """The next answers; 204 when there are none left."""
        self.hold: asyncio.Event | None = None
        """While set and not released, no answer is given."""
        self.waiting = 0
        """Calls that have no answer yet."""
        config = uvicorn.Config(
            self._app, interface="asgi3", port=0, lifespan="off", log_level="critical"
        )
        self._server = uvicorn.Server(config)
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}/hook?key=address-secret"

    async def start(self) -> Self:
        self._server.config.load()
        self._server.lifespan = self._server.config.lifespan_class(self._server.config)
        await self._server.startup()
        self._task = asyncio.create_task(self._server.main_loop())
        return self

    async def stop(self) -> None:
        assert self._task
        if self.hold:
            self.hold.set()
        self._server.should_exit = True
        await self._task
        await self._server.shutdown()

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.calls.append(Call(await request.body(), dict(request.headers)))
        self.waiting += 1
        if self.hold:
            await self.hold.wait()
        self.waiting -= 1
        answer = self.answers.pop(0) if self.answers else Response(status_code=204)
        await answer(scope, receive, send)
