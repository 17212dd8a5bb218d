"""The whole site anew because a person asked for it: while it serves, and whatever ends it."""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from benchmarks.rebuild import article
from services.render.articles.rebuilds import Rebuilds
from services.render.articles.store import Store
from services.render.articles.teasers import ARTICLE
from services.render.look.templates import Site
from services.render.pages.pages import article_page
from services.render.site import rebuild_pages
from services.render.site.precedence import Precedence
from services.render.site.rebuild_pages import RebuildPages
from services.render.site.site_files import SiteFiles
from services.render.site.write_site import SiteWriter
from shared.revision import Revision
from shared.settings import Settings
from tests.make import alert, revision, settings
from tests.render.running import all_handled, emitted, files, kept, page_file, publish, running
from tests.wait import until

ARTICLES = 60


async def fill(conf: Settings, redis_url: str, redis: Redis) -> None:
    async with running(conf, redis_url) as service, kept(service.loops):
        for number in range(ARTICLES):
            await publish(redis, article(number))
        await publish(redis, revision(alert(), slug="varselet", id="alert0000001"))
        await all_handled(redis)
        await until((conf.site_folder / ".look").exists)


def writer_of(conf: Settings, redis: Redis) -> SiteWriter:
    files_of_it = SiteFiles(conf.site_folder, conf.data / "site.locks")
    return SiteWriter(Site.of(conf), Store(redis), files_of_it)


def dies_after(count: int) -> Callable[..., str]:
    """Makes pages, and ends the task that asks for so many."""
    made: list[str] = []

    def dying(*args: Any, **kwargs: Any) -> str:
        made.append(html := article_page(*args, **kwargs))
        task = asyncio.current_task()
        if len(made) == count and task:
            task.cancel()
        return html

    return dying


async def test_whoever_asks_gets_all_files_anew_from_redis(redis_url: str, redis: Redis) -> None:
    conf = settings()
    await fill(conf, redis_url, redis)
    spoilt = [page_file(conf, article(number)) for number in (0, 17, 59)]
    whole = [page.read_text() for page in spoilt]
    pictures = {path: at for path, at in files(conf).items() if path.endswith("del.png")}
    async with running(conf, redis_url) as service, kept(service.loops):
        await until(lambda: not service.problems())
        for page in spoilt:
            page.write_text("<p>Noe annet")
        (conf.site_folder / "varsler/alert0000001/1.cap.xml").unlink()
        rebuilds = Rebuilds(redis)
        wish = await rebuilds.ask()

        async def done() -> bool:
            return (await rebuilds.state()).done == wish

        await until(done, timeout=30)
        state = await rebuilds.state()
    assert [page.read_text() for page in spoilt] == whole
    assert (conf.site_folder / "varsler/alert0000001/1.cap.xml").exists()
    assert state.written == state.articles == ARTICLES + 1
    assert len(await emitted(redis)) == ARTICLES + 1  # a page that is written again is not told of
    drawn = {path: at for path, at in files(conf).items() if path.endswith("del.png")}
    assert drawn == pictures, "pictures that are as they should be are not drawn again"


async def test_what_is_published_meanwhile_goes_first(redis_url: str, redis: Redis) -> None:
    conf = settings()
    await fill(conf, redis_url, redis)
    store, precedence = Store(redis), Precedence()
    pages = RebuildPages(writer_of(conf, redis), precedence)
    page = page_file(conf, article(3))
    page.unlink()
    with precedence.first():
        rebuilding = asyncio.ensure_future(pages.write([article(3).id]))
        async with running(conf, redis_url):
            await publish(redis, revision(alert(), slug="nytt", id="alert0000002"))
            await all_handled(redis)
        assert (conf.site_folder / "nyheter/nytt/index.html").exists()
        assert not page.exists()
    await rebuilding
    assert page.exists()
    assert await store.is_known("alert0000002")


async def test_one_that_is_ended_half_way_leaves_whole_files_and_is_done_again(
    redis_url: str, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    conf = settings()
    await fill(conf, redis_url, redis)
    moved = settings(data=conf.data, site_url="https://ny.example.org")

    def new() -> int:
        return sum("https://ny." in page.read_text() for page in pages)

    pages = [page_file(conf, article(number)) for number in range(ARTICLES)]
    async with running(moved, redis_url) as service:
        with monkeypatch.context() as patch:
            patch.setattr(rebuild_pages.pages, "article_page", dies_after(20))
            with suppress(asyncio.CancelledError):
                await asyncio.ensure_future(service.loops[0]())
        assert not (conf.site_folder / ".look").exists()
    assert all(page.read_text().rstrip().endswith("</html>") for page in pages)
    assert 0 < new() < ARTICLES
    async with running(moved, redis_url) as service, kept(service.loops):
        await until((conf.site_folder / ".look").exists)
    assert new() == ARTICLES


async def test_a_look_that_comes_back_half_way_to_another_reaches_every_page_again(
    redis_url: str, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    conf = settings()
    await fill(conf, redis_url, redis)
    moved = settings(data=conf.data, site_url="https://ny.example.org")
    pages = [page_file(conf, article(number)) for number in range(ARTICLES)]
    before = [page.read_text() for page in pages]
    async with running(moved, redis_url) as service:
        with monkeypatch.context() as patch:
            patch.setattr(rebuild_pages.pages, "article_page", dies_after(20))
            with suppress(asyncio.CancelledError):
                await asyncio.ensure_future(service.loops[0]())
    assert [page.read_text() for page in pages] != before
    async with running(conf, redis_url) as service, kept(service.loops):
        await until(lambda: [page.read_text() for page in pages] == before)


async def test_an_article_that_cannot_be_read_is_passed_over_and_told(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    await fill(conf, redis_url, redis)
    spoilt = {article(7).id, article(31).id}
    for one in spoilt:
        await redis.hset(ARTICLE + one, "data", "{}")
    await redis.hdel("render:rebuild", "placed_by")  # so that each is read to be placed, too
    others = [page_file(conf, article(n)) for n in range(ARTICLES) if n not in (7, 31)]
    for page in others:
        page.unlink()
    await rebuilt_beside(conf, redis_url, redis, spoilt)
    assert all(page.exists() for page in others)


async def test_an_article_that_cannot_be_made_is_passed_over_and_told(
    redis_url: str, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    conf = settings()
    await fill(conf, redis_url, redis)

    def faulty(site: Site, revision: Revision, *args: Any, **beside: Any) -> str:
        if revision.id == article(7).id:
            raise ValueError("nobody foresaw this")
        return article_page(site, revision, *args, **beside)

    others = [page_file(conf, article(n)) for n in range(ARTICLES) if n != 7]
    for page in others:
        page.unlink()
    monkeypatch.setattr(rebuild_pages.pages, "article_page", faulty)
    await rebuilt_beside(conf, redis_url, redis, {article(7).id})
    assert all(page.exists() for page in others)


async def test_surroundings_that_do_not_let_it_be_are_no_article_s_fault(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    conf = settings()
    writer = writer_of(conf, redis)
    await writer.store.keep(article(0))

    async def gone(_: Any) -> Any:
        raise ConnectionError

    monkeypatch.setattr(writer.store.pages, "of", gone)
    with pytest.raises(ConnectionError):
        await RebuildPages(writer, Precedence()).write([article(0).id])
    assert writer.not_made == set()


async def rebuilt_beside(conf: Settings, redis_url: str, redis: Redis, not_made: set[str]) -> None:
    """The site is written anew because somebody asks; health names these articles, and the logs."""
    rebuilds = Rebuilds(redis)
    wish = await rebuilds.ask()

    async def done() -> bool:
        return (await rebuilds.state()).done == wish

    with capture_logs() as logs:
        async with running(conf, redis_url) as service, kept(service.loops):
            await until(done, timeout=30)
            told = {f"page not made: {one}" for one in not_made}
            assert {one for one in service.problems() if "page not made" in one} == told
    logged = {one["article"] for one in logs if one["event"] == "page_not_made"}
    assert logged == not_made


async def test_a_page_costs_little_beside_making_it_and_no_sync(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sample of `python -m benchmarks rebuild`."""
    conf = settings()
    writer = writer_of(conf, redis)
    for number in range(200):
        await writer.store.keep(article(number))
    pages = RebuildPages(writer, Precedence())
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    ids = [article(number).id for number in range(200)]
    began = time.process_time()
    await pages.write(ids)
    rebuilt = time.process_time() - began
    [state] = await writer.store.pages.of(ids[100:101])
    began = time.process_time()
    for _ in range(200):
        article_page(writer.site, state.revision, state.others)
    alone = time.process_time() - began
    assert synced == []
    assert page_file(conf, article(199)).exists()
    assert rebuilt < 4 * alone
