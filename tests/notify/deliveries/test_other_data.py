"""Redis is emptied or its keys are replaced while notify runs: nobody is mailed."""

import asyncio

import pytest
from redis.asyncio import Redis

from shared.bus import Bus
from shared.bus.epoch import OTHER_DATA
from tests.notify.revisions import original
from tests.notify.steps import addresses
from tests.notify.system import System, running
from tests.wait import until

Dump = dict[bytes, bytes]


async def dump(redis: Redis) -> Dump:
    return {key: await redis.dump(key) async for key in redis.scan_iter()}


async def replace_all(redis: Redis, other: Dump) -> None:
    """Put these keys into Redis in place of all that it holds."""
    async with redis.pipeline(transaction=True) as pipe:
        pipe.flushall()
        for key, value in other.items():
            pipe.restore(key, 0, value)
        await pipe.execute()


async def red(bus: Bus) -> None:
    await until(lambda: bus.problems() == [OTHER_DATA])
    await until(lambda: not any(r.alive for c in bus._consumers for r in c.readers))


@pytest.fixture
async def other_system(notify: System) -> Dump:
    """The keys of another system that owes an alert, its chunk begun, to members of its own."""
    notify.relay.mail = lambda _: "451 4.3.0 not now"
    async with running(notify):
        await notify.join(*(f"annen{n}@example.org" for n in range(20)))
        await notify.publish(original)
        await until(lambda: notify.relay.connections)
    found = await dump(notify.redis)
    await notify.redis.flushall()
    notify.relay.mail = lambda _: None
    return found


async def test_nobody_is_mailed_once_redis_is_emptied(notify: System) -> None:
    async with running(notify) as bus:
        notify.relay.hold = asyncio.Event()
        await notify.join(*addresses(1300))
        await notify.publish(original)
        await until(lambda: notify.relay.mails)
        await notify.redis.flushall()
        await until(lambda: bus.problems() == [OTHER_DATA])
        sent = len(notify.relay.mails)
        notify.relay.hold.set()
        await red(bus)
    assert len(notify.relay.mails) == sent
    assert await notify.redis.keys() == []


async def test_nobody_of_another_system_is_mailed(notify: System, other_system: Dump) -> None:
    async with running(notify) as bus:
        await replace_all(notify.redis, other_system)
        await red(bus)
    assert notify.relay.mails == []
    kept = await dump(notify.redis)
    # A reader may have fetched an event, and left it.
    streams = {b"chunks", b"control", b"pages", b"reference"}
    assert {k: v for k, v in kept.items() if k not in streams} == {
        k: v for k, v in other_system.items() if k not in streams
    }
