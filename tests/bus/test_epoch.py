"""A service that finds other data in Redis than it began with leaves it alone, and says so."""

import asyncio
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from shared.bus import Bus, Entry
from shared.bus.epoch import OTHER_DATA, EpochOver
from tests.bus.helpers import FAST, Running, commit_page, page_ids, publish, published
from tests.server import Valkey
from tests.wait import until

Dump = dict[bytes, bytes]
NEVER = replace(FAST, watch=3600.0)
"""The keeper does not look again: only the scripts can notice."""


async def dump(redis: Redis) -> Dump:
    return {key: await redis.dump(key) async for key in redis.scan_iter()}


def unread_of(found: Dump) -> Dump:
    """Without the stream whose group tells that a reader fetched an event, though it left it."""
    return {key: value for key, value in found.items() if key != b"articles"}


async def unread(redis: Redis) -> Dump:
    return unread_of(await dump(redis))


async def replace_all(redis: Redis, other: Dump) -> None:
    """Put these keys into Redis in place of all that it holds."""
    async with redis.pipeline(transaction=True) as pipe:
        pipe.flushall()
        for key, value in other.items():
            pipe.restore(key, 0, value)
        await pipe.execute()


@pytest.fixture
async def other_system(redis: Redis, redis_url: str) -> Dump:
    """The keys of another system, whose render has read one event and has another to read."""
    async with Running(redis_url, commit_page):
        await publish(redis, published(1))
        await until(lambda: page_ids(redis))
    await publish(redis, published(2))
    found = await dump(redis)
    await redis.flushall()
    return found


async def red(bus: Bus) -> None:
    """Wait until the bus says what is wrong and reads nothing more."""
    await until(lambda: bus.problems() == [OTHER_DATA])
    await until(lambda: not any(r.alive for c in bus._consumers for r in c.readers))


async def test_a_service_whose_redis_is_emptied_turns_red_and_writes_nothing(
    redis: Redis, redis_url: str
) -> None:
    async with Running(redis_url, commit_page) as bus:
        await redis.flushall()
        await red(bus)
        await publish(redis, published())
    assert await redis.keys() == [b"articles"]
    assert await redis.xinfo_groups("articles") == []


async def test_a_service_leaves_the_events_of_another_system_alone(
    redis: Redis, redis_url: str, other_system: Dump
) -> None:
    async with Running(redis_url, commit_page) as bus:
        await replace_all(redis, other_system)
        await red(bus)
    assert len(await page_ids(redis)) == 1
    assert await unread(redis) == unread_of(other_system)


@pytest.mark.parametrize("emptied", [True, False])
async def test_what_was_begun_before_has_no_effect_on_other_data(
    redis: Redis, redis_url: str, other_system: Dump, emptied: bool
) -> None:
    """Redis itself refuses: the keeper has not looked."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def handler(entry: Entry) -> None:
        begun.set()
        await go_on.wait()
        await commit_page(entry)

    async with Running(redis_url, handler, timing=NEVER) as bus:
        await publish(redis, published(3))
        await begun.wait()
        await replace_all(redis, {} if emptied else other_system)
        before = await dump(redis)
        go_on.set()
        await until(lambda: bus.problems() == [OTHER_DATA])
        assert bus.is_stopping
    assert await unread(redis) == unread_of(before)


async def test_what_is_put_back_is_left_alone_until_the_service_starts_again(
    redis: Redis, redis_url: str
) -> None:
    """It may be an older state: a person decides what goes on from it."""
    async with Running(redis_url, commit_page) as bus:
        own = await dump(redis)
        await redis.flushall()
        await red(bus)
        await replace_all(redis, own)
        await publish(redis, published())
        with pytest.raises(EpochOver):
            await bus.epoch.check()
        assert bus.problems() == [OTHER_DATA]
    assert await page_ids(redis) == []
    async with Running(redis_url, commit_page) as bus:
        await until(lambda: page_ids(redis))
        assert bus.problems() == []


async def test_a_service_that_starts_again_on_an_empty_server_begins_anew(
    redis: Redis, redis_url: str
) -> None:
    async with Running(redis_url, commit_page) as bus:
        await redis.flushall()
        await red(bus)
    async with Running(redis_url, commit_page) as bus:
        await publish(redis, published())
        await until(lambda: page_ids(redis))
        assert bus.problems() == []


async def test_processes_of_one_service_are_of_one_epoch(redis: Redis, redis_url: str) -> None:
    second = Running(redis_url, commit_page, consumer="render-2")
    async with Running(redis_url, commit_page) as one, second as two:
        assert one.epoch.id == two.epoch.id != ""
        assert one.problems() == two.problems() == []


async def test_a_server_that_was_killed_and_is_back_is_of_the_same_epoch(
    own_server: Valkey,
) -> None:
    async with Running(own_server.url, commit_page) as bus:
        own_server.kill()
        await until(bus.problems)
        own_server.start()
        await until(lambda: bus.problems() == [], timeout=20)
        assert not bus.epoch.is_over
