"""A worker that was slow, and lost its entry to another, takes nothing back, whatever it says."""

from collections.abc import AsyncIterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from shared.bus import Bus, bus, dead, lua, streams
from shared.bus.bus import Failed, Paused
from shared.bus.entry import Place
from shared.bus.users import as_user
from tests.bus.helpers import FAST, publish, published

SCRIPTS = Path(bus.__file__).parent
ATTEMPTS = "render:attempts:articles"
IDLE_MS = 60_000
"""For so long the entry looks untouched; whoever takes it anew makes that less."""
FAILS = {
    "cause": "RuntimeError",
    "time": "2026-09-01T10:00:00.000+00:00",
    "pause": 20,
    "idle": 2000,
}


@pytest.fixture
async def mine(redis_url: str, redis: Redis) -> AsyncIterator[Bus]:
    """The bus of render-1, which nobody started."""
    await streams.create_topology(redis)
    made = Bus(as_user(redis_url, "render"), service="render", consumer="render-1", timing=FAST)
    yield made
    await made.redis.aclose()


async def taken(redis: Redis, *owners: str) -> list[Place]:
    """An entry for each owner, as render-1 got it and another may have taken it since."""
    await publish(redis, *(published(number) for number in range(len(owners))))
    await redis.xreadgroup("render", "render-1", {"articles": ">"})
    ids = [entry_id for entry_id, _ in await redis.xrange("articles")]
    for entry_id, owner in zip(ids, owners, strict=True):
        await redis.xclaim(
            "articles", "render", owner, 0, [entry_id], idle=IDLE_MS, retrycount=3, justid=True
        )
    return [Place("articles", "render", "render-1", entry_id.decode()) for entry_id in ids]


async def state_of(redis: Redis, place: Place) -> dict[str, Any]:
    (found,) = await redis.xpending_range("articles", "render", place.id, place.id, 1)
    return {str(name): value for name, value in found.items()}


async def test_a_failure_of_a_worker_that_lost_the_entry_counts_for_nothing(
    mine: Bus, redis: Redis
) -> None:
    (place,) = await taken(redis, "render-2")
    fail = mine.fenced(SCRIPTS / "fail.lua", Failed)
    keys = {"attempts": ATTEMPTS, "dead": "articles.dead"}
    for allowed in (3, 1):
        answer = await fail(place, keys=keys, args=FAILS | {"allowed": allowed})
        assert answer.word is Failed.LOST
    await still_of_the_other(redis, place)
    assert not await redis.exists(ATTEMPTS)
    assert await dead.letters(redis) == []


async def test_a_worker_that_lost_the_entry_does_not_bring_it_back_by_waiting(
    mine: Bus, redis: Redis
) -> None:
    (place,) = await taken(redis, "render-2")
    pause = mine.fenced(SCRIPTS / "pause.lua", Paused)
    assert (await pause(place, args={"idle": 5})).word is Paused.LOST
    await still_of_the_other(redis, place)


async def test_a_heartbeat_keeps_what_is_still_the_workers_own_and_nothing_else(
    mine: Bus, redis: Redis
) -> None:
    own, lost, settled = await taken(redis, "render-1", "render-2", "render-1")
    await redis.xack("articles", "render", settled.id)
    beat: lua.Script[StrEnum] = lua.load(mine.redis, SCRIPTS / "heartbeat.lua", lua.Done)
    answer = await beat(
        keys={"stream": "articles"},
        args={
            "group": "render",
            "consumer": "render-1",
            "entries": [place.id for place in (own, lost, settled)],
        },
    )
    assert answer.values == (1,)
    await still_of_the_other(redis, lost)
    kept = await state_of(redis, own)
    assert kept["time_since_delivered"] < IDLE_MS
    assert kept["times_delivered"] == 3, (
        "a beat is no delivery: else a long handler is a crash loop"
    )
    assert (await redis.xpending("articles", "render"))["pending"] == 2


async def still_of_the_other(redis: Redis, place: Place) -> None:
    found = await state_of(redis, place)
    assert found["consumer"] == b"render-2"
    assert found["time_since_delivered"] >= IDLE_MS
    assert found["times_delivered"] == 3


async def test_a_pause_or_failure_of_the_owner_is_no_crash(mine: Bus, redis: Redis) -> None:
    """Else a relay that is down for a day looks like a crash loop."""
    waits, fails = await taken(redis, "render-1", "render-1")
    pause = mine.fenced(SCRIPTS / "pause.lua", Paused)
    assert (await pause(waits, args={"idle": 5})).word is Paused.PAUSED
    fail = mine.fenced(SCRIPTS / "fail.lua", Failed)
    keys = {"attempts": ATTEMPTS, "dead": "articles.dead"}
    answer = await fail(fails, keys=keys, args=FAILS | {"allowed": 3})
    assert (answer.word, answer.values) == (Failed.AGAIN, (1,))
    for place in (waits, fails):
        found = await state_of(redis, place)
        assert found["times_delivered"] == 1
        assert found["time_since_delivered"] < IDLE_MS
