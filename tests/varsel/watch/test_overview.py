"""A look reads a real server, as the commands' user, and costs the same whatever that holds."""

import os
import signal
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.notify.ledger.delivery import DELIVERIES, delivery_key
from shared.bus import streams
from shared.bus.users import OPERATOR, as_user
from shared.topology import STREAMS
from tests.server import Valkey
from tests.wait import until
from varsel.watch import problems as watch_problems
from varsel.watch import state
from varsel.watch.overview import look
from varsel.watch.problems import problems
from varsel.watch.state import Group, Look


def group(seen: Look, stream: str, name: str) -> Group:
    [found] = [g for s in seen.streams if s.name == stream for g in s.groups if g.name == name]
    return found


async def _delivery(redis: Redis, number: int) -> None:
    fields = {"article": "a1b2c3d4e5f6", "revision": number, "state": "sending",
              "kind": "correction", "cause": "",
              "told_at": 1_795_491_090_500, "started": "2026-11-24T03:00:00+00:00", "audience": 10,
              "handed_over": 4, "failed": 1, "suppressed": 2, "open": 3}  # fmt: skip
    await redis.hset(delivery_key(f"a1b2c3d4e5f6.{number}"), mapping=fields)
    await redis.zadd(DELIVERIES, {f"a1b2c3d4e5f6.{number}": number})


async def test_an_empty_server_is_told_to_be_one(redis: Redis) -> None:
    seen = await look(redis)
    assert [word for word, _ in problems(seen)] == ["not_started"]
    assert (seen.deliveries, seen.deliveries_total) == ((), 0)


async def test_lag_pending_age_and_what_was_ever_added_are_the_servers(redis: Redis) -> None:
    await streams.create_topology(redis)
    for _ in range(5):
        await redis.xadd("pages", {"data": "{}"})
    await redis.xadd("pages.dead", {"data": "{}"})
    await redis.xreadgroup("notify", "notify-1", {"pages": ">"}, count=3)
    seen = await look(redis)
    [pages] = [s for s in seen.streams if s.name == "pages"]
    assert (pages.length, pages.dead, pages.added) == (5, 1, 5)
    notify = group(seen, "pages", "notify")
    assert (notify.lag, notify.pending) == (2, 3)
    assert 0 <= (notify.oldest or 0) < 60
    assert [(c.name, c.pending) for c in notify.consumers] == [("notify-1", 3)]
    await redis.xtrim("pages", maxlen=1, approximate=False)
    [pages] = [s for s in (await look(redis)).streams if s.name == "pages"]
    assert (pages.length, pages.added) == (1, 5)


async def test_the_age_is_by_the_servers_clock(redis: Redis) -> None:
    await streams.create_topology(redis)
    seconds, _ = await redis.time()
    await redis.xadd("pages", {"data": "{}"}, id=f"{seconds - 500}000-0")
    await redis.xreadgroup("notify", "notify-1", {"pages": ">"})
    seen = await look(redis)
    assert 500 <= (group(seen, "pages", "notify").oldest or 0) < 510
    assert abs(seen.at - seconds) < 10


async def test_a_consumer_that_stops_is_gone_and_one_that_asks_is_not(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "GONE", 0.5)
    await streams.create_topology(redis)
    await redis.xadd("chunks", {"data": "{}"})
    await redis.xreadgroup("notify", "stops", {"chunks": ">"})

    async def stopped() -> bool:
        await redis.xreadgroup("notify", "goes-on", {"chunks": ">"})
        found = group(await look(redis), "chunks", "notify")
        return [c.name for c in found.gone] == ["stops"] and found.alive == 1

    await until(stopped)
    told = dict(problems(await look(redis)))
    assert "stops er borte, med 1 hendelse fra chunks" in told["consumer_gone"]


async def test_deliveries_are_the_newest_first_and_the_others_are_counted(redis: Redis) -> None:
    for number in range(1, 31):
        await _delivery(redis, number)
    seen = await look(redis)
    assert [d.revision for d in seen.deliveries] == list(range(30, 10, -1))
    assert seen.deliveries_total == 30
    assert seen.deliveries[0].open == 3


async def test_when_a_delivery_moved_last_is_told_in_seconds(redis: Redis) -> None:
    """Redis has milliseconds."""
    await _delivery(redis, 1)
    [delivery] = (await look(redis)).deliveries
    assert delivery.told_at == delivery.quiet_since == 1_795_491_090.5


async def test_memory_and_the_durable_log_are_the_servers(own_server: Valkey) -> None:
    async with Redis.from_url(own_server.url) as redis:
        seen = (await look(redis)).redis
        assert (seen.maxmemory, seen.aof) == (0, True)
        assert (seen.aof_write_ok, seen.aof_rewrite_ok, seen.aof_rewriting) == (True, True, False)
        assert 10**5 < seen.memory < 10**8
        assert 0 <= seen.uptime < 60
        await redis.config_set("maxmemory", "500mb")
        await redis.config_set("appendonly", "no")
        seen = (await look(redis)).redis
        assert (seen.maxmemory, seen.aof) == (500 * 2**20, False)


async def test_a_rewrite_that_runs_and_one_that_fails_are_told(own_server: Valkey) -> None:
    async with Redis.from_url(own_server.url) as redis:
        await redis.mset({str(n): n for n in range(1000)})
        await redis.config_set("rdb-key-save-delay", 100_000)  # microseconds for each key
        await redis.bgrewriteaof()

        async def child() -> int:
            """The process that rewrites, once it is told to; else 0."""
            return _child_of(own_server) if (await look(redis)).redis.aof_rewriting else 0

        os.kill(await until(child), signal.SIGKILL)
        await until(lambda: _aof_rewrite_failed(redis))


async def _aof_rewrite_failed(redis: Redis) -> bool:
    seen = (await look(redis)).redis
    return not seen.aof_rewrite_ok and not seen.aof_rewriting


def _child_of(server: Valkey) -> int:
    assert server.process
    pid = server.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0]) if children else 0


async def test_after_redis_started_all_is_well_only_once_a_dead_service_would_be_seen(
    own_server: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Consumers' idle times restart with Redis."""
    for module in (state, watch_problems):
        monkeypatch.setattr(module, "GONE", 2.0)

    async def told() -> list[str]:
        async with Redis.from_url(own_server.url) as redis:
            return list(dict(problems(await look(redis))))

    async def stopped() -> bool:
        words = await told()
        assert words, "all is well, though every service is dead"
        return words == ["service_stopped"]

    async with Redis.from_url(own_server.url) as redis:
        await streams.create_topology(redis)
        for stream in STREAMS:
            await redis.xadd(stream.name, {"data": "{}"})
            for name in stream.groups:
                await redis.xreadgroup(name, f"{name}-1", {stream.name: ">"})
    await until(stopped)
    own_server.kill()
    own_server.start()
    assert await told() == ["just_started"]
    await until(stopped)


async def _calls(redis: Redis) -> dict[str, int]:
    """The commands of one look, and how often each."""
    await redis.config_resetstat()
    await look(redis)
    stats = await redis.info("commandstats")
    ours = {name.removeprefix("cmdstat_"): int(stat["calls"]) for name, stat in stats.items()}
    return {name: n for name, n in ours.items() if name != "config|resetstat"}


async def test_a_look_is_the_same_few_commands_however_much_there_is(redis: Redis) -> None:
    """None of those that grow with a stream, a delivery's members, or all keys."""
    await streams.create_topology(redis)
    for number in range(20):
        await _delivery(redis, number)
    few = await _calls(redis)
    for number in range(20, 300):
        await _delivery(redis, number)
    async with redis.pipeline(transaction=False) as pipe:
        for _ in range(2000):
            pipe.xadd("pages", {"data": "{}"})
        await pipe.execute()
    await redis.xreadgroup("notify", "notify-1", {"pages": ">"}, count=2000)
    assert await _calls(redis) == few
    constant = {"info", "zcard", "xlen", "xinfo|groups", "xpending", "xinfo|consumers", "hgetall"}
    assert few.keys() <= constant | {"zrange", "zrevrange", "mget"}
    assert sum(few.values()) <= 60


async def test_the_operators_user_may_look(redis: Redis, redis_url: str) -> None:
    await streams.create_topology(redis)
    async with Redis.from_url(as_user(redis_url, OPERATOR)) as operator:
        assert (await look(operator)).streams
