"""A guard over a system that runs, with what it rings by."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tests.notify.relay_server import Relay
from tests.server import free_port
from tests.wait import until
from varsel.guard.settings import GuardSettings
from varsel.guard.stand_guard import Guard

TO = "drift@example.org"
SOON = 0.005
"""Minutes: a third of a second."""


class PingService:
    """Hears pings, as a Healthchecks does: when each came, and which."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        """What was asked for below its address, and the text."""

    async def hear(self, request: Request) -> Response:
        self.heard.append((request.path_params["how"], (await request.body()).decode()))
        return Response("OK")


@asynccontextmanager
async def ping_service() -> AsyncIterator[tuple[str, PingService]]:
    """Its address, and what it hears."""
    service = PingService()
    routes = [Route("/ping/1{how:path}", service.hear, methods=["GET", "HEAD", "POST"])]
    async with serving(Starlette(routes=routes)) as url:
        yield f"{url}/ping/1", service


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """The address at which it answers."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def own_relay() -> AsyncIterator[Relay]:
    relay = await Relay().start()
    yield relay
    await relay.stop()


def environment(site: str, key: str, state: Path, relay: Relay, **more: str) -> dict[str, str]:
    """The settings of a guard that rings by mail, with short limits."""
    return {
        "VARSEL_GUARD_SITE": site,
        "VARSEL_GUARD_KEY": key,
        "VARSEL_GUARD_STATE": str(state),
        "VARSEL_GUARD_SMTP_URL": f"smtp://127.0.0.1:{relay.port}?starttls=none",
        "VARSEL_GUARD_MAIL_FROM": "vakt@example.net",
        "VARSEL_GUARD_MAIL_TO": TO,
        "VARSEL_GUARD_PAGE_MINUTES": str(SOON),
        "VARSEL_GUARD_STILL_MINUTES": str(SOON),
        "VARSEL_GUARD_MAIL_MINUTES": str(SOON),
    } | more


def guard_of(monkeypatch: Any, given: dict[str, str]) -> Guard:
    with monkeypatch.context() as patch:
        for name, value in given.items():
            patch.setenv(name, value)
        return Guard(GuardSettings())


def said(relay: Relay) -> list[tuple[str, str]]:
    """The subject and text of each mail by which the guard rang."""
    return [(str(m.head["Subject"]), _text(m.message)) for m in relay.mails]


def _text(mail: EmailMessage) -> str:
    return str(mail.get_content())
