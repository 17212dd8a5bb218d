"""A stop ends, also where a cancellation gets lost."""

import asyncio

from redis.asyncio import Redis

from shared.bus import Entry, tasks
from tests.bus.helpers import FAST, Running


async def test_a_task_that_loses_its_first_cancellation_is_ended() -> None:
    lost = 0

    async def stubborn() -> None:
        nonlocal lost
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if lost == 1:
                    raise
                lost += 1

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await asyncio.wait_for(tasks.end([task]), 5)
    assert lost == 1


async def test_a_bus_stops_whenever_it_is_asked_to(redis_url: str, redis: Redis) -> None:
    async def handler(entry: Entry) -> None: ...

    for round_ in range(20):
        async with Running(redis_url, handler):
            await asyncio.sleep(FAST.watch * round_ / 10)  # a different moment each time
