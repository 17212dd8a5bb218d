"""How far a service is behind, as metrics."""

from redis.asyncio import Redis

from shared.bus import dead, lag
from shared.bus.streams import create_topology
from tests.bus.helpers import publish, published


def _values(families: list, name: str) -> dict[tuple[str, ...], float]:
    [family] = [f for f in families if f.name == name]
    return {tuple(s.labels.values()): s.value for s in family.samples}


async def test_lag_and_pending_are_those_of_ones_own_group(redis: Redis) -> None:
    await create_topology(redis)
    await publish(redis, *(published(n) for n in range(3)))
    await redis.xreadgroup("render", "render-1", {"articles": ">"}, count=1)
    await redis.xadd("pages", {"any": "thing"})
    await redis.xreadgroup("ingest", "ingest-1", {"pages": ">"}, count=1)
    told = await lag.measure(redis, "render", ["articles"])
    assert _values(told, "varsel_group_lag") == {("articles", "render"): 2}
    assert _values(told, "varsel_group_pending") == {("articles", "render"): 1}
    for group, unread in (("notify", 1), ("ingest", 0)):
        told = await lag.measure(redis, group, ["pages"])
        assert _values(told, "varsel_group_lag") == {("pages", group): unread}


async def test_before_there_is_a_stream_there_is_no_lag_and_no_error(redis: Redis) -> None:
    told = await lag.measure(redis, "render", ["articles"])
    assert _values(told, "varsel_group_lag") == {}


async def test_a_lag_that_redis_cannot_tell_is_left_out_and_not_told_as_0(redis: Redis) -> None:
    await create_topology(redis)
    await publish(redis, *(published(n) for n in range(4)))
    await redis.xreadgroup("render", "render-1", {"articles": ">"}, count=1)
    [_, _, (unread, _), _] = await redis.xrange("articles")
    await redis.xdel("articles", unread)
    [render] = [g for g in await redis.xinfo_groups("articles") if g["name"] == b"render"]
    assert render["lag"] is None
    told = await lag.measure(redis, "render", ["articles"])
    assert _values(told, "varsel_group_lag") == {}
    assert _values(told, "varsel_group_pending") == {("articles", "render"): 1}


async def test_dead_letters_are_counted_by_stream(redis: Redis) -> None:
    for _ in range(2):
        await redis.xadd("pages.dead", {"any": "thing"})
    told = _values(await dead.measure(redis), "varsel_dead_letters")
    assert told == {("articles",): 0, ("pages",): 2, ("chunks",): 0, ("deliveries",): 0}
