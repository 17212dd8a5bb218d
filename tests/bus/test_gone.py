"""Consumers of containers that were made anew do not pile up, and nothing is lost with them."""

from dataclasses import replace
from pathlib import Path

from redis.asyncio import Redis

from shared.bus import Entry, keeper, lua, streams
from tests.bus.helpers import FAST, Running, in_time, publish, published
from tests.wait import until

GONE_SOON = replace(FAST, gone=1.0, min_idle=60.0, dead=60.0)
"""Nobody takes over what others left pending."""


async def handler(entry: Entry) -> None: ...


async def _consumers(redis: Redis, stream: str = "articles", group: str = "render") -> set[str]:
    found = await redis.xinfo_consumers(stream, group)
    return {streams.text(consumer["name"]) for consumer in found}


async def _leave_something_pending(redis: Redis, consumer: str) -> None:
    await publish(redis, published())
    await redis.xreadgroup("render", consumer, {"articles": ">"})


async def test_a_consumer_that_is_gone_is_dropped_and_no_other_services(
    redis_url: str, redis: Redis
) -> None:
    await streams.create_topology(redis)
    await redis.xgroup_createconsumer("articles", "render", "render-old-host")
    await redis.xgroup_createconsumer("pages", "notify", "notify-old-host")
    async with Running(redis_url, handler, timing=GONE_SOON):

        async def alone() -> bool:
            return await _consumers(redis) == {"render-1"}

        assert await in_time(redis, alone)
    assert await _consumers(redis, "pages", "notify") == {"notify-old-host"}


async def test_a_consumer_with_something_pending_stays_and_so_does_its_entry(
    redis_url: str, redis: Redis
) -> None:
    await streams.create_topology(redis)
    await _leave_something_pending(redis, "render-dead")
    await redis.xgroup_createconsumer("articles", "render", "render-old-host")
    async with Running(redis_url, handler, timing=GONE_SOON):

        async def dropped() -> bool:
            return "render-old-host" not in await _consumers(redis)

        assert await in_time(redis, dropped)
    assert "render-dead" in await _consumers(redis)
    assert (await redis.xpending("articles", "render"))["pending"] == 1


async def test_a_consumer_that_was_heard_of_lately_stays(redis_url: str, redis: Redis) -> None:
    await streams.create_topology(redis)
    await redis.xgroup_createconsumer("articles", "render", "render-2")
    before = await _looks(redis)
    async with Running(redis_url, handler, timing=FAST):  # an hour, as in the product

        async def looked_twice() -> bool:
            return await _looks(redis) >= before + 2

        await until(looked_twice)
    assert await _consumers(redis) == {"render-1", "render-2"}


async def test_nobody_drops_themselves(redis: Redis) -> None:
    await streams.create_topology(redis)
    for name in ("me", "other"):
        await redis.xgroup_createconsumer("articles", "render", name)
    script = lua.load(redis, Path(keeper.__file__).with_name("drop_gone.lua"), lua.Done)
    answer = await script(
        keys={"stream": "articles"}, args={"group": "render", "consumer": "me", "silence": 0}
    )
    assert answer.values == (1,)
    assert await _consumers(redis) == {"me"}


async def _looks(redis: Redis) -> int:
    stats = await redis.info("commandstats")
    return int(stats.get("cmdstat_xinfo|consumers", {"calls": 0})["calls"])
