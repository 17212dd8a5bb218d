"""Nobody is told of what a power cut could still take back; and what does not need one another is
done at the same time, so that a page is there sooner."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from services.render.articles.store import Kept, Store
from services.render.pages import pages
from services.render.site.site_files import SiteFiles
from shared import durable_file
from shared.events import ArticlePublished, ArticleWithdrawn, Event
from shared.revision import Revision
from shared.trace import new_traceparent
from tests.disk import Disk
from tests.make import alert, revision, settings
from tests.render.events import submitted
from tests.render.lives import later, withdrawal
from tests.render.running import all_handled, emitted, page_file, publish, running, tell
from tests.wait import until

NEWS, ALERT = revision(), revision(alert(), id="b1b2c3d4e5f6", slug="et-varsel")
WAITING = later(ALERT)
TOKEN = "a" * 32
LONGEST = 10.0
"""Seconds until a test gives up. Whoever waits for the other one's start waits for ever, if it is
begun only afterwards."""


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def published(of: Revision) -> Event:
    return ArticlePublished.about(of, traceparent=new_traceparent())


def withdrawn(of: Revision) -> Event:
    return ArticleWithdrawn.about(withdrawal(of), traceparent=new_traceparent())


PLACES = {
    "a page": ([published(NEWS)], "nyheter/en-sak/index.html"),
    "a page's name": ([published(NEWS)], "nyheter/en-sak"),
    "the name of a page's folder": ([published(NEWS)], "nyheter"),
    "the name of the folder of all": ([published(NEWS)], ""),
    "a CAP message": ([published(ALERT)], f"varsler/{ALERT.id}/1.cap.xml"),
    "a CAP message's name": ([published(ALERT)], f"varsler/{ALERT.id}"),
    "the name of a CAP message's folder": ([published(ALERT)], "varsler"),
    "what stands for withdrawn news": (
        [published(NEWS), withdrawn(NEWS)],
        "nyheter/en-sak/.gone.html",
    ),
    "a preview": ([submitted(WAITING, "a")], f"utkast/{TOKEN}/index.html"),
    "a preview's name": ([submitted(WAITING, "a")], f"utkast/{TOKEN}"),
    "the name of a preview's folder": ([submitted(WAITING, "a")], "utkast"),
    "that a preview is gone": ([submitted(WAITING, "a"), published(WAITING)], "utkast"),
}


@pytest.mark.parametrize(("events", "place"), PLACES.values(), ids=PLACES)
async def test_an_event_waits_until_what_it_tells_of_is_on_the_disk(
    redis_url: str, redis: Redis, disk: Disk, events: list[Event], place: str
) -> None:
    conf = settings()
    *before, told = events
    async with running(conf, redis_url) as service:
        for event in before:
            await tell(redis, event)
        await all_handled(redis)
        disk.refused = conf.site_folder.resolve() / place
        await tell(redis, told)

        async def stuck_or_told() -> bool:
            return bool(service.bus.problems()) or len(await emitted(redis)) > len(before)

        await until(stuck_or_told)
        assert len(await emitted(redis)) == len(before), f"{place} is not on the disk"
        assert disk.asked
        disk.refused = None
        await all_handled(redis)
        assert len(await emitted(redis)) == len(events)


async def test_a_body_is_made_while_its_revision_is_kept(
    redis_url: str, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_made = asyncio.Event()
    make, keep = pages.article_body, Store.keep

    def made(*args: Any) -> Any:
        is_made.set()
        return make(*args)

    async def kept(self: Store, of: Revision) -> Kept:
        async with asyncio.timeout(LONGEST):
            await is_made.wait()
        return await keep(self, of)

    monkeypatch.setattr(pages, "article_body", made)
    monkeypatch.setattr(Store, "keep", kept)
    conf = settings()
    async with running(conf, redis_url):
        await publish(redis, revision())
        await all_handled(redis)
    assert page_file(conf, revision()).exists()
    assert len(await emitted(redis)) == 1


async def test_a_cap_message_is_there_before_its_page_and_synced_beside_it(
    redis_url: str, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    conf, warning = settings(), revision(alert())
    message = conf.site_folder / f"varsler/{warning.id}/1.cap.xml"
    there: list[bool] = []
    is_written = asyncio.Event()
    settle, write = SiteFiles.settle, durable_file.write

    async def settled(self: SiteFiles, path: str) -> None:
        async with asyncio.timeout(LONGEST):
            await is_written.wait()
        await settle(self, path)

    loop = asyncio.get_running_loop()

    def written(path: Path, *args: Any, **how: Any) -> None:
        if path == page_file(conf, warning):
            there.append(message.read_text().rstrip().endswith("</alert>"))
            loop.call_soon_threadsafe(is_written.set)
        write(path, *args, **how)

    monkeypatch.setattr(SiteFiles, "settle", settled)
    monkeypatch.setattr(durable_file, "write", written)
    async with running(conf, redis_url):
        await publish(redis, warning)
        await all_handled(redis)
    assert there[0], "the page leads to it"
    assert len(await emitted(redis)) == 1
