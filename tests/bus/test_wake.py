"""What waits for its surroundings is tried at once when they may be there, in every process."""

from dataclasses import replace

import pytest
from redis.asyncio import Redis

from shared.bus import Entry, Surroundings, bus
from shared.bus.keeper import wakes_key
from tests.bus.helpers import FAST, Running, commit_page, page_of, publish, published, settled
from tests.wait import until

WAKES = wakes_key("render", "articles")
PATIENT = replace(FAST, min_idle=600.0, attempts=8)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits comes by itself only after minutes."""
    monkeypatch.setattr(bus, "wait_pause", lambda *_: 500.0)


async def test_all_that_waits_is_tried_at_once_however_long_its_pause(
    redis_url: str, redis: Redis
) -> None:
    ready, handled = False, 0

    async def handle(entry: Entry) -> None:
        nonlocal handled
        handled += 1
        if not ready:
            raise Surroundings("not_ready")
        await commit_page(entry)

    await publish(redis, *(published(n) for n in range(150)))
    async with Running(redis_url, handle, timing=PATIENT):
        await until(lambda: handled == 150)
        ready = True
        await redis.incr(WAKES)
        await until(lambda: settled(redis, 150))
    assert handled == 300


async def test_what_is_about_to_wait_as_it_is_woken_is_tried_again_as_well(
    redis_url: str, redis: Redis
) -> None:
    handled = 0

    async def handle(entry: Entry) -> None:
        nonlocal handled
        handled += 1
        if handled == 1:
            before = running._consumers[0].woken
            await redis.incr(WAKES)
            await until(lambda: running._consumers[0].woken > before)
            raise Surroundings("was_not_ready_a_moment_ago")
        await commit_page(entry)

    async with Running(redis_url, handle, timing=PATIENT) as running:
        await publish(redis, published())
        await until(lambda: settled(redis, 1))
    assert handled == 2


async def test_what_failed_keeps_its_pause(redis_url: str, redis: Redis) -> None:
    handled = 0

    async def handle(entry: Entry) -> None:
        nonlocal handled
        handled += 1
        if page_of(entry).subject == published(1).subject:
            raise ValueError("of its own")
        if handled < 3:
            raise Surroundings("not_ready")
        await commit_page(entry)

    slow = replace(PATIENT, first_pause=400.0)
    await publish(redis, published(1), published(2))
    async with Running(redis_url, handle, timing=slow):
        await until(lambda: handled == 2)
        await until(lambda: redis.hlen("render:attempts:articles"))
        await redis.incr(WAKES)
        await until(lambda: settled_second(redis))
    assert handled == 3


async def settled_second(redis: Redis) -> bool:
    return bool(await redis.hget(f"render:article:{published(2).subject}", "effects"))
