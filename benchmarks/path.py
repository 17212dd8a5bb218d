"""From `POST` to the page on disk, beside the sum of what must be done on the way.

The parts, in the same process and in turn: validate the article, render its page, write its file as
the site's are written, and as many durable scripts as lie on the way (ingest's submission, render's
state).
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count
from statistics import median
from time import perf_counter
from typing import Any

import httpx

from benchmarks.world import World, world
from services.ingest import app as ingest
from services.ingest.people.keys import create_key
from services.ingest.reading import submission
from services.render import app as render
from services.render.articles.teaser import Teaser
from services.render.look.templates import Site
from services.render.pages import pages
from services.render.site.site_files import SiteFiles
from shared.bus import lua
from shared.bus.users import as_user
from shared.events import ArticlePublished
from shared.trace import new_traceparent
from tests import make

ROUNDS = 200
PARTS = {"validate": 1, "render": 1, "write": 1, "script": 2}
"""And how often each lies on the way."""


def _markdown(number: int) -> bytes:
    """Made-up news of a usual length."""
    body = "\n\n".join(
        f"## Del {part}\n\nNoen setninger om møtet nummer {number}. " + "Vi møtes ofte. " * 40
        for part in range(12)
    )
    head = (
        f"---\ntitle: Møte nummer {number}\nlead: Vi inviterer til møte.\nkind: news\nlang: nb\n"
        "byline: Skrevet av Kari Eksempel\npublished_on: 2026-09-01\n---\n"
    )
    return (head + body).encode()


def _written() -> "asyncio.Queue[float]":
    """When each page was on disk; a loop that looks for the file would slow the way down."""
    times: asyncio.Queue[float] = asyncio.Queue()
    project = SiteFiles.project

    async def timed(self: SiteFiles, path: str, *arguments: Any, durable: bool = False) -> None:
        await project(self, path, *arguments, durable=durable)
        if durable:
            times.put_nowait(perf_counter())

    SiteFiles.project = timed  # type: ignore[method-assign]
    return times


class _Parts:
    """What must be done on the way, each by itself; run in turn with it, under the same noise."""

    def __init__(self, here: World) -> None:
        self._here = here
        self._numbers = count()
        self._revision = make.revision(make.news(body=_markdown(1).decode()))
        self._event = lua.fields(
            ArticlePublished.about(self._revision, traceparent=new_traceparent())
        )
        self._durable = here.redis.register_script(
            "redis.call('XADD', KEYS[1], '*', unpack(cjson.decode(ARGV[1])))"
            "redis.call('HSET', KEYS[2], 'data', ARGV[1])"
        )
        self._page = self._make_page()

    async def validate(self) -> None:
        submission.read("text/markdown", _markdown(1))

    async def render(self) -> None:
        self._make_page()

    async def write(self) -> None:
        await asyncio.to_thread(self._write)

    async def script(self) -> None:
        """A durable script with an event and a state, as each of the path's is."""
        await self._durable(keys=["bench:s", "bench:h"], args=[self._event])

    def _make_page(self) -> str:
        site = Site.of(self._here.settings)
        others = [Teaser.of(self._revision)] * pages.OTHERS
        return pages.article_page(site, self._revision, others)

    def _write(self) -> None:
        """A synced file under a new name in a new folder, which takes its place at once."""
        target = self._here.settings.data / "bench" / str(next(self._numbers)) / "index.html"
        target.parent.mkdir(parents=True)
        beside = target.with_name("beside")
        with beside.open("w") as file:
            file.write(self._page)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
        for name in (target.parent, target.parent.parent):
            descriptor = os.open(name, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)


async def _seconds(work: Callable[[], Awaitable[object]]) -> float:
    start = perf_counter()
    await work()
    return perf_counter() - start


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    taken: dict[str, list[float]] = {name: [] for name in ("way", *PARTS)}
    written = _written()
    async with world() as here:
        services = (
            ingest.create(here.settings, as_user(here.redis_url, "ingest")),
            render.create(here.settings, as_user(here.redis_url, "render")),
        )
        for service in services:
            await service.bus.start()
        parts = _Parts(here)
        key = await create_key(here.redis, "bench", "editor")
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/markdown"}
        transport = httpx.ASGITransport(services[0].http)
        async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
            for number in range(ROUNDS):
                start = perf_counter()
                await client.post("/api/articles", content=_markdown(number), headers=headers)
                taken["way"].append(await written.get() - start)
                while await here.redis.xlen("pages") <= number or await _unsettled(here):
                    await asyncio.sleep(0.001)  # what else belongs to this article is not measured
                for name in PARTS:
                    taken[name].append(await _seconds(getattr(parts, name)))
        for service in services:
            await service.bus.stop()
    middle = {name: median(seconds[5:]) * 1000 for name, seconds in taken.items()}
    total = sum(middle[name] * times for name, times in PARTS.items())
    told = ", ".join(f"{times} × {name} {middle[name]:.1f}" for name, times in PARTS.items())
    yield (
        "`POST` to the page on disk beside the sum of its parts, median",
        f"{middle['way'] / total:.2f} ({middle['way']:.1f} of {total:.1f} ms: {told})",
        "≤ 2",
    )


async def _unsettled(here: World) -> bool:
    return bool((await here.redis.xpending("pages", "ingest"))["pending"])
