"""Publishing one article into a large site beside a small one: until its page is told of, and until
all that follows is written (topic, sitemap, related pages, the drawn picture); and what the process
that does it holds.

`make growth` measures with 100,000; VARSEL_BENCH_ARTICLES sets another number than 10,000.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from statistics import median
from time import perf_counter
from typing import NamedTuple

from benchmarks.rebuild import article, own_kb
from benchmarks.world import World, world
from services.render import app as render
from services.render.articles.dated import TO_WRITE
from services.render.articles.store import Store
from shared.bus.users import as_user
from shared.events import ArticlePublished, to_fields
from shared.trace import new_traceparent

SMALL, MIDDLE = 100, 1_000
LARGE = int(os.environ.get("VARSEL_BENCH_ARTICLES", "10000"))
ROUNDS = 40


class Published(NamedTuple):
    """Medians of ROUNDS articles, in seconds, and memory at the end."""

    told: float
    all_written: float
    own_kb: int


async def _fill(here: World, first: int, last: int) -> None:
    """Articles as render's state has them, and their folders, without the way there."""
    store = Store(here.redis)
    for number in range(first, last):
        revision = article(number)
        await store.keep(revision)
        (here.settings.site_folder / "nyheter" / revision.slug).mkdir(parents=True)
    await here.redis.delete(TO_WRITE)


async def _publish(here: World, first: int) -> Published:
    service = render.create(here.settings, as_user(here.redis_url, "render"))
    await service.bus.start()
    told, written = [], []
    for number in range(first, first + ROUNDS):
        event = ArticlePublished.about(article(number), traceparent=new_traceparent())
        before = await here.redis.xlen("pages")
        start = perf_counter()
        await here.redis.xadd("articles", to_fields(event))  # type: ignore[arg-type]
        while await here.redis.xlen("pages") == before:
            await asyncio.sleep(0.0005)
        told.append(perf_counter() - start)
        while await here.redis.exists(TO_WRITE):
            await asyncio.sleep(0.0005)
        written.append(perf_counter() - start)
    await service.bus.stop()
    for close in service.close:
        await close()
    return Published(median(told), median(written), own_kb())


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    async with world() as here:
        await _fill(here, 0, SMALL)
        small = await _publish(here, SMALL)
        await _fill(here, SMALL + ROUNDS, MIDDLE)
        middle = await _publish(here, MIDDLE)
        await _fill(here, MIDDLE + ROUNDS, LARGE)
        large = await _publish(here, LARGE)
    for what, few, many in (
        ("until the page is told of", small.told, large.told),
        ("until all that follows is written", small.all_written, large.all_written),
    ):
        yield (
            f"publishing into {LARGE} articles beside publishing into {SMALL}, {what}",
            f"{many / few:.2f} ({many * 1000:.1f} of {few * 1000:.1f} ms)",
            "≤ 1.2",
        )
    yield (
        f"render's own memory with {LARGE} articles beside {MIDDLE}",
        f"{large.own_kb / middle.own_kb:.2f} ({large.own_kb / 1024:.0f} of "
        f"{middle.own_kb / 1024:.0f} MB)",
        "flat",
    )
