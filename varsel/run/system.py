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
import os
import platform
import signal
import socket
import stat
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import uvicorn
from redis.exceptions import NoPermissionError, RedisError

from services.ingest import app as ingest
from services.notify import app as notify
from services.render import app as render
from shared import disk, held, log, spans
from shared.bus import connect, data_form, tasks
from shared.bus.errors import login_refused
from shared.service import Service
from shared.settings import Settings
from varsel.ping import EVERY_SECONDS, Pings
from varsel.run import descriptors
from varsel.run.connections import Impatient
from varsel.run.dispatch import Dispatch, all_wrong
from varsel.run.embedded import EmbeddedServer

SERVICES = {"ingest": ingest.create, "render": render.create, "notify": notify.create}
_LOOP_PAUSE_SECONDS = 1.0
_DISK_SECONDS = 15.0
"""How often a service tells how full its disks are."""


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
        if alone is None and not settings.site_check_url:
            # The site is here, whatever its public address may lead to.
            settings = settings.model_copy(update={"site_check_url": settings.own_address})
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

        Raises OSError if the port is taken, DataRefused if the data is not for this release, and
        what EmbeddedServer.start raises.
        """
        if self._alone is None:
            _make_private(self.settings.data)
        family = socket.AF_INET6 if ":" in self.settings.host else socket.AF_INET
        address = (self.settings.host, self.settings.port)
        self._socket = socket.create_server(address, family=family, backlog=2048)
        if not self.settings.redis_url:
            self._embedded = EmbeddedServer(self.settings.data)
            await self._embedded.start(progress=progress)
        first = self._alone or next(iter(SERVICES))
        await _begin_on_data(self._redis_url(first), first, progress)
        self.services = [
            create(self.settings, self._redis_url(name), consumer=self._consumer(name))
            for name, create in SERVICES.items()
            if self._alone in (None, name)
        ]
        for service in self.services:  # before anybody is let in
            service.bus.held = await held.is_held(service.bus.redis, service.name)
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
            forwarded_allow_ips=self.settings.proxies,
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
        for service in self.services:
            for end in service.ending:
                end()
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
            if not service.bus.held:
                await service.bus.start()
        self._loops = [asyncio.create_task(self._run_loops(service)) for service in self.services]
        self._loops += [
            asyncio.create_task(_tell_of_disks(service))
            for service in self.services
            if service.folders
        ]
        if self._embedded:
            self._loops.append(asyncio.create_task(self._embedded.keep_running()))
        if url := self.settings.ping_url.get_secret_value():
            self._loops.append(asyncio.create_task(_tell_ping_service(Pings(url), self.services)))

    async def _run_loops(self, service: Service) -> None:
        """Run what the service does beside its streams, until the data is no longer its own; of one
        that is held nothing, and not its streams either, until it is released."""
        if service.bus.held:
            log.get(service.name).warning("held")
            await held.until_released(service.bus.redis, service.name)
            await service.bus.start()
            service.bus.held = False
            log.get(service.name).info("released")
        loops = [asyncio.create_task(self._keep_going(service, loop)) for loop in service.loops]
        if service.folders:
            loops.append(asyncio.create_task(_tell_of_disks(service)))
        try:
            await service.bus.epoch.over.wait()
        finally:
            await tasks.end(loops)

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
    if alone is None:
        os.umask(0o077)  # all files are this user's alone: mail, members, pages not published
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
        await asyncio.to_thread(spans.stop)


async def _tell_of_disks(service: Service) -> None:
    while not service.bus.epoch.over.is_set():
        with contextlib.suppress(RedisError, OSError):  # the bus tells
            await disk.tell(service.bus.redis, service.name, service.folders)
        await asyncio.sleep(_DISK_SECONDS)


async def _tell_ping_service(pings: Pings, services: Sequence[Service]) -> None:
    """Each minute, that the process lives and what is wrong with it."""
    while True:
        problems = all_wrong(services)
        await pings.tell("fail" if problems else "", "\n".join(problems))
        await asyncio.sleep(EVERY_SECONDS)


def _make_private(data: Path) -> None:
    """Make the data folder, for this user alone. A service that runs alone has one that others
    serve from; it is left as it is. So is a folder that is somebody else's, or as /tmp is."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = data.stat()
    if found.st_uid == os.getuid() and not found.st_mode & stat.S_ISVTX:
        data.chmod(0o700)


async def _begin_on_data(redis_url: str, service: str, progress: Callable[[str], None]) -> None:
    """Wait for a Redis, however long it is away, and begin on its data; DataRefused."""
    told = False
    async with connect(redis_url) as redis:
        while True:
            try:
                await data_form.begin(redis, service)
                return
            except RedisError as error:
                if not told:
                    progress(_waits(error))
                told = True
                await asyncio.sleep(_LOOP_PAUSE_SECONDS)


def _waits(error: RedisError) -> str:
    if login_refused(error):
        return "Redis på VARSEL_REDIS_URL godtar ikke brukeren eller passordet."
    if isinstance(error, NoPermissionError):
        return (
            "Redis på VARSEL_REDIS_URL gir ikke brukeren de rettighetene som denne versjonen "
            "trenger: start Redis på nytt med denne versjonens users.acl."
        )
    return "Redis på VARSEL_REDIS_URL svarer ikke ennå; venter på den …"
