"""The whole site anew: pages a second of processor time, beside the work of Markdown alone, and how
much memory it takes among many articles."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from benchmarks.world import World, world
from services.render import app as render
from services.render.articles.dated import TO_WRITE
from services.render.articles.store import Store
from services.render.look.templates import Site
from services.render.pages.share_picture import SharePicture, share_picture_path
from services.render.text.body_html import body_html
from services.render.text.labels import labels
from shared import durable_file
from shared.bus import tasks
from shared.bus.users import as_user
from shared.revision import Revision
from tests import make

FEW, MANY = 1_000, 20_000
"""Articles."""
_PARAGRAPH = (
    "Møtet er på biblioteket, og alle er velkomne. Vi snakker om **kurs**, om trening og om hva "
    "som har hjulpet andre; se [programmet](https://example.org/program) for mer."
)
_HEADING = "## Program\n\n- Kaffe\n- Kurs\n- Spørsmål"


@dataclass(frozen=True)
class Rebuilt:
    """What rebuilds took: seconds of this process's processor time for each page."""

    first: float
    """Where there is no page yet, as when the folder was lost."""
    another_look: float
    """With another address on all pages; their texts are the same."""
    peak_kb: int
    """Of this process's own memory, beside what it took before."""


def article(number: int, paragraphs: int = 4) -> Revision:
    """A made-up article, one of five topics, with a body of about 700 letters."""
    body = "\n\n".join([_HEADING, *[_PARAGRAPH] * paragraphs])
    news = make.news(title=f"Sak nummer {number}", topics=[f"Tema {number % 5}"], body=body)
    return make.revision(news, id=f"{number:012d}", slug=f"sak-{number}")


async def fill(here: World, first: int, last: int, make_one: Callable[[int], Revision]) -> None:
    """Articles as render's state has them, without the way there, and what stands for their drawn
    pictures: those that are as they should be are not drawn again."""
    store, site = Store(here.redis), Site.of(here.settings)
    for number in range(first, last):
        revision = make_one(number)
        await store.keep(revision)
        drawn = here.settings.site_folder / share_picture_path(revision).strip("/")
        durable_file.write(drawn, SharePicture.of(site, revision).mark, durable=False)
    await here.redis.delete(TO_WRITE)


async def rebuild(here: World, articles: int) -> Rebuilt:
    """Write the site of so many articles, then another address on all of its pages."""
    began = time.process_time()
    await _write(here, "https://en.example.org")
    first = (time.process_time() - began) / articles
    before, began = own_kb(), time.process_time()
    peak = await _write(here, "https://to.example.org")
    return Rebuilt(first, (time.process_time() - began) / articles, max(peak - before, 0))


async def _write(here: World, address: str) -> int:
    """Write the whole site; the most memory that was seen of this process, in kB."""
    settings = here.settings.model_copy(update={"site_url": address})
    service = render.create(settings, as_user(here.redis_url, "render"))
    await service.bus.start()
    look, peak = settings.site_folder / ".look", 0
    before = look.read_text() if look.exists() else ""
    keeper = asyncio.ensure_future(service.loops[0]())
    while not look.exists() or look.read_text() == before:
        peak = max(peak, own_kb())
        await asyncio.sleep(0.1)
    await tasks.end([keeper])
    await service.bus.stop()
    for close in service.close:
        await close()
    return peak


def markdown_alone(revision: Revision, rounds: int = 200) -> float:
    """Seconds of processor time for the body's HTML."""
    began = time.process_time()
    for _ in range(rounds):
        body_html(revision.article.body, revision.pictures, labels("nb"))
    return (time.process_time() - began) / rounds


def own_kb() -> int:
    """The memory of this process."""
    with open(f"/proc/{os.getpid()}/statm") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    for paragraphs, called in ((4, "0.7 kB"), (48, "8 kB")):

        def make_one(number: int, paragraphs: int = paragraphs) -> Revision:
            return article(number, paragraphs)

        async with world() as here:
            await fill(here, 0, FEW, make_one)
            done = await rebuild(here, FEW)
        alone = markdown_alone(make_one(1))
        yield (
            f"{FEW} articles of {called} with another look: pages a second of processor time",
            f"{1 / done.another_look:.0f}",
            "≥ 1,000",
        )
        yield (
            f"{FEW} articles of {called} for the first time",
            f"{1 / done.first:.0f} (Markdown alone: {1 / alone:.0f})",
            "reported",
        )
    async with world() as here:
        await fill(here, 0, FEW, article)
        few = await rebuild(here, FEW)
        await fill(here, FEW, MANY, article)
        many = await rebuild(here, MANY)
    yield (
        f"memory that a rebuild takes of {MANY} articles and of {FEW}",
        f"{many.peak_kb / 1024:.1f} and {few.peak_kb / 1024:.1f} MB",
        "flat",
    )
