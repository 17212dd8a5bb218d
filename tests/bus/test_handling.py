"""G2, G3 and G4: every event is handled, its effect in Redis happens once, nothing is skipped."""

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest
from redis.asyncio import Redis

from shared.bus import Bus, Effects, Entry, Result, Surroundings, dead
from shared.bus.entry import AnswerBefore
from shared.events import ArticlePublished
from tests.bus.helpers import (
    FAST,
    Running,
    all_settled,
    commit_page,
    page_ids,
    page_of,
    pending,
    publish,
    published,
    settled,
)
from tests.wait import until


async def test_g4_events_published_before_the_first_start_are_handled(
    redis_url: str, redis: Redis
) -> None:
    await publish(redis, *(published(n) for n in range(5)))
    async with Running(redis_url, commit_page):
        await until(lambda: settled(redis, 5))


async def test_g4_events_published_while_the_service_was_down_are_handled(
    redis_url: str, redis: Redis
) -> None:
    async with Running(redis_url, commit_page):
        pass
    await publish(redis, *(published(n) for n in range(5)))
    async with Running(redis_url, commit_page):
        await until(lambda: settled(redis, 5))


async def test_g2_the_same_event_ten_times_has_one_effect(redis_url: str, redis: Redis) -> None:
    event = published()
    await publish(redis, *[event] * 10)
    async with Running(redis_url, commit_page):
        await until(lambda: all_settled(redis, 10))
    assert len(await page_ids(redis)) == 1
    assert await redis.hget(f"render:article:{event.subject}", "effects") == b"1"


async def test_g2_revisions_in_reverse_order_leave_the_newest(redis_url: str, redis: Redis) -> None:
    await publish(redis, *(published(1, n) for n in (3, 2, 1)))
    async with Running(redis_url, commit_page):
        await until(lambda: all_settled(redis, 3))
    assert await page_ids(redis) == ["article00001.3.page.published"]
    assert await redis.hget("render:article:article00001", "emitted") == b"3"


async def test_g2_of_two_workers_with_the_same_entry_one_takes_effect(
    redis_url: str, redis: Redis
) -> None:
    results: list[Result] = []
    holders: set[str] = set()
    both = asyncio.Event()

    async def handler(entry: Entry) -> None:
        holders.add(entry.consumer)
        await both.wait()
        results.append(await entry.commit(Effects(events=[("pages", page_of(entry))])))

    timing = replace(FAST, crashes=10_000)  # claims are no crashes here
    async with Running(redis_url, handler, timing=timing, consumer="render-1"):
        await publish(redis, published())
        await until(lambda: pending(redis))
        async with Running(redis_url, handler, timing=timing, consumer="render-2"):
            [entry] = await redis.xpending_range("articles", "render", "-", "+", 1)

            async def both_hold_it() -> bool:
                # As after a long silence of the first: either reaper may find it.
                ids = [entry["message_id"]]
                await redis.xclaim("articles", "render", "x", 0, ids, idle=60_000, justid=True)
                return len(holders) == 2

            await until(both_hold_it)
            both.set()
            await until(lambda: len(results) == 2)
    assert sorted(r.value for r in results) == ["done", "gone"]
    assert len(await page_ids(redis)) == 1


async def test_g3_a_poisonous_event_does_not_hold_up_those_behind_it_and_becomes_a_dead_letter(
    redis_url: str, redis: Redis
) -> None:
    async def handler(entry: Entry) -> None:
        if entry.event.subject == "article00001":
            raise RuntimeError("a secret: kari@example.org")
        await commit_page(entry)

    await publish(redis, *(published(n) for n in (1, 2, 3)))
    async with Running(redis_url, handler) as bus:
        await until(lambda: all_settled(redis, 3))
        assert bus.problems() == []
    [letter] = await dead.letters(redis)
    assert len(await page_ids(redis)) == 2
    assert (letter.stream, letter.group, letter.subject) == ("articles", "render", "article00001")
    assert letter.attempts == FAST.attempts
    assert letter.cause.startswith("RuntimeError at test_handling.py:")
    assert "kari" not in str(letter)
    assert await redis.hgetall("render:attempts:articles") == {}


async def test_g3_what_is_no_event_becomes_a_dead_letter_with_its_cause(
    redis_url: str, redis: Redis
) -> None:
    await redis.xadd("articles", {b"data": b"\xff\xfe", b"id": b"x"})
    await redis.xadd("articles", {"type": "article.published", "data": "{}"})
    await publish(redis, published())
    async with Running(redis_url, commit_page):
        await until(lambda: all_settled(redis, 3))
    assert len(await page_ids(redis)) == 1
    causes = [letter.cause for letter in await dead.letters(redis)]
    assert causes[0].startswith("UnicodeDecodeError")
    assert "article.published.id: missing" in causes[1]


async def test_g3_a_dead_letter_can_be_replayed_and_then_takes_effect(
    redis_url: str, redis: Redis
) -> None:
    broken = True

    async def handler(entry: Entry) -> None:
        if broken:
            raise RuntimeError
        await commit_page(entry)

    await publish(redis, published())
    async with Running(redis_url, handler):
        await until(lambda: all_settled(redis, 1))
        [letter] = await dead.letters(redis)
        broken = False
        assert await dead.replay(redis, letter.stream, letter.id)
        await until(lambda: settled(redis, 1))
    assert await dead.letters(redis) == []
    assert await dead.replay(redis, letter.stream, letter.id) is None
    (_, first), (_, again) = await redis.xrange("articles")
    assert again == first


async def test_g3_a_dead_letter_can_be_looked_at_and_dropped(redis_url: str, redis: Redis) -> None:
    async def handler(entry: Entry) -> None:
        raise RuntimeError

    event = published()
    await publish(redis, event)
    async with Running(redis_url, handler):
        await until(lambda: all_settled(redis, 1))
    [letter] = await dead.letters(redis)
    found = await dead.find(redis, "articles", letter.id)
    assert found and found.fields["id"] == event.id
    assert await dead.drop(redis, "articles", letter.id)
    assert await dead.letters(redis) == []


async def test_attempts_come_with_growing_pauses(redis_url: str, redis: Redis) -> None:
    times: list[float] = []

    async def handler(entry: Entry) -> None:
        times.append(asyncio.get_running_loop().time())
        raise RuntimeError

    timing = replace(FAST, first_pause=0.1, attempts=4)
    await publish(redis, published())
    async with Running(redis_url, handler, timing=timing):
        await until(lambda: all_settled(redis, 1))
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert len(pauses) == 3
    # A pause is never shorter than asked for; how much longer depends on the machine.
    assert all(pause >= asked for pause, asked in zip(pauses, (0.1, 0.2, 0.4), strict=True))


async def test_errors_of_the_surroundings_are_no_attempts(redis_url: str, redis: Redis) -> None:
    told: list[list[str]] = []

    async def handler(entry: Entry) -> None:
        told.append(running.bus.problems())
        if len(told) <= FAST.attempts + FAST.crashes:
            raise Surroundings("relay_down")
        await commit_page(entry)

    running = Running(redis_url, handler, timing=replace(FAST, min_idle=0.2))
    await publish(redis, published())
    async with running as bus:
        await until(lambda: all_settled(redis, 1), timeout=20)
        await until(lambda: bus.problems() == [])
    assert await dead.letters(redis) == []
    assert len(await page_ids(redis)) == 1
    assert len(told) > FAST.attempts + FAST.crashes
    assert ["articles relay_down"] in told


async def test_a_wait_turns_health_red_only_after_its_alarm_time(
    redis_url: str, redis: Redis
) -> None:
    waited = asyncio.Event()

    async def handler(entry: Entry) -> None:
        waited.set()
        raise Surroundings("page_not_live", alarm_after=120)

    await publish(redis, published())
    async with Running(redis_url, handler) as bus:
        await waited.wait()
        await until(lambda: pending(redis))
        assert bus.problems() == []


async def test_one_that_waits_does_not_hold_up_those_behind_it(
    redis_url: str, redis: Redis
) -> None:
    async def handler(entry: Entry) -> None:
        if entry.event.subject == "article00001":
            raise Surroundings("page_not_live")
        await commit_page(entry)

    await publish(redis, published(1), published(2))
    async with Running(redis_url, handler):
        await until(lambda: page_ids(redis))
    assert await page_ids(redis) == ["article00002.1.page.published"]


async def test_a_script_that_fails_halfway_leaves_the_event_pending_until_it_succeeds(
    redis_url: str, redis: Redis
) -> None:
    wrong = True

    async def handler(entry: Entry) -> None:
        ops = [("HSET", "render:a", "field", 1)]
        # Wrong number of arguments: passes the check of types, and fails behind the first write.
        ops += [("HSET", "render:b", "field")] if wrong else [("HSET", "render:b", "field", 1)]
        await entry.commit(Effects(ops=ops))  # type: ignore[arg-type]

    await publish(redis, published())
    async with Running(redis_url, handler):
        await until(lambda: redis.hlen("render:attempts:articles"))
        assert await redis.exists("render:a")
        assert await pending(redis) == 1
        wrong = False
        await until(lambda: redis.exists("render:b"))
        await until(lambda: all_settled(redis, 1))


async def test_a_key_of_the_wrong_type_is_found_before_the_first_write(
    redis_url: str, redis: Redis
) -> None:
    await redis.set("render:b", "text")

    async def handler(entry: Entry) -> None:
        await entry.commit(
            Effects(
                ops=[("HSET", "render:a", "field", 1), ("HSET", "render:b", "field", 1)],
                events=[("pages", page_of(entry))],
            )
        )

    await publish(redis, published())
    async with Running(redis_url, handler):
        await until(lambda: all_settled(redis, 1))
    [letter] = await dead.letters(redis)
    assert "WRONGTYPE render:b is a string" in letter.cause
    assert not await redis.exists("render:a")
    assert await page_ids(redis) == []


async def test_a_write_can_use_the_number_that_the_one_before_it_was_answered_with(
    redis_url: str, redis: Redis
) -> None:
    """Also a text that looks like it stays a text."""

    async def handler(entry: Entry) -> None:
        await entry.commit(
            Effects(
                ops=[
                    ("HINCRBY", "render:counters", "told", 1),
                    ("ZADD", "render:places", AnswerBefore.NUMBER, entry.event.id),
                    ("HSET", "render:texts", entry.event.id, "true"),
                ],
                events=[("pages", page_of(entry))],
            )
        )

    await redis.hset("render:counters", "told", 10**12)
    for number in (1, 2, 3):
        await publish(redis, published(number))
    async with Running(redis_url, handler):
        await until(lambda: all_settled(redis, 3))
    places = await redis.zrange("render:places", 0, -1, withscores=True)
    assert [place - 10**12 for _, place in places] == [1, 2, 3]
    assert set(await redis.hvals("render:texts")) == {b"true"}


async def test_a_handler_without_effects_is_acknowledged(redis_url: str, redis: Redis) -> None:
    seen: list[str] = []

    async def handler(entry: Entry) -> None:
        assert isinstance(entry.event, ArticlePublished)
        seen.append(entry.event.id)

    await publish(redis, published())
    async with Running(redis_url, handler):
        await until(lambda: seen)
        await until(lambda: all_settled(redis, 1))


@pytest.mark.parametrize("stream", ["deliveries", "nothing"])
def test_a_service_can_read_only_what_the_topology_gives_it(stream: str) -> None:
    bus = Bus("redis://127.0.0.1:1", service="render", consumer="render-1")
    with pytest.raises((ValueError, KeyError)):
        bus.consume(stream, commit_page)
