"""A server and services of its own for each measurement."""

import asyncio
import logging
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog
from redis.asyncio import Redis

from shared import log
from shared.bus.users import OPERATOR
from shared.settings import Settings
from varsel.run.embedded import EmbeddedServer


@dataclass
class World:
    settings: Settings
    redis_url: str
    """For the measurement itself; services connect as their own users (see `as_user`)."""
    redis: Redis


@contextmanager
def _only_errors() -> Iterator[None]:
    """Logs tell of errors alone, and afterwards of what they told before: a test may measure."""
    root = logging.getLogger()
    before = root.handlers, root.level
    root.handlers = []  # they are not ours to close
    log.configure(logging.ERROR)
    try:
        yield
    finally:
        structlog.reset_defaults()
        logging.captureWarnings(False)
        root.handlers, root.level = before


@asynccontextmanager
async def world(**settings: object) -> AsyncIterator[World]:
    """An embedded server (appendfsync always) in a folder of its own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="vb-"))
    server = EmbeddedServer(folder)
    await server.start()
    url = server.url_for(OPERATOR)
    try:
        async with Redis.from_url(url) as redis:
            mine = Settings(data=folder, alert_approvals=0, **settings)  # type: ignore[arg-type]
            with _only_errors():
                yield World(mine, url, redis)
    finally:
        await server.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def end(loops: Iterable[asyncio.Future[None]]) -> None:
    """Cancel a service's loops, until all have ended."""
    going = set(loops)
    while going:  # redis-py may swallow a cancellation in the middle of a command
        for loop in going:
            loop.cancel()
        _, going = await asyncio.wait(going, timeout=0.2)
