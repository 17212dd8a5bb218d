"""From `POST` to the page on disk, beside the sum of what must be done on the way.

The article is the real one where it is beside the repository, else made-up news of a usual length.
The parts, in the same process and in turn: validate it, as ingest does; make its HTML (and the CAP
message of an alert); write each file that is synced on the way; and as many durable scripts as lie
on it (ingest's submission, render's state).
"""

import asyncio
import json
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
from services.ingest.reading.reader import read_here
from services.ingest.reading.submission import JSON, Submission
from services.render import app as render
from services.render.articles.store import Store
from services.render.articles.teaser import Teaser
from services.render.feeds.cap import cap_xml
from services.render.look.templates import Site
from services.render.pages import pages
from services.render.site.site_files import SiteFiles
from shared.article import Article
from shared.bus import lua
from shared.bus.users import as_user
from shared.events import ArticlePublished
from shared.revision import Revision
from shared.trace import new_traceparent
from tests import make
from tests.render.real import PICTURES, is_real_article_here, real_article

ROUNDS = 200
FIRST = 5
"""That are not counted: until then all is loaded."""


def _article() -> Article:
    if is_real_article_here():
        return real_article()
    body = "\n\n".join(
        f"## Del {part}\n\nNoen setninger om møtet. " + "Vi møtes ofte. " * 40 for part in range(12)
    )
    return make.news(title="Møte", lead="Vi inviterer til møte.", body=body)


def _document(article: Article, number: int) -> bytes:
    fields = article.model_dump(mode="json", exclude_none=True)
    title = f"{article.title} ({number})"
    return json.dumps(fields | {"title": title}, ensure_ascii=False).encode()


def _written() -> "asyncio.Queue[tuple[str, float]]":
    """When each file was on disk; a loop that looks for one would slow the way down."""
    times: asyncio.Queue[tuple[str, float]] = asyncio.Queue()
    project = SiteFiles.project

    async def timed(self: SiteFiles, path: str, *arguments: Any, durable: bool = False) -> bool:
        done = await project(self, path, *arguments, durable=durable)
        if durable:
            times.put_nowait((path, perf_counter()))
        return done

    SiteFiles.project = timed  # type: ignore[method-assign]
    return times


class _Parts:
    """What must be done on the way, each by itself; run in turn with it, under the same noise."""

    def __init__(self, here: World, document: bytes, revision: Revision) -> None:
        self._here = here
        self._numbers = count()
        self._document = document
        self._revision = revision
        self._event = lua.fields(ArticlePublished.about(revision, traceparent=new_traceparent()))
        self._durable = here.redis.register_script(
            "redis.call('XADD', KEYS[1], '*', unpack(cjson.decode(ARGV[1])))"
            "redis.call('HSET', KEYS[2], 'data', ARGV[1])"
        )
        self._page = self._make_page()
        self.times = {"validate": 1, "HTML": 1, "file": 2 if revision.article.alert else 1}
        self.times["script"] = 2
        self.does: dict[str, Callable[[], Awaitable[object]]] = {
            "validate": self._validate,
            "HTML": self._html,
            "file": lambda: asyncio.to_thread(self._write),
            "script": self._script,
        }

    async def _validate(self) -> None:
        read_here(JSON, self._document, Submission, None)

    async def _html(self) -> None:
        self._make_page()

    async def _script(self) -> None:
        """A durable script with an event and a state, as each of the path's is."""
        await self._durable(keys=["bench:s", "bench:h"], args=[self._event])

    def _make_page(self) -> str:
        site = Site.of(self._here.settings)
        if self._revision.article.alert:
            cap_xml(site, self._revision)
        return pages.article_page(site, self._revision, [Teaser.of(self._revision)] * 3)

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


async def way(rounds: int) -> tuple[dict[str, float], dict[str, int]]:
    """Medians in milliseconds of the whole `way` and of each of its parts, and how often each lies
    on it."""
    taken: dict[str, list[float]] = {"way": []}
    written = _written()
    article = _article()
    async with world() as here:
        services = (
            ingest.create(here.settings, as_user(here.redis_url, "ingest")),
            render.create(here.settings, as_user(here.redis_url, "render")),
        )
        for service in services:
            for opening in service.open:
                await opening()
            await service.bus.start()
        key = await create_key(here.redis, "bench", "editor")
        headers = {"Authorization": f"Bearer {key}"}
        transport = httpx.ASGITransport(services[0].http)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://bench", headers=headers, timeout=60
        ) as client:
            for file in PICTURES if article.alert else ():
                sent = {"file": (file.name, file.read_bytes(), "image/jpeg")}
                (await client.post("/api/assets", files=sent)).raise_for_status()
            parts: _Parts | None = None
            for number in range(rounds):
                document = _document(article, number)
                start = perf_counter()
                posted = client.post(
                    "/api/articles", content=document, headers={"Content-Type": JSON}
                )
                (answer := await posted).raise_for_status()
                page = httpx.URL(answer.json()["url"]).path.strip("/")
                path, at = "", start
                while path != f"{page}/index.html":  # other pages are written behind
                    path, at = await written.get()
                taken["way"].append(at - start)
                while await here.redis.xlen("pages") <= number or await _unsettled(here):
                    await asyncio.sleep(0.001)  # what else belongs to this article is not measured
                if parts is None:
                    revision = await Store(here.redis).newest_revision(answer.json()["id"])
                    parts = _Parts(here, document, revision)
                for name, work in parts.does.items():
                    taken.setdefault(name, []).append(await _seconds(work))
        assert parts
        for service in services:
            await service.bus.stop()
            for close in service.close:
                await close()
    middle = {name: median(seconds[FIRST:]) * 1000 for name, seconds in taken.items()}
    return middle, parts.times


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    middle, times = await way(ROUNDS)
    total = sum(middle[name] * often for name, often in times.items())
    told = ", ".join(f"{often} × {name} {middle[name]:.1f}" for name, often in times.items())
    which = "the real article" if is_real_article_here() else "news of 8 kB"
    yield (
        f"`POST` to the page on disk beside the sum of its parts, {which}, median",
        f"{middle['way'] / total:.2f} ({middle['way']:.1f} of {total:.1f} ms: {told})",
        "≤ 1.5",
    )


async def _unsettled(here: World) -> bool:
    return bool((await here.redis.xpending("pages", "ingest"))["pending"]) or bool(
        await here.redis.exists("render:to_write")
    )
