"""Ingest on a port of its own, as `varsel up` serves it: streams need a real connection."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import uvicorn

from services.ingest.newsroom.visit import key_of
from services.ingest.people.person import Person
from shared.visitors.cookies import STAFF_COOKIES
from shared.visitors.sessions import STAFF_SESSIONS, Session, Sessions
from tests.ingest.conftest import Ingest
from tests.wait import until
from varsel.run.connections import Impatient
from varsel.run.dispatch import Dispatch


@dataclass
class ServedEvents:
    """What came on a stream."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    is_over: bool = False

    def datas(self) -> list[str]:
        return [line.removeprefix("data: ") for line in self.lines if line.startswith("data: {")]

    def has(self, event: str) -> bool:
        return f"event: {event}" in self.lines


class Served:
    """The running server."""

    def __init__(self, ingest: Ingest, port: int, server: uvicorn.Server) -> None:
        self.ingest = ingest
        self._server = server
        self._http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30)
        self._tasks: list[asyncio.Task[None]] = []

    async def session(self, person: Person) -> Session:
        sessions = Sessions(self.ingest.redis, STAFF_SESSIONS, await key_of(self.ingest.redis))
        return await sessions.begin(person.id)

    async def end(self, session: Session) -> None:
        sessions = Sessions(self.ingest.redis, STAFF_SESSIONS, await key_of(self.ingest.redis))
        await sessions.end(session.id)

    async def follow(self, article: str, session: Session) -> ServedEvents:
        """Open the receipt's stream; gives what comes on it."""
        came, begun = ServedEvents(), asyncio.Event()
        cookie = f"__Host-{STAFF_COOKIES.session}={session.id}"

        async def read() -> None:
            path = f"/redaksjon/sak/{article}/kvittering/strom"
            try:
                async with self._http.stream("GET", path, headers={"Cookie": cookie}) as answer:
                    came.status, came.headers = answer.status_code, dict(answer.headers)
                    begun.set()
                    async for line in answer.aiter_lines():
                        came.lines.append(line)
            except httpx.HTTPError:
                pass
            finally:
                came.is_over = True
                begun.set()

        self._tasks.append(asyncio.create_task(read()))
        await begun.wait()
        return came

    async def leave(self) -> None:
        """Every browser closes."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    def stop(self) -> None:
        """Ask the server to end, as `varsel up` does."""
        for end in self.ingest.service.ending:
            end()
        self._server.should_exit = True

    async def close(self) -> None:
        await self.leave()
        await self._http.aclose()


@asynccontextmanager
async def served(ingest: Ingest) -> AsyncIterator[tuple[Served, asyncio.Task[None]]]:
    """The server, and the task that ends with it."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        Dispatch([ingest.service]),
        http=Impatient,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=20,
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve(sockets=[listening]))
    await until(lambda: server.started)
    running = Served(ingest, listening.getsockname()[1], server)
    try:
        yield running, task
    finally:
        await running.close()
        running.stop()
        await task
        listening.close()
