"""A delivery's ledger is kept for 400 days (promise G9). Its sums, the receipt, stay."""

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
"""How long after its start a delivery can still be corrected."""
_DAY_SECONDS = 86400.0
_RETRY_SECONDS = 60.0
_HERE = Path(__file__).parent


async def forget_daily(redis: Redis) -> None:
    """Forget once a day, until cancelled. Several notify processes may do so at the same time: what
    is forgotten stays so."""
    while True:
        try:
            await forget(redis)
        except RedisError:
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            await asyncio.sleep(_DAY_SECONDS)


async def forget(redis: Redis) -> None:
    """Drop what each member got of the deliveries that are complete and were started more than
    `KEPT` ago. The ledger of a delivery that is not complete is still needed. Raises redis-py's
    errors.
    """
    script = lua.load(redis, _HERE / "forget.lua", lua.Done)
    before = time.time() - KEPT.total_seconds()
    names = await redis.zrangebyscore(deliveries.DELIVERIES, "-inf", f"({before:.0f}")
    for name in cast("list[bytes]", names):
        delivery = name.decode()
        await script(
            keys=deliveries.keys_of(
                delivery,
                *("delivery", "ledger", "failures", "replies", "bounces", "tries", "put_off"),
            )
        )


async def forget_member(redis: Redis, number: int) -> None:
    """Drop what deliveries keep of one number besides the ledger's byte: the relay's codes and
    words, and its tries. With the byte the sums stay (promise G6). Idempotent; raises redis-py's
    errors."""
    names = cast("list[bytes]", await redis.zrange(deliveries.DELIVERIES, 0, -1))
    async with redis.pipeline(transaction=False) as pipe:
        for name in names:
            keys = deliveries.keys_of(name.decode(), "failures", "replies", "bounces", "tries")
            for key in keys.values():
                pipe.hdel(key, str(number))
        await pipe.execute()
