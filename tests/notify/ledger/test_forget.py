"""After 400 days a delivery's sums are left, and nothing about anybody."""

from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from services.notify.ledger.control import NotPossible, again, failures
from services.notify.ledger.delivery import DELIVERIES, delivery_key, keys_of, ledger_key
from services.notify.ledger.forget import forget
from shared.bus.users import as_user
from tests.make import alert, revision
from tests.notify.steps import addresses, these
from tests.notify.system import System, running
from tests.wait import until


async def delivered(redis: Redis, delivery: str, *, days: int, state: str = "complete") -> None:
    """A delivery that was started so many days ago, with somebody who failed."""
    started = datetime.now(UTC) - timedelta(days=days)
    sums = {"audience": 2, "handed_over": 1, "failed": 1, "suppressed": 0, "open": 0}
    about = {"state": state, "cause": "", "held": "", "started": started.isoformat()}
    about |= {"article": delivery.partition(".")[0], "page_at": started.isoformat()}
    about |= {"kind": "alert", "mode": "actual", "before": ""}
    places = {"revision": 1, "sequence": 3, "last": 2, "leaves": 0}
    await redis.hset(delivery_key(delivery), mapping=sums | about | places)
    await redis.zadd(DELIVERIES, {delivery: started.timestamp()})
    await redis.set(ledger_key(delivery), b"\0\2\4")
    for key in keys_of(delivery, "failures", "replies", "tries").values():
        await redis.hset(key, "2", "5.1.1 550")


async def kept(redis: Redis, delivery: str) -> int:
    return int(
        await redis.exists(
            ledger_key(delivery), *keys_of(delivery, "failures", "replies", "tries").values()
        )
    )


async def test_a_ledger_is_dropped_after_400_days_and_its_sums_stay(
    redis: Redis, redis_url: str
) -> None:
    await delivered(redis, "a1b2c3d4e5f6.1", days=401)
    await delivered(redis, "a1b2c3d4e5f6.2", days=401, state="paused")
    await delivered(redis, "b1b2c3d4e5f6.1", days=399)
    before = await redis.hgetall(delivery_key("a1b2c3d4e5f6.1"))
    async with Redis.from_url(as_user(redis_url, "notify")) as notify:
        for _ in range(2):
            await forget(notify)
    assert await kept(redis, "a1b2c3d4e5f6.1") == 0
    assert await redis.hgetall(delivery_key("a1b2c3d4e5f6.1")) == before
    assert await kept(redis, "a1b2c3d4e5f6.2") == 4, "it is not complete"
    assert await kept(redis, "b1b2c3d4e5f6.1") == 4


async def test_that_nobody_knows_any_more_who_failed_is_said(redis: Redis) -> None:
    await delivered(redis, "a1b2c3d4e5f6.1", days=401)
    assert len(await failures(redis, "a1b2c3d4e5f6.1")) == 1
    await forget(redis)
    for asked in (failures(redis, "a1b2c3d4e5f6.1"), again(redis, "a1b2c3d4e5f6.1")):
        with pytest.raises(NotPossible) as error:
            await asked
        assert error.value.why == "forgotten"


async def test_notify_forgets_by_itself(notify: System) -> None:
    await delivered(notify.redis, "a1b2c3d4e5f6.1", days=401)
    async with running(notify):
        await until(lambda: _gone(notify.redis))


async def _gone(redis: Redis) -> bool:
    return await kept(redis, "a1b2c3d4e5f6.1") == 0


async def test_a_real_deliverys_ledger_leaves_nothing_but_its_sums(up: System) -> None:
    """Whatever keys a delivery has: none is overlooked."""
    await up.join(*addresses(20))
    up.relay.rcpt = these("medlem7@example.org")
    await up.publish(revision(alert()))
    before = await up.delivery()
    delivery = str(before["id"])
    await until(lambda: _no_lease(up.redis))
    await up.redis.zadd(DELIVERIES, {delivery: 1})
    await forget(up.redis)
    left = [key async for key in up.redis.scan_iter(f"*{delivery}*")]
    assert left == [delivery_key(delivery).encode()]
    assert await up.delivery() == before


async def _no_lease(redis: Redis) -> bool:
    return not [key async for key in redis.scan_iter("notify:lease:*")]
