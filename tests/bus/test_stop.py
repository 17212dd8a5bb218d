"""A stop ends, also where a cancellation gets lost, and hands back what was not begun."""

import asyncio
from contextlib import suppress
from dataclasses import replace

from redis.asyncio import Redis

from shared.bus import Entry, tasks
from tests.bus.helpers import (
    FAST,
    Running,
    commit_page,
    in_time,
    page_ids,
    publish,
    published,
    settled,
)


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


async def test_a_group_ends_though_a_cancellation_of_a_task_in_it_gets_lost() -> None:
    """A `TaskGroup` cancels once only, so a service would wait for that task for ever."""
    begun = asyncio.Event()

    async def loses_one() -> None:
        with suppress(asyncio.CancelledError):
            begun.set()
            await asyncio.sleep(60)
        await asyncio.sleep(60)

    async def group() -> None:
        async with asyncio.TaskGroup() as both:
            work = [both.create_task(loses_one()), both.create_task(asyncio.sleep(60))]
            try:
                await asyncio.wait(work)
            finally:
                await tasks.end_for_sure(work)

    whole = asyncio.ensure_future(group())
    await begun.wait()
    await asyncio.wait_for(tasks.end([whole]), 5)
    assert whole.cancelled()


async def test_a_bus_stops_whenever_it_is_asked_to(redis_url: str, redis: Redis) -> None:
    async def handler(entry: Entry) -> None: ...

    for round_ in range(20):
        async with Running(redis_url, handler):
            await asyncio.sleep(FAST.watch * round_ / 10)  # a different moment each time


async def test_a_stop_waits_for_the_handler_that_runs_and_hands_back_the_rest(
    redis_url: str, redis: Redis
) -> None:
    started, finish = asyncio.Event(), asyncio.Event()

    async def slow(entry: Entry) -> None:
        started.set()
        await finish.wait()
        await commit_page(entry)

    await publish(redis, *(published(n) for n in range(3)))
    timing = replace(FAST, min_idle=60.0, dead=60.0)  # nobody takes over what is not handed back
    first = Running(redis_url, slow, timing=timing)
    await first.bus.start()
    await started.wait()
    stopping = asyncio.create_task(first.bus.stop())
    await asyncio.sleep(0)
    finish.set()
    await stopping
    assert await page_ids(redis) == ["article00000.1.page.published"]
    # Another consumer gets the two that were fetched and not begun, without waiting for min_idle.
    async with Running(redis_url, commit_page, consumer="render-2", timing=timing):
        assert await in_time(redis, lambda: settled(redis, 3))
