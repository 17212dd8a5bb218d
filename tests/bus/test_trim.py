"""Streams are trimmed only behind every group, and keep what people may want to look at."""

import time
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from shared.bus import Entry, streams
from shared.topology import TOPOLOGY
from tests.bus.helpers import FAST, Running, in_time, publish, published

ids = st.tuples(st.integers(0, 2**45), st.integers(0, 2**20))


@given(floors=st.lists(ids, max_size=4), nth=st.none() | ids, now=st.integers(0, 2**45))
def test_nothing_is_trimmed_that_a_group_needs_or_that_is_young_or_among_the_newest(
    floors: list[streams.StreamId], nth: streams.StreamId | None, now: int
) -> None:
    floor = streams.trim_floor(floors, nth, now)
    if nth is None or not floors:
        assert floor is None
        return
    assert floor is not None
    assert all(floor <= needed for needed in floors)
    assert floor <= nth
    assert floor <= (now - streams.KEEP_SECONDS * 1000, 0)


async def _fill(
    redis: Redis, count: int, *, age_days: float, stream: str = "articles"
) -> list[str]:
    start = int((time.time() - age_days * 86400) * 1000)
    return [
        streams.text(await redis.xadd(stream, {"n": n}, id=f"{start + n}-0")) for n in range(count)
    ]


async def test_old_entries_behind_every_group_go_and_1000_stay(
    redis_url: str, redis: Redis
) -> None:
    await streams.create_topology(redis)
    entries = await _fill(redis, 1010, age_days=8)
    assert await streams.trim(redis, "articles") == 0, "no group has read them"
    await redis.xreadgroup("render", "c", {"articles": ">"}, count=2000)
    await redis.xack("articles", "render", *entries[1:])
    assert await streams.trim(redis, "articles") == 0, "the oldest is pending"
    await redis.xack("articles", "render", entries[0])
    assert await streams.trim(redis, "articles") == 10
    assert await redis.xlen("articles") == 1000


async def test_a_service_trims_what_it_writes_and_not_what_it_reads(
    redis_url: str, redis: Redis
) -> None:
    await streams.create_topology(redis)
    for stream in ("articles", "pages"):
        await _fill(redis, 1010, age_days=8, stream=stream)
        for group in TOPOLOGY[stream].groups:
            await redis.xreadgroup(group, "c", {stream: ">"}, count=2000, noack=True)

    async def handler(entry: Entry) -> None: ...

    async with Running(redis_url, handler):
        assert await in_time(redis, lambda: _has_length(redis, "pages", 1000))
    assert await redis.xlen("articles") == 1010, "streams are trimmed in order, articles first"


async def test_a_service_that_is_often_started_anew_trims_what_it_writes(
    redis_url: str, redis: Redis
) -> None:
    await streams.create_topology(redis)
    await _fill(redis, 1010, age_days=8, stream="pages")
    for group in TOPOLOGY["pages"].groups:
        await redis.xreadgroup(group, "c", {"pages": ">"}, count=2000, noack=True)

    async def handler(entry: Entry) -> None: ...

    async with Running(redis_url, handler, timing=replace(FAST, tidy=3600)):
        assert await in_time(redis, lambda: _has_length(redis, "pages", 1000))


async def _has_length(redis: Redis, stream: str, wanted: int) -> bool:
    return bool(await redis.xlen(stream) == wanted)


async def test_young_entries_stay(redis_url: str, redis: Redis) -> None:
    await streams.create_topology(redis)
    await _fill(redis, 1010, age_days=6)
    await redis.xreadgroup("render", "c", {"articles": ">"}, count=2000, noack=True)
    assert await streams.trim(redis, "articles") == 0


async def test_a_stream_that_lacks_a_group_is_not_trimmed(redis_url: str, redis: Redis) -> None:
    await streams.create_topology(redis)
    await redis.xgroup_destroy("pages", "ingest")
    await publish(redis, published(), stream="pages")
    assert await streams.trim(redis, "pages") == 0


async def test_a_group_that_is_nobodys_holds_no_trimming_up(redis: Redis) -> None:
    await streams.create_topology(redis)
    await redis.xgroup_create("articles", "nobodys", id="0")
    await _fill(redis, 1010, age_days=8)
    await redis.xreadgroup("render", "c", {"articles": ">"}, count=2000, noack=True)
    assert await streams.trim(redis, "articles") == 10


async def test_dead_letters_are_never_trimmed(redis_url: str, redis: Redis) -> None:
    await streams.create_topology(redis)
    await redis.xadd("articles.dead", {"n": 1}, id="1-0")
    await redis.xreadgroup("ingest", "c", {"articles.dead": ">"}, noack=True)
    assert await streams.trim(redis, "articles.dead") == 0
