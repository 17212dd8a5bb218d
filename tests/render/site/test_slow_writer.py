"""A late writer, which holds an older revision than what is stored by now, shows the newest."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.render.articles.store import Store
from services.render.look.templates import Site
from services.render.site import site_files
from services.render.site.site_files import SiteFiles
from services.render.site.write_site import SiteWriter
from shared.revision import Revision
from shared.settings import Settings
from tests.make import alert, news, revision, settings
from tests.render.lives import later, withdrawal
from tests.render.running import page_file
from tests.wait import until

FIRST = revision()
SECOND = later(FIRST, news(title="Den nye tittelen"))


@pytest.fixture
def conf() -> Settings:
    return settings()


@pytest.fixture
def writer(conf: Settings, redis: Redis) -> SiteWriter:
    files = SiteFiles(conf.site_folder, conf.data / "locks")
    return SiteWriter(Site.of(conf), Store(redis), files)


@asynccontextmanager
async def held_up(
    conf: Settings, path: str, write: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    """`write` runs, and waits within this for the lock of `path`, which another process has."""
    locks = conf.data / "locks"
    async with SiteFiles(conf.site_folder, locks)._locked(path):
        (lock,) = [one for one in locks.iterdir() if _open(one) == 1]
        late = asyncio.ensure_future(write())
        await until(lambda: _open(lock) == 2)
        yield
    await late


def _open(file: Path) -> int:
    """How often it is open in this process."""
    count = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            count += descriptor.readlink() == file
        except FileNotFoundError:  # closed meanwhile
            continue
    return count


def title(conf: Settings, of: Revision = FIRST) -> str:
    return page_file(conf, of).read_text().split("<h1>")[1].split("</h1>")[0]


async def test_a_late_writer_of_an_older_revision_writes_the_newest(
    conf: Settings, writer: SiteWriter
) -> None:
    for of in (FIRST, SECOND):
        await writer.store.keep(of)
    await writer.write_article(SECOND)
    await writer.write_article(FIRST)
    assert title(conf) == "Den nye tittelen"
    assert f"{SECOND.id}/2/{SECOND.sha256}" in page_file(conf, FIRST).read_text()


async def test_what_is_written_is_read_after_the_wait_for_the_lock(
    conf: Settings, writer: SiteWriter
) -> None:
    """Of a page, and of lists and feeds."""
    await writer.store.keep(FIRST)
    writes: list[tuple[str, Callable[[], Awaitable[None]]]] = [
        ("nyheter/en-sak/index.html", lambda: writer.write_article(FIRST)),
        ("nyheter/side/1/index.html", lambda: writer.write_numbered_page(1)),
        ("index.html", writer.write_newest),
    ]
    for number, (path, write) in enumerate(writes):
        newest = later(FIRST, news(title=f"Tittel {number}"), revision=number + 2)
        async with held_up(conf, path, write):
            await writer.store.keep(newest)
        assert f"Tittel {number}" in (conf.site_folder / path).read_text(), path


async def test_a_late_writer_of_news_does_not_bring_it_back(
    conf: Settings, writer: SiteWriter
) -> None:
    gone = withdrawal(FIRST)
    for of in (FIRST, gone):
        await writer.store.keep(of)
    await writer.write_article(gone)
    await writer.write_article(FIRST)
    assert not page_file(conf, FIRST).exists()
    assert (page_file(conf, FIRST).parent / ".gone.html").exists()


async def test_a_late_writer_of_an_alert_does_not_take_back_its_withdrawal(
    conf: Settings, writer: SiteWriter
) -> None:
    first = revision(alert())
    gone = withdrawal(first)
    for of in (first, gone):
        await writer.store.keep(of)
    await writer.write_article(gone)
    await writer.write_article(first)
    assert "Trukket" in page_file(conf, first).read_text()


async def test_a_body_that_was_made_before_a_newer_revision_came_is_not_shown(
    conf: Settings, writer: SiteWriter
) -> None:
    newer = later(FIRST, news(body="Den nye teksten."))
    body = await writer.body_of(FIRST, {})
    for of in (FIRST, newer):
        await writer.store.keep(of)
    await writer.write_article(FIRST, body)
    assert "Den nye teksten." in page_file(conf, FIRST).read_text()


async def test_a_page_is_the_same_whether_its_body_was_made_before(
    conf: Settings, writer: SiteWriter
) -> None:
    await writer.store.keep(FIRST)
    await writer.write_article(FIRST)
    before = page_file(conf, FIRST).read_bytes()
    await writer.write_article(FIRST, await writer.body_of(FIRST, {}))
    assert page_file(conf, FIRST).read_bytes() == before


async def test_a_writer_that_may_have_lost_its_lock_meanwhile_writes_what_is_newest(
    conf: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its machine stood still for a minute, and the server of files gave the lock to another."""
    clock, newest = [0.0], ["eldre"]
    monkeypatch.setattr(site_files, "_clock", lambda: clock[0])
    mine, theirs = (SiteFiles(conf.site_folder, conf.data / name) for name in ("mine", "theirs"))
    for path in ("sak/index.html", "liste.html"):
        clock[0], newest[0] = 0.0, "eldre"

        async def stand_still(path: str = path) -> str:
            said = newest[0]
            if said == "eldre":
                newest[0], clock[0] = "nyere", 60.0
                await theirs.project(path, stand_still)
            return said

        async def make(path: str = path) -> AsyncIterator[tuple[str, str, bytes]]:
            yield path, await stand_still(path), b""

        if path == "liste.html":
            await mine.project_several([path], make)
        else:
            await mine.project(path, stand_still)
        assert (conf.site_folder / path).read_text() == "nyere", path
