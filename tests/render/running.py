"""A running render service, as tests need it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from redis.asyncio import Redis

from services.render.app import create
from services.render.articles.dated import TO_WRITE
from shared.bus import tasks
from shared.bus.users import as_user
from shared.events import (
    ArticleEvent,
    ArticlePublished,
    Event,
    PageEvent,
    SiteDressed,
    from_fields,
    to_fields,
)
from shared.identity import Identity
from shared.revision import Revision
from shared.service import Service
from shared.settings import Settings
from shared.trace import new_traceparent
from tests.wait import until


@asynccontextmanager
async def running(
    settings: Settings, redis_url: str, consumer: str = "render-1"
) -> AsyncIterator[Service]:
    service = create(settings, as_user(redis_url, "render"), consumer=consumer)
    await service.bus.start()
    try:
        yield service
    finally:
        await service.bus.stop()
        for close in service.close:
            await close()


async def publish(
    redis: Redis, revision: Revision, event: type[ArticleEvent] = ArticlePublished
) -> None:
    await tell(redis, event.about(revision, traceparent=new_traceparent()))


async def tell(redis: Redis, event: Event) -> None:
    """Put any event on `articles`, as ingest would."""
    await redis.xadd("articles", to_fields(event))  # type: ignore[arg-type]


async def dress(redis: Redis, identity: Identity, version: int = 1) -> None:
    """The association says this of itself; render has heard it when this returns."""
    await redis.xadd("reference", to_fields(SiteDressed.about(identity, version)))  # type: ignore[arg-type]
    await all_handled(redis, "reference")


async def all_handled(redis: Redis, stream: str = "articles") -> None:
    """Wait until render has read and acknowledged all of `stream`, and written what it marked."""

    async def done() -> bool:
        groups = await redis.xinfo_groups(stream)
        return not await redis.exists(TO_WRITE) and any(
            group["name"] == b"render" and group["pending"] == 0 and group["lag"] == 0
            for group in groups
        )

    # A picture for each article is drawn, on a machine that has other things to do.
    await until(done, timeout=30)


async def emitted(redis: Redis) -> Sequence[PageEvent]:
    entries = await redis.xrange("pages")
    return [from_fields(fields) for _, fields in entries]  # type: ignore[misc]


def page_file(settings: Settings, revision: Revision) -> Path:
    return settings.site_folder / revision.path.strip("/") / "index.html"


def files(settings: Settings) -> dict[str, int]:
    """Every file of the site with its inode, which changes whenever it is written."""
    folder = settings.site_folder
    return {
        str(path.relative_to(folder)): path.stat().st_ino
        for path in folder.rglob("*")
        if path.is_file()
    }


@asynccontextmanager
async def kept(loops: tuple[Callable[[], Awaitable[None]], ...]) -> AsyncIterator[None]:
    started = [asyncio.ensure_future(loop()) for loop in loops]
    try:
        yield
    finally:
        await tasks.end(started)
