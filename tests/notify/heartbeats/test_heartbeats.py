"""Heartbeats as followers get them: real Redis, real HTTP, their own check of the signature."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis
from starlette.responses import Response

from services.notify.deliveries.site import SiteReader
from services.notify.posting import send_heartbeats
from services.notify.posting.send_heartbeats import LATE_SECONDS, PATH, SendHeartbeats, seen_alive
from shared.bus import tasks
from shared.settings import Settings
from tests.make import settings
from tests.notify.posting.events import SITE
from tests.notify.posting.follower import SECRET, Follower
from tests.notify.site import Pages
from tests.wait import until


def said(at: datetime) -> str:
    changes = f"{SITE}/changes.json?since=varsel000001.1"
    return json.dumps(
        {
            "alive_at": at.isoformat(timespec="seconds"),
            "newest_change": "varsel000001.1",
            "changes": changes,
        }
    )


@pytest.fixture
async def follower() -> AsyncIterator[Follower]:
    server = await Follower().start()
    yield server
    await server.stop()


@pytest.fixture
async def site() -> AsyncIterator[Pages]:
    pages = await Pages().start()
    pages.html[PATH] = said(datetime.now(UTC))
    yield pages
    await pages.stop()


def wanted_by(follower: Follower) -> Settings:
    hook = {"url": follower.url, "secret": SECRET, "heartbeat": True}
    return settings(site_url=SITE, webhooks=[hook])


@asynccontextmanager
async def telling(redis: Redis, conf: Settings, site: Pages) -> AsyncIterator[None]:
    reader = SiteReader(site.address)
    task = asyncio.create_task(SendHeartbeats(redis, conf, reader.page).run())
    try:
        yield
        assert not task.done()
    finally:
        await tasks.end([task])
        await reader.close()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send_heartbeats, "_LOOK_SECONDS", 0.02)


async def test_a_follower_that_wants_it_hears_that_all_is_alive(
    redis: Redis, follower: Follower, site: Pages
) -> None:
    async with telling(redis, wanted_by(follower), site):
        await until(lambda: follower.calls)
    body = follower.calls[0].verified()
    assert body["type"] == "heartbeat"
    data = body["data"]
    assert isinstance(data, dict)
    assert data["newest_change"] == "varsel000001.1"
    assert data["changes"] == f"{SITE}/changes.json?since=varsel000001.1"
    assert data["alive_at"]


async def test_it_comes_once_in_five_minutes_however_many_processes_there_are(
    redis: Redis, follower: Follower, site: Pages
) -> None:
    conf = wanted_by(follower)
    async with AsyncExitStack() as several:
        for _ in range(8):
            await several.enter_async_context(telling(redis, conf, site))
        await until(lambda: len(follower.calls) == 1 and len(site.asked) > 1)
    assert len(follower.calls) == 1
    async with telling(redis, conf, site):
        [key] = await redis.keys("notify:heartbeat:*")
        assert 290 < await redis.ttl(key) <= 300
        await redis.delete(key)  # what waiting would do
        await until(lambda: len(follower.calls) == 2)
    first, second = follower.calls
    assert first.id != second.id


@pytest.mark.parametrize("stands", ["", "no json", "old"])
async def test_it_is_silent_while_the_site_does_not_say_so(
    redis: Redis, follower: Follower, site: Pages, stands: str
) -> None:
    old = datetime.now(UTC) - timedelta(seconds=LATE_SECONDS + 5)
    site.html[PATH] = said(old) if stands == "old" else stands
    async with telling(redis, wanted_by(follower), site):
        await until(lambda: len(site.asked) > 3)
        assert not follower.calls
        site.html[PATH] = said(datetime.now(UTC))
        await until(lambda: follower.calls)


async def test_one_that_is_not_taken_is_not_sent_again(
    redis: Redis, follower: Follower, site: Pages
) -> None:
    follower.answers = [Response(status_code=500)]
    async with telling(redis, wanted_by(follower), site):
        await until(lambda: follower.calls)
        [key] = await redis.keys("notify:heartbeat:*")
        assert await redis.keys("notify:posts*") == []
        await redis.delete(key)
        await until(lambda: len(follower.calls) == 2)
        assert follower.calls[1].id != follower.calls[0].id


async def test_whoever_did_not_ask_for_it_gets_none(
    redis: Redis, follower: Follower, site: Pages
) -> None:
    wanting = await Follower().start()
    hooks = [
        {"url": follower.url, "secret": SECRET},
        {"url": wanting.url, "secret": SECRET, "heartbeat": True},
    ]
    try:
        async with telling(redis, settings(site_url=SITE, webhooks=hooks), site):
            await until(lambda: wanting.calls)
    finally:
        await wanting.stop()
    assert not follower.calls


def test_what_a_cache_said_long_ago_is_not_believed() -> None:
    now = datetime.now(UTC)
    assert seen_alive(said(now), now)
    assert not seen_alive(said(now - timedelta(seconds=LATE_SECONDS + 2)), now)
