"""G1 and G2 under SIGKILL: of a consumer between any two steps, and of Redis under load."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from shared.bus import Bus, Entry, connect, dead, streams
from shared.bus.users import as_user
from tests.bus.helpers import FAST, Running, commit_page, page_ids, pending, publish, published
from tests.bus.worker import STEPS
from tests.server import TIED, Valkey
from tests.wait import until

REPO = Path(__file__).parents[2]


class Workers:
    """Consumers in processes of their own."""

    def __init__(self, url: str) -> None:
        self._url = as_user(url, "render")
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, step: str = "none", consumer: str = "render-1") -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [*TIED, sys.executable, "-m", "tests.bus.worker", self._url, consumer, step],
            cwd=REPO,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._processes.append(process)
        return process

    def close(self) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.kill()
            process.wait()


@pytest.fixture
def workers(redis_url: str) -> Iterator[Workers]:
    started = Workers(redis_url)
    yield started
    started.close()


async def _ended(process: subprocess.Popen[bytes]) -> int:
    await until(lambda: process.poll() is not None, timeout=30)
    return process.returncode


@pytest.mark.parametrize("step", STEPS)
async def test_g2_a_consumer_killed_between_two_steps_leaves_one_effect(
    redis_url: str, redis: Redis, workers: Workers, step: str
) -> None:
    await publish(redis, *(published(n) for n in range(5)))
    assert await _ended(workers.start(step)) == -signal.SIGKILL
    workers.start()  # the same consumer's next life takes up its own leftovers at once
    await until(lambda: _all_settled(redis, 5), timeout=20)
    for n in range(5):
        assert await redis.hget(f"render:article:article{n:05d}", "effects") == b"1"


async def test_another_consumer_takes_over_from_one_that_stays_dead(
    redis_url: str, redis: Redis, workers: Workers
) -> None:
    await publish(redis, published())
    assert await _ended(workers.start(STEPS[1], consumer="render-1")) == -signal.SIGKILL
    workers.start(consumer="render-2")
    await until(lambda: _all_settled(redis, 1), timeout=20)


async def test_g3_an_event_that_kills_every_process_becomes_a_dead_letter(
    redis_url: str, redis: Redis, workers: Workers
) -> None:
    await publish(redis, published(1))
    for _ in range(FAST.crashes - 1):
        assert await _ended(workers.start(STEPS[0])) == -signal.SIGKILL
        assert await dead.letters(redis) == []
    last = workers.start(STEPS[0])
    [letter] = await until(lambda: dead.letters(redis), timeout=30)
    assert letter.cause.startswith("CrashLoop")
    assert last.poll() is None, "the event was given up before it ended this one too"


@pytest.mark.parametrize(("earlier", "handled"), [(FAST.crashes - 2, 1), (FAST.crashes - 1, 0)])
async def test_g3_the_delivery_that_makes_a_crash_loop_is_the_last_of_those_allowed(
    redis_url: str, redis: Redis, earlier: int, handled: int
) -> None:
    """`earlier` deliveries ended a process each."""
    await streams.create_topology(redis)
    await publish(redis, published(1))
    await redis.xreadgroup("render", "render-1", {"articles": ">"})
    ((entry_id, _),) = await redis.xrange("articles")
    await redis.xclaim(
        "articles", "render", "render-1", 0, [entry_id], retrycount=earlier, justid=True
    )
    handed: list[str] = []

    async def handler(entry: Entry) -> None:
        handed.append(entry.id)
        await commit_page(entry)

    async with Running(redis_url, handler):
        await until(lambda: _is_settled(redis))
    assert len(handed) == handled
    assert len(await dead.letters(redis)) == 1 - handled


async def _is_settled(redis: Redis) -> bool:
    return await pending(redis) == 0


async def test_g1_redis_killed_and_restarted_under_load_loses_nothing(own_server: Valkey) -> None:
    confirmed: list[int] = []
    producing = True

    async def produce(client: Redis) -> None:
        number = 0
        while producing:
            number += 1
            try:
                await publish(client, published(number))
                confirmed.append(number)
            except Exception:
                await asyncio.sleep(0.01)

    client = connect(own_server.url)
    await streams.create_topology(client)
    async with Running(own_server.url, commit_page) as bus:
        producer = asyncio.create_task(produce(client))
        for _ in range(3):
            seen = len(confirmed)
            await until(lambda s=seen: len(confirmed) > s + 50, timeout=30)  # type: ignore[misc]
            own_server.kill()
            await until(bus.problems)
            own_server.start()
        seen = len(confirmed)
        await until(lambda: len(confirmed) > seen + 50, timeout=30)
        producing = False
        await producer
        await until(lambda: _count_pending(client), timeout=30)
        await until(lambda: bus.problems() == [])
    pages = await page_ids(client)
    assert {f"article{n:05d}.1.page.published" for n in confirmed} <= set(pages)
    assert len(pages) == len(set(pages)), "an effect happened twice"
    await client.aclose()


async def _count_pending(client: Redis) -> bool:
    [group] = await client.xinfo_groups("articles")
    return bool(group["pending"] == 0 and group["lag"] == 0)


async def _all_settled(redis: Redis, pages: int) -> bool:
    return len(await page_ids(redis)) == pages and await pending(redis) == 0


async def test_a_lost_group_is_made_again_at_0_with_few_log_lines(
    redis_url: str, redis: Redis, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Running(redis_url, commit_page) as bus:
        await redis.xgroup_destroy("articles", "render")
        await publish(redis, published())
        await until(lambda: _all_settled_if_group(redis, 1))
        await until(lambda: bus.problems() == [])
    assert len(capsys.readouterr().out.splitlines()) < 5


async def _all_settled_if_group(redis: Redis, pages: int) -> bool:
    groups = await redis.xinfo_groups("articles")
    return bool(groups) and await _all_settled(redis, pages)


async def test_a_server_that_is_read_only_for_a_while_is_waited_for_with_few_log_lines(
    own_server: Valkey, capsys: pytest.CaptureFixture[str]
) -> None:
    client = connect(own_server.url)
    refused = 0
    async with Running(own_server.url, commit_page) as bus:
        # A replica of nobody: reads work, writes are refused with READONLY.
        await client.replicaof("127.0.0.1", "1")
        await until(bus.problems)
        before = (await client.info("stats"))["total_commands_processed"]
        assert isinstance(before, int)
        # Ten looks of the keeper, counted by the server itself.
        await until(lambda: _more_commands(client, before + 30), timeout=20)
        refused = (await client.info("errorstats")).get("errorstat_READONLY", {}).get("count", 0)
        await client.replicaof("NO", "ONE")
        await publish(client, published())
        await until(lambda: _count_pending(client), timeout=20)
        await until(lambda: bus.problems() == [])
        assert await page_ids(client)
    assert refused < 100
    assert len(capsys.readouterr().out.splitlines()) < 5
    await client.aclose()


async def _more_commands(client: Redis, wanted: int) -> bool:
    return bool((await client.info("stats"))["total_commands_processed"] >= wanted)


async def test_a_right_that_is_missing_is_waited_for_with_few_log_lines(
    own_server: Valkey, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Redis.from_url(own_server.url) as admin:
        everything = ["clearselectors", "~*", "+@all"]
        await admin.execute_command("ACL", "SETUSER", "render", *everything, "-xreadgroup")
        async with Running(own_server.url, commit_page) as bus:
            await until(bus.problems)
            await publish(admin, published())
            refused = await until(lambda: _refusals(admin))
            await until(lambda: _refusals(admin, more_than=refused))
            await admin.execute_command("ACL", "SETUSER", "render", "+xreadgroup")
            await until(lambda: page_ids(admin))
            await until(lambda: bus.problems() == [])
    assert len(capsys.readouterr().out.splitlines()) < 5


async def _refusals(client: Redis, more_than: int = 0) -> int:
    stats = (await client.info("errorstats")).get("errorstat_NOPERM", {"count": 0})
    return int(stats["count"]) if stats["count"] > more_than else 0


async def test_health_is_red_while_redis_is_away_and_when_readers_stop(own_server: Valkey) -> None:
    own_server.kill()
    bus = Bus(as_user(own_server.url, "render"), service="render", consumer="render-1", timing=FAST)

    async def handler(entry: Entry) -> None: ...

    bus.consume("articles", handler)
    await bus.start()  # does not wait for a Redis that is away
    assert bus.problems()
    own_server.start()
    await until(lambda: bus.problems() == [])
    own_server.kill()
    await until(bus.problems)
    await bus.stop()
