"""A delivery's ledger is kept for 400 days; then its sums are left, which are its receipt."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.ledger import delivery as deliveries
from shared.bus import lua

KEPT = timedelta(days=400)
_DAY = 86400.0
_AGAIN = 60.0
_HERE = Path(__file__).parent


async def forget_daily(redis: Redis) -> None:
    """Until cancelled. Several notify processes may: what is forgotten stays so."""
    while True:
        try:
            await forget(redis)
        except RedisError:
            await asyncio.sleep(_AGAIN)
        else:
            await asyncio.sleep(_DAY)


async def forget(redis: Redis) -> None:
    """Drop who got what of the deliveries that are complete and were started too long ago; one that
    is not complete is still needed. Raises redis-py's errors.

    A chunk's lease runs out by itself within seconds.
    """
    script = lua.load(redis, _HERE / "forget.lua", lua.Done)
    before = time.time() - KEPT.total_seconds()
    names = await redis.zrangebyscore(deliveries.DELIVERIES, "-inf", f"({before:.0f}")
    for name in cast("list[bytes]", names):
        delivery = name.decode()
        await script(
            keys=deliveries.keys_of(
                delivery, "delivery", "ledger", "failures", "replies", "tries", "put_off"
            )
        )
