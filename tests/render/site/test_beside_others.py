"""What is slow, spoilt or of another time beside an alert or a list does not hold it up."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from benchmarks.rebuild import article
from services.render.articles.dated import TO_WRITE, DatedLists
from services.render.articles.store import Store
from services.render.articles.teasers import ARTICLE
from services.render.look.templates import Site
from services.render.pages import pages
from services.render.site import rebuild_site
from services.render.site.precedence import Precedence
from services.render.site.rebuild_pages import RebuildPages
from services.render.site.rebuild_site import SiteKeeper
from services.render.site.site_files import SiteFiles
from services.render.site.write_behind import WriteBehind
from services.render.site.write_found import FoundWriter
from services.render.site.write_site import SiteWriter
from shared import durable_file
from shared.bus.epoch import EpochOver
from shared.child.children import Children
from shared.settings import Settings
from tests.make import alert, news, revision, settings
from tests.render.running import all_handled, kept, page_file, publish, running
from tests.wait import until


def writer_of(conf: Settings, redis: Redis, **more: Any) -> SiteWriter:
    return SiteWriter(
        Site.of(conf), Store(redis), SiteFiles(conf.site_folder, conf.data / "locks", **more)
    )


async def test_nothing_is_written_of_what_was_read_from_other_data(redis: Redis) -> None:
    """The data is another one from the moment at which it is read, not before."""
    conf = settings()
    other: list[bool] = []

    async def check() -> None:
        if other:
            raise EpochOver

    files = SiteFiles(conf.site_folder, conf.data / "locks", check=check)

    async def make() -> AsyncIterator[tuple[str, str, bytes]]:
        other.append(True)
        yield "sak/index.html", "<p>Av noe annet", b""

    with pytest.raises(EpochOver):
        await files.project_several(["sak/index.html"], make)
    assert not (conf.site_folder / "sak").exists()


async def test_each_mark_is_done_once_however_many_write_what_is_marked(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = writer_of(settings(), redis)
    for number in range(30):
        await writer.store.keep(article(number))
    written: list[str] = []
    write_list = FoundWriter.write_list

    async def noted(self: FoundWriter, name: str) -> None:
        written.append(name)
        await write_list(self, name)

    monkeypatch.setattr(FoundWriter, "write_list", noted)
    behind = WriteBehind(FoundWriter(writer))
    await asyncio.gather(behind.write_marked(pictures=False), behind.write_marked())
    topics = [name for name in written if name.startswith("topic:")]
    assert sorted(topics) == sorted(set(topics))
    assert topics
    assert not await writer.store.dated.marks()


async def test_tens_of_thousands_of_marks_are_read_some_at_a_time_and_none_hides_another(
    redis: Redis,
) -> None:
    """All of them at once once took 30 MB while an old site was moved."""
    conf, many = settings(), 1_203
    writer = writer_of(conf, redis)
    gone = {f"article gone{number:08}": number for number in range(1, many + 1)}
    pictures = {f"picture gone{number:08}": many + number for number in range(1, many + 1)}
    await redis.zadd(TO_WRITE, gone | pictures | {"list alerts": 2 * many + 1})
    read: list[int] = []
    marks = DatedLists.marks

    async def noted(self: DatedLists, after: int = 0) -> list[tuple[str, int]]:
        found = await marks(self, after)
        read.append(len(found))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatedLists, "marks", noted)
        behind = WriteBehind(FoundWriter(writer))
        await behind.write_marked(pictures=False)
        assert (conf.site_folder / "varsler/index.html").exists()
        assert len(behind.problems()) == many
        await behind.write_marked()
    assert max(read) == 500
    assert len(behind.problems()) == 2 * many
    assert await redis.zcard(TO_WRITE) == 2 * many


async def test_one_record_that_cannot_be_read_keeps_no_list_from_being_written(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    with capture_logs() as logs:
        async with running(conf, redis_url) as service:
            for number in range(3):
                await publish(redis, article(number))
            await publish(redis, revision(alert(), slug="varselet", id="alert0000001"))
            await all_handled(redis)
            for spoilt, value in ((article(1).id, "{}"), ("alert0000001", "ikke JSON")):
                await redis.hset(ARTICLE + spoilt, "teaser", value)
            await publish(redis, article(4))
            await all_handled(redis)
            told = [one for one in service.problems() if "not in lists" in one]
            assert told == [f"not in lists: {one}" for one in (article(1).id, "alert0000001")]
    for name in ("index.html", "nyheter/index.html", "nyheter/side/1/index.html", "feed.atom"):
        text = (conf.site_folder / name).read_text()
        assert all(f"sak-{number}/" in text for number in (0, 2, 4)), name
        assert "sak-1/" not in text
    said = [one["article"] for one in logs if one["event"] == "teaser_not_read"]
    assert sorted(said) == sorted({article(1).id, "alert0000001"}), "each is said once"


async def test_a_page_that_nobody_waits_for_leaves_an_alert_its_children(
    redis_url: str, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the whole site is written, a long page of it is made in another child."""
    conf = settings()
    asked: list[Children] = []
    run = Children.run_apart

    async def noted(self: Children, *args: Any, **kwargs: Any) -> Any:
        asked.append(self)
        return await run(self, *args, **kwargs)

    monkeypatch.setattr(Children, "run_apart", noted)
    long = "Et langt avsnitt om mye. " * 2000
    async with running(conf, redis_url) as service:
        await publish(redis, revision(news(body=long), id="lang00000001", slug="lang"))
        await all_handled(redis)
        of_alerts = asked[0]
        asked.clear()
        async with kept(service.loops):
            await until((conf.site_folder / ".look").exists)
    assert asked
    assert of_alerts not in asked


async def test_no_more_than_a_batch_of_pages_is_ever_left_to_a_sync(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An alert's own sync waits for what the file system has not written out yet."""
    conf = settings()
    writer = writer_of(conf, redis)
    for number in range(60):
        await writer.store.keep(article(number))
    monkeypatch.setattr(rebuild_site, "_BATCH", 20)
    unsynced, most = [0], [0]
    make, flush = durable_file.write, durable_file.flush

    def counted(path: Path, data: bytes, **how: Any) -> None:
        if path.parent.parent.name == "nyheter" and not how.get("durable", True):
            unsynced[0] += 1
            most[0] = max(most[0], unsynced[0])
        make(path, data, **how)

    def flushed(folder: Path) -> None:
        unsynced[0] = 0
        flush(folder)

    monkeypatch.setattr(durable_file, "write", counted)
    monkeypatch.setattr(durable_file, "flush", flushed)
    keeper = SiteKeeper(writer, WriteBehind(FoundWriter(writer)), Precedence())
    await keeper.rebuild()
    assert (unsynced[0], most[0]) == (0, 20)
    assert page_file(conf, article(59)).exists()


async def test_a_body_is_taken_from_its_page_but_not_if_all_is_to_be_made_anew(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    conf = settings()
    writer = writer_of(conf, redis)
    await writer.store.keep(article(1))
    rebuild = RebuildPages(writer, Precedence())
    made: list[str] = []
    body_html = pages.body_html

    def noted(body: str, *rest: Any) -> Any:
        made.append(body)
        return body_html(body, *rest)

    monkeypatch.setattr(pages, "body_html", noted)
    for anew, wanted in ((False, 1), (False, 1), (True, 2)):
        await rebuild.write([article(1).id], anew=anew)
        assert len(made) == wanted
    assert "programmet" in page_file(conf, article(1)).read_text()
