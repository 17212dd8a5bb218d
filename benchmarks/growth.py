"""Publishing one article into a large site beside a small one."""

import asyncio
from collections.abc import AsyncIterator
from statistics import median
from time import perf_counter

from benchmarks.world import World, world
from services.render import app as render
from services.render.articles.store import Store
from shared.bus.users import as_user
from shared.events import ArticlePublished, to_fields
from shared.revision import Revision
from shared.trace import new_traceparent
from tests import make

SMALL, LARGE = 100, 10_000
ROUNDS = 40


def _article(number: int) -> Revision:
    return make.revision(id=f"{number:012d}", slug=f"sak-{number}")


async def _fill(here: World, first: int, last: int) -> None:
    """Articles as render's state has them, and their folders, without the way there."""
    store = Store(here.redis)
    for number in range(first, last):
        revision = _article(number)
        await store.keep(revision)
        (here.settings.site_folder / "nyheter" / revision.slug).mkdir(parents=True)


async def _publish(here: World, first: int) -> float:
    """The median of the seconds from an article's event to its page's, for ROUNDS articles."""
    service = render.create(here.settings, as_user(here.redis_url, "render"))
    await service.bus.start()
    taken = []
    for number in range(first, first + ROUNDS):
        event = ArticlePublished.about(_article(number), traceparent=new_traceparent())
        before = await here.redis.xlen("pages")
        start = perf_counter()
        await here.redis.xadd("articles", to_fields(event))  # type: ignore[arg-type]
        while await here.redis.xlen("pages") == before:
            await asyncio.sleep(0.0005)
        taken.append(perf_counter() - start)
    await service.bus.stop()
    return median(taken)


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    async with world() as here:
        await _fill(here, 0, SMALL)
        small = await _publish(here, SMALL)
        await _fill(here, SMALL + ROUNDS, LARGE)
        large = await _publish(here, LARGE)
    yield (
        f"publishing into {LARGE} articles beside publishing into {SMALL}",
        f"{large / small:.2f} ({large * 1000:.1f} of {small * 1000:.1f} ms)",
        "≤ 1.2",
    )
