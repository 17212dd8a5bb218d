"""All of Varsel in one process: the embedded server, three services, one address. Or one service
alone, as in a container, with a Redis that others run.

The order matters. First the port is bound, so that two never run on one; then the server is
started, then HTTP is served, and only then are events consumed, since notify asks the site whether
a page is live. At the end it goes the other way round, with the server last.

Signals are ours, not uvicorn's: it would raise them again after serving, and nothing of this
clean-up would be reached.
"""

import asyncio
import contextlib
import platform
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import uvicorn
from redis.exceptions import RedisError

from services.ingest import app as ingest
from services.notify import app as notify
from services.render import app as render
from shared import log
from shared.bus import connect, tasks
from shared.bus.errors import login_refused
from shared.service import Service
from shared.settings import Settings
from varsel.run import descriptors
from varsel.run.connections import Impatient
from varsel.run.dispatch import Dispatch
from varsel.run.embedded import EmbeddedServer

SERVICES = {"ingest": ingest.create, "render": render.create, "notify": notify.create}
_LOOP_PAUSE_SECONDS = 1.0


class _Server(uvicorn.Server):
    """Calls `when_bound` once requests are answered, and leaves signals alone."""

    def __init__(self, config: uvicorn.Config, when_bound: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._when_bound = when_bound

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        await self._when_bound()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class System:
    """Everything that `varsel up` runs. `alone` names the one service that it is to be."""

    def __init__(self, settings: Settings, *, alone: str | None = None) -> None:
        self.settings = settings
        self._alone = alone
        self.services: list[Service] = []
        self._embedded: EmbeddedServer | None = None
        self._loops: list[asyncio.Task[None]] = []
        self._socket: socket.socket | None = None
        self._server: _Server | None = None
        self._stops = False
        self.opening: asyncio.Task[None] | None = None
        """The start, while it is under way."""
        self.task: asyncio.Task[None] | None = None
        """What runs beside the system until it ends."""

    async def open(self, *, progress: Callable[[str], None] = lambda _: None) -> None:
        """Bind the port, start the server, wire the services.

        Raises OSError if the port is taken, and what EmbeddedServer.start raises.
        """
        family = socket.AF_INET6 if ":" in self.settings.host else socket.AF_INET
        address = (self.settings.host, self.settings.port)
        self._socket = socket.create_server(address, family=family, backlog=2048)
        if self.settings.redis_url:
            await _answer_of(self.settings.redis_url, progress)
        else:
            self._embedded = EmbeddedServer(self.settings.data)
            await self._embedded.start(progress=progress)
        self.services = [
            create(self.settings, self._redis_url(name), consumer=self._consumer(name))
            for name, create in SERVICES.items()
            if self._alone in (None, name)
        ]
        for service in self.services:
            for open_ in service.open:
                await open_()

    async def serve(self, when_ready: Callable[[], Awaitable[None]]) -> None:
        """Serve until `stop` is called. `when_ready` is awaited once events are consumed."""
        assert self._socket
        if self._stops:
            return
        config = uvicorn.Config(
            Dispatch(self.services),
            http=Impatient,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=5,
        )

        async def when_bound() -> None:
            await self._consume()
            await when_ready()

        self._server = _Server(config, when_bound)
        await self._server.serve(sockets=[self._socket])

    def stop(self) -> None:
        """Ask the system to end, also while it starts. Asked a second time, it does not wait for
        open connections."""
        self._stops = True
        if self.opening:
            self.opening.cancel()
        if self._server:
            self._server.force_exit = self._server.should_exit
            self._server.should_exit = True

    async def close(self) -> None:
        """End everything, the server last; also after an `open` that failed half-way."""
        await tasks.end(self._loops)
        await asyncio.gather(*(s.bus.stop() for s in self.services), return_exceptions=True)
        for service in self.services:
            for close in service.close:
                await close()
        if self._embedded:
            await self._embedded.stop()
        if self._socket:
            self._socket.close()

    def _redis_url(self, service: str) -> str:
        return self._embedded.url_for(service) if self._embedded else self.settings.redis_url

    def _consumer(self, service: str) -> str:
        """A name that outlives restarts. Of a service that runs alone there may be several; each
        has a host name of its own, as a container has, which it keeps when it starts again."""
        return f"{service}-{platform.node()}" if self._alone else f"{service}-1"

    async def _consume(self) -> None:
        for service in self.services:
            await service.bus.start()
        self._loops = [
            asyncio.create_task(self._keep_going(service, loop))
            for service in self.services
            for loop in service.loops
        ]
        if self._embedded:
            self._loops.append(asyncio.create_task(self._embedded.keep_running()))

    async def _keep_going(self, service: Service, loop: Callable[[], Awaitable[Any]]) -> None:
        while True:
            try:
                await loop()
            except Exception as error:
                log.get(service.name).error("loop_failed", cause=type(error).__name__)
            await asyncio.sleep(_LOOP_PAUSE_SECONDS)


async def run(
    settings: Settings,
    when_ready: Callable[[System], Awaitable[None]],
    *,
    alone: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Run everything, or one service `alone`, until SIGINT or SIGTERM, or until the system's `stop`
    is called."""
    descriptors.raise_limit()
    system = System(settings, alone=alone)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, system.stop)
    try:
        system.opening = asyncio.create_task(system.open(progress=progress))
        with contextlib.suppress(asyncio.CancelledError):
            await system.opening
        system.opening = None
        await system.serve(lambda: when_ready(system))
    finally:
        await system.close()


async def _answer_of(redis_url: str, progress: Callable[[str], None]) -> None:
    """Wait for a Redis that others run, however long it is away."""
    told = False
    async with connect(redis_url) as redis:
        while True:
            try:
                await redis.ping()
                return
            except RedisError as error:
                if not told and login_refused(error):
                    progress("Redis på VARSEL_REDIS_URL godtar ikke brukeren eller passordet.")
                elif not told:
                    progress("Redis på VARSEL_REDIS_URL svarer ikke ennå; venter på den …")
                told = True
                await asyncio.sleep(_LOOP_PAUSE_SECONDS)
