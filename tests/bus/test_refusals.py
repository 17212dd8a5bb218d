"""What Redis refuses for a while is the surroundings' fault: no attempt, health red, and on."""

import signal
from collections.abc import Awaitable, Callable

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.bus import Entry, connect, dead
from shared.bus.errors import surroundings
from tests.bus.helpers import FAST, Running, commit_page, page_ids, publish, published
from tests.server import Valkey
from tests.wait import until

Turn = Callable[[Redis], Awaitable[object]]


async def no_memory(admin: Redis) -> None:
    await admin.config_set("maxmemory", "1mb")


async def memory(admin: Redis) -> None:
    await admin.config_set("maxmemory", "0")


async def read_only(admin: Redis) -> None:
    await admin.replicaof("127.0.0.1", "1")


async def writable(admin: Redis) -> None:
    await admin.replicaof("NO", "ONE")


async def no_right(admin: Redis) -> None:
    await admin.execute_command("ACL", "SETUSER", "render", "-hset")


async def right(admin: Redis) -> None:
    await admin.execute_command("ACL", "SETUSER", "render", "+hset")


@pytest.mark.parametrize(
    ("refuse", "allow"),
    [(no_memory, memory), (read_only, writable), (no_right, right)],
    ids=["no memory", "read-only", "no right"],
)
async def test_a_refusal_of_redis_is_no_attempt(
    own_server: Valkey, refuse: Turn, allow: Turn
) -> None:
    admin = connect(own_server.url)
    tried = 0
    refused: list[str] = []

    async def handler(entry: Entry) -> None:
        nonlocal tried
        if tried == 0:
            await refuse(admin)
        tried += 1
        try:
            await commit_page(entry)
        except RedisError as error:
            wait = surroundings(error)
            refused.append(wait.reason if wait else f"an attempt: {error!r}")
            raise

    async with Running(own_server.url, handler) as bus:
        await publish(admin, published())
        await until(lambda: tried)
        await until(bus.problems)
        for _ in range(FAST.attempts + 1):
            seen = tried
            if refuse is no_right:  # the others keep even the pause from being written
                await until(lambda s=seen: tried > s)  # type: ignore[misc]
        await allow(admin)
        await until(lambda: page_ids(admin), timeout=20)
        await until(lambda: bus.problems() == [])
    assert set(refused) == {"redis_refuses"}
    assert await dead.letters(admin) == []
    assert await admin.hgetall("render:attempts:articles") == {}
    await admin.aclose()


async def test_a_redis_that_says_nothing_turns_health_red_and_does_not_hold_up_a_stop(
    own_server: Valkey,
) -> None:
    assert own_server.process
    async with Running(own_server.url, commit_page) as bus:
        assert bus.problems() == []
        own_server.process.send_signal(signal.SIGSTOP)
        await until(bus.problems, timeout=10)
    # The stop itself is awaited by Running, for 15 s at most.
    own_server.process.send_signal(signal.SIGCONT)
