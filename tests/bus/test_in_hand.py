"""An entry has one worker: of a dead one it is taken over, and a live one keeps it."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

from redis.asyncio import Redis

from shared.bus import Entry, streams
from tests.bus.helpers import FAST, Running, commit_page, in_time, publish, published, settled
from tests.wait import until


async def test_what_a_dead_consumer_had_in_hand_is_taken_over_in_seconds(
    redis_url: str, redis: Redis
) -> None:
    timing = replace(FAST, min_idle=60.0, dead=0.5)
    await streams.create_topology(redis)
    await publish(redis, published(1), published(2))
    await redis.xreadgroup("render", "dead", {"articles": ">"})
    async with Running(redis_url, commit_page, timing=timing):
        assert await in_time(redis, lambda: settled(redis, 2))


async def test_an_entry_is_handled_by_one_handler_at_a_time(redis_url: str, redis: Redis) -> None:
    """Also if it is found again by the consumer that has it in hand, as after a long silence."""
    runs: list[str] = []
    finish = asyncio.Event()

    async def handler(entry: Entry) -> None:
        runs.append(entry.id)
        if len(runs) == 1:
            await finish.wait()
        await commit_page(entry)

    timing = replace(FAST, crashes=10_000)  # claims are no crashes here
    await publish(redis, published())
    async with Running(redis_url, handler, timing=timing):
        await until(lambda: runs)

        async def found_twice_more() -> bool:
            ids = [runs[0]]
            await redis.xclaim("articles", "render", "render-1", 0, ids, idle=60_000, justid=True)
            entries = await redis.xpending_range("articles", "render", "-", "+", 1)
            # The reaper finds it a second time once it is done with the first.
            return len(runs) > 1 or bool(entries and entries[0]["times_delivered"] > 2)

        await until(found_twice_more)
        finish.set()
        assert runs == runs[:1]
        await until(lambda: settled(redis, 1))


async def test_what_a_consumer_is_busy_with_is_left_to_it(redis_url: str, redis: Redis) -> None:
    """Though it has asked for nothing new for longer than a dead one."""
    timing = replace(FAST, min_idle=60.0, dead=0.3)
    runs: list[str] = []
    finish = asyncio.Event()

    async def idle() -> int:
        entries = await redis.xpending_range("articles", "render", "-", "+", 2)
        return int(entries[0]["time_since_delivered"])

    async def handle(entry: Entry) -> None:
        runs.append(entry.id)
        await finish.wait()
        await commit_page(entry)

    await publish(redis, published(1), published(2))
    async with (
        Running(redis_url, handle, timing=timing, prefetch=1),
        Running(redis_url, handle, timing=timing, prefetch=1, consumer="render-2"),
    ):
        await until(lambda: len(runs) == 2)
        for _ in range(16):  # heartbeats, of which three fit into the time that makes one dead
            await until(lambda: _within(idle(), 60, 60_000))
            await until(lambda: _within(idle(), 0, 40))
        finish.set()
        await until(lambda: settled(redis, 2))
    assert len(runs) == 2


async def test_a_long_handler_keeps_its_entry_by_a_heartbeat(redis_url: str, redis: Redis) -> None:
    runs: list[str] = []
    finish = asyncio.Event()
    timing = replace(FAST, min_idle=0.3)

    def handler(name: str) -> object:
        async def handle(entry: Entry) -> None:
            runs.append(name)
            await finish.wait()
            await commit_page(entry)

        return handle

    async def idle() -> int:
        [entry] = await redis.xpending_range("articles", "render", "-", "+", 1)
        return int(entry["time_since_delivered"])

    await publish(redis, published())
    async with (
        Running(redis_url, handler("a"), timing=timing, consumer="render-1"),  # type: ignore[arg-type]
        Running(redis_url, handler("b"), timing=timing, consumer="render-2"),  # type: ignore[arg-type]
    ):
        await until(lambda: runs)
        for _ in range(8):  # the idle time grows and falls back, again and again
            await until(lambda: _within(idle(), 60, 60_000))
            await until(lambda: _within(idle(), 0, 40))
        finish.set()
        await until(lambda: settled(redis, 1))
    assert len(runs) == 1


async def _within(found: Awaitable[int], least: int, most: int) -> bool:
    return least <= await found <= most
