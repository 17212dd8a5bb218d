"""Which delivery a return path was made for, and whether that is still taken."""

from datetime import datetime, timedelta
from typing import cast

from redis.asyncio import Redis

from services.notify.ledger.delivery import DELIVERIES, find
from services.notify.vault.return_paths import SentMail, check

EXPIRES = timedelta(days=30)
"""After the relay last spoke of a member of the delivery. Relays give up after 5 days, and people
complain within some; later somebody has found the address in an old mail."""


async def delivery_of(redis: Redis, sent: SentMail, *, now: datetime) -> str | None:
    """The id of the delivery that the mail was of; none if there is none, it had no such member, or
    `EXPIRES` is over. redis-py's errors."""
    names = await redis.zrangebyscore(DELIVERIES, sent.started, sent.started)
    for name in map(bytes.decode, cast("list[bytes]", names)):
        if check(name) != sent.delivery_check:
            continue
        delivery = await find(redis, name)
        is_of_it = 1 <= sent.number <= delivery.cut.last
        if is_of_it and now - max(delivery.tried_at, delivery.started) <= EXPIRES:
            return name
    return None
