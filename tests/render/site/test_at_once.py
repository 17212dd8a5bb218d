"""What does not need one another is done at the same time, so that a page is there sooner."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from services.render.articles.store import Kept, Store
from services.render.pages import pages
from services.render.site.site_files import SiteFiles
from shared import durable_file
from shared.revision import Revision
from tests.make import alert, revision, settings
from tests.render.running import all_handled, emitted, page_file, publish, running

LONGEST = 10.0
"""Seconds until a test gives up. Whoever waits for the other one's start waits for ever, if it is
begun only afterwards."""


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
