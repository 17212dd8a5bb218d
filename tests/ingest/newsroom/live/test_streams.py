"""A receipt that stays open shows each change, and ends with the log-in, the delivery or the
server."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.ingest.newsroom.live import streams
from services.ingest.people.store import People
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.live.serving import Served, served
from tests.ingest.newsroom.live.steps import half_way, stands
from tests.ingest.newsroom.steps import somebody
from tests.ingest.statuses import status
from tests.wait import until


@pytest.fixture
async def up(ingest: Ingest) -> AsyncIterator[Served]:
    async with served(ingest) as (running, _):
        yield running


@pytest.fixture
async def ingest(make_ingest: Any) -> Ingest:
    return await make_ingest(alert_approvals=0)


async def test_each_change_is_one_event_with_the_parts_that_changed(up: Served) -> None:
    article = await half_way(up.ingest)
    kari = await up.session(await somebody(up.ingest, "Kari Eksempel"))
    came = await up.follow(article, kari)
    assert came.headers["content-type"].startswith("text/event-stream")
    assert came.headers["cache-control"] == "no-store"
    await until(lambda: len(came.datas()) == 1)
    assert json.loads(came.datas()[0]).keys() == {"stand", "numbers", "choices", "earlier"}
    await stands(up.ingest, status(article, 4, 5))
    await until(lambda: len(came.datas()) == 2)
    changed = json.loads(came.datas()[1])
    assert changed.keys() == {"numbers"}
    assert "<strong>5</strong>" in changed["numbers"]
    await stands(up.ingest, status(article, 5, 5, state="paused", cause="operator"))
    await until(lambda: len(came.datas()) == 3)
    assert "Satt på pause" in json.loads(came.datas()[2])["stand"]


async def test_it_ends_once_nothing_changes_any_more(up: Served) -> None:
    article = await half_way(up.ingest)
    kari = await up.session(await somebody(up.ingest, "Kari Eksempel"))
    came = await up.follow(article, kari)
    await stands(up.ingest, status(article, 9, 10, state="complete"))
    await until(lambda: came.is_over)
    assert came.has("slutt")
    assert "Alle har fått den" in came.datas()[-1]


async def test_it_ends_with_the_log_in(up: Served) -> None:
    article = await half_way(up.ingest)
    kari = await up.session(await somebody(up.ingest, "Kari Eksempel"))
    came = await up.follow(article, kari)
    await until(came.datas)
    await up.end(kari)
    await until(lambda: came.is_over)
    assert came.has("ut")
    assert (await up.follow(article, kari)).status == 303


async def test_it_ends_once_whoever_follows_is_revoked(up: Served) -> None:
    article = await half_way(up.ingest)
    person = await somebody(up.ingest, "Kari Eksempel")
    came = await up.follow(article, await up.session(person))
    await until(came.datas)
    await People(up.ingest.redis).revoke(person.id)
    await until(lambda: came.is_over)
    assert came.has("ut")


async def test_following_keeps_nobody_logged_in(up: Served) -> None:
    article = await half_way(up.ingest)
    kari = await up.session(await somebody(up.ingest, "Kari Eksempel"))
    (place,) = [key async for key in up.ingest.redis.scan_iter("ingest:session:*")]
    await up.ingest.redis.expire(place, 1000)
    came = await up.follow(article, kari)
    await until(came.datas)
    await stands(up.ingest, status(article, 4, 5))
    await until(lambda: len(came.datas()) == 2)
    assert await up.ingest.redis.ttl(place) <= 1000


async def test_a_stop_of_the_server_ends_it_at_once(ingest: Ingest) -> None:
    """It has 20 seconds for open requests here, and would need them all."""
    article = await half_way(ingest)
    async with served(ingest) as (up, task):
        kari = await up.session(await somebody(ingest, "Kari Eksempel"))
        came = [await up.follow(article, kari) for _ in range(3)]
        await until(lambda: all(one.datas() for one in came))
        up.stop()
        async with asyncio.timeout(8):
            await asyncio.shield(task)
        await until(lambda: all(one.is_over for one in came))


async def test_no_more_are_open_than_may_be_and_a_place_is_free_again_after_one_ends(
    up: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MOST_OPEN", 3)
    monkeypatch.setattr(streams, "MOST_OF_ONE", 2)
    monkeypatch.setattr(streams, "SILENT_SECONDS", 0.5)
    article = await half_way(up.ingest)
    kari = await up.session(await somebody(up.ingest, "Kari Eksempel"))
    ola = await up.session(await somebody(up.ingest, "Ola Eksempel"))
    assert [(await up.follow(article, kari)).status for _ in range(3)] == [200, 200, 503]
    assert [(await up.follow(article, ola)).status for _ in range(2)] == [200, 503]
    await up.leave()

    async def is_free() -> bool:
        return (await up.follow(article, kari)).status == 200

    await until(is_free)


async def test_a_stranger_gets_none(up: Served) -> None:
    article = await half_way(up.ingest)
    kari = await up.session(await somebody(up.ingest, "Kari Eksempel"))
    await up.end(kari)
    assert (await up.follow(article, kari)).status == 303


async def test_while_redis_is_away_it_says_so_and_goes_on_after(ingest: Ingest) -> None:
    stopping = asyncio.Event()
    seen = ["a"]

    async def look() -> tuple[dict[str, str], bool]:
        if seen[0] == "away":
            raise ConnectionError
        return {"x": seen[0]}, False

    async def welcome() -> bool:
        return True

    came: list[str] = []
    follow = streams.LiveStreams(stopping).follow(look, welcome)

    async def read() -> None:
        async for event in follow:
            came.append(event)

    task = asyncio.create_task(read())
    await until(lambda: 'data: {"x": "a"}\n\n' in came)
    seen[0] = "away"
    await until(lambda: "event: borte\ndata:\n\n" in came)
    seen[0] = "a"
    await until(lambda: came.count('data: {"x": "a"}\n\n') == 2)
    stopping.set()
    await task
