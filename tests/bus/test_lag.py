"""How far each service is behind, as metrics."""

import pytest
from redis.asyncio import Redis

from shared.bus import Bus, dead, lag
from shared.bus.streams import create_topology
from shared.bus.users import as_user
from shared.topology import STREAMS
from tests.bus.helpers import publish, published

SERVICES = ("ingest", "render", "notify")


def _values(families: list, name: str) -> dict[tuple[str, ...], float]:
    [family] = [f for f in families if f.name == name]
    return {tuple(s.labels.values()): s.value for s in family.samples}


async def test_lag_and_pending_are_told_of_every_group(redis: Redis) -> None:
    await create_topology(redis)
    await publish(redis, *(published(n) for n in range(3)))
    await redis.xreadgroup("render", "render-1", {"articles": ">"}, count=1)
    await redis.xadd("pages", {"any": "thing"})
    await redis.xreadgroup("ingest", "ingest-1", {"pages": ">"}, count=1)
    told = await lag.measure(redis, ["articles", "pages"])
    assert _values(told, "varsel_group_lag") == {
        ("articles", "render"): 2,
        ("pages", "notify"): 1,
        ("pages", "ingest"): 0,
    }
    assert _values(told, "varsel_group_pending") == {
        ("articles", "render"): 1,
        ("pages", "notify"): 0,
        ("pages", "ingest"): 1,
    }


async def test_a_group_that_the_topology_does_not_know_is_not_told_of(redis: Redis) -> None:
    """Anybody may make one: its name is no label."""
    await create_topology(redis)
    await redis.xgroup_create("articles", "kari@example.org", id="0")
    told = await lag.measure(redis, ["articles"])
    assert _values(told, "varsel_group_lag").keys() == {("articles", "render")}


async def test_before_there_is_a_stream_there_is_no_lag_and_no_error(redis: Redis) -> None:
    told = await lag.measure(redis, ["articles"])
    assert _values(told, "varsel_group_lag") == {}
    assert _values(told, "varsel_group_oldest_seconds") == {}


async def test_a_lag_that_redis_cannot_tell_is_left_out_and_not_told_as_0(redis: Redis) -> None:
    await create_topology(redis)
    await publish(redis, *(published(n) for n in range(4)))
    await redis.xreadgroup("render", "render-1", {"articles": ">"}, count=1)
    [_, _, (unread, _), _] = await redis.xrange("articles")
    await redis.xdel("articles", unread)
    [render] = [g for g in await redis.xinfo_groups("articles") if g["name"] == b"render"]
    assert render["lag"] is None
    told = await lag.measure(redis, ["articles"])
    assert _values(told, "varsel_group_lag") == {}
    assert _values(told, "varsel_group_pending") == {("articles", "render"): 1}


async def _oldest(redis: Redis) -> float:
    told = await lag.measure(redis, ["articles"])
    return _values(told, "varsel_group_oldest_seconds")["articles", "render"]


async def test_the_oldest_entry_that_is_not_settled_is_told_of_whether_it_was_read_or_not(
    redis: Redis,
) -> None:
    await create_topology(redis)
    assert await _oldest(redis) == 0
    seconds, _ = await redis.time()
    for age in (3000, 2000, 1000):
        await redis.xadd("articles", {"any": "thing"}, id=f"{(seconds - age) * 1000}-0")
    assert 3000 <= await _oldest(redis) < 3060
    [[_, read]] = await redis.xreadgroup("render", "render-1", {"articles": ">"}, count=2)
    assert 3000 <= await _oldest(redis) < 3060
    await redis.xack("articles", "render", read[0][0])
    assert 2000 <= await _oldest(redis) < 2060
    await redis.xack("articles", "render", read[1][0])
    assert 1000 <= await _oldest(redis) < 1060
    [[_, read]] = await redis.xreadgroup("render", "render-1", {"articles": ">"})
    await redis.xack("articles", "render", read[0][0])
    assert await _oldest(redis) == 0


@pytest.mark.parametrize("down", SERVICES)
async def test_each_group_of_each_stream_of_events_is_told_of_whichever_service_is_down(
    redis: Redis, redis_url: str, down: str
) -> None:
    await create_topology(redis)
    await publish(redis, published())
    told: dict[tuple[str, ...], float] = {}
    for service in SERVICES:
        if service != down:
            bus = Bus(as_user(redis_url, service), service=service, consumer="any")
            told |= _values(await bus.measure(), "varsel_group_oldest_seconds")
            await bus.redis.aclose()
    wanted = {(stream.name, group) for stream in STREAMS for group in stream.groups}
    assert wanted <= told.keys()
    assert told["articles", "render"] > 0


async def test_dead_letters_are_counted_by_stream(redis: Redis) -> None:
    for _ in range(2):
        await redis.xadd("pages.dead", {"any": "thing"})
    told = _values(await dead.measure(redis), "varsel_dead_letters")
    others = {(stream.name,): 0 for stream in STREAMS}
    assert told == others | {("pages",): 2}
