"""Flow: the records of those who left are erased by themselves.

They are kept for a while, since leaving can be undone and looked into; and for as long as a
correction may be owed to them, which is while a ledger says that a mail may have reached them
(promise G9).
"""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.ledger import delivery as deliveries
from services.notify.ledger.states import may_have_it
from services.notify.members.member import DOES_NOT_OPEN
from services.notify.members.membership import Membership
from services.notify.members.moves import moves_of, undo_until
from services.notify.members.returning import LIST_KEPT_DAYS
from services.notify.members.store import Members
from shared import log

_DAY_SECONDS = 86400.0
_RETRY_SECONDS = 60.0


async def expire_daily(redis: Redis, membership: Membership, kept_days: int) -> None:
    """Expire once a day, until cancelled. Several notify processes may do so at the same time."""
    while True:
        try:
            if erased := await expire(redis, membership, kept_days):
                log.get("notify").info("records_expired", records=erased)
        except RedisError:
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            await asyncio.sleep(_DAY_SECONDS)


async def expire(redis: Redis, membership: Membership, kept_days: int) -> int:
    """Erase the records of those who left more than `kept_days` ago and whom no ledger may have
    reached; gives how many. A list may bring them back as if their records were there. Raises
    redis-py's errors."""
    members, erased = membership.members, 0
    ledgers = await _ledgers_that_hold(redis)
    async for left in membership.endings.every_left(await members.last()):
        how = await membership.endings.how_left(sorted(left))
        now = datetime.now(UTC)
        old = [
            number
            for number, ended in how.items()
            if now - ended.at > timedelta(days=_days(kept_days, by_list=ended.by_list))
        ]
        there = await _there(members, old, now)
        for number in there - await _reached(redis, ledgers, there):
            await membership.erase_one(number, is_expired=True)
            erased += 1
    return erased


async def _there(members: Members, numbers: Sequence[int], now: datetime) -> set[int]:
    """Those of `numbers` that have a record, but for those whose address was changed lately:
    whoever has the former one may have them back."""
    there = set()
    for number, sealed in (await members.records(numbers)).items():
        with suppress(*DOES_NOT_OPEN):
            if undo_until(moves_of(members.open(number, sealed)), now):
                continue
        there.add(number)
    return there


def _days(kept_days: int, *, by_list: bool) -> int:
    return max(kept_days, LIST_KEPT_DAYS) if by_list else kept_days


async def _ledgers_that_hold(redis: Redis) -> list[str]:
    """The ledgers that are kept and may need a record of those who left. A notice that is mailed
    has no correction."""
    names = cast("list[bytes]", await redis.zrange(deliveries.DELIVERIES, 0, -1))
    ids = [name.decode() for name in names]
    async with redis.pipeline(transaction=False) as pipe:
        for delivery in ids:
            pipe.exists(deliveries.ledger_key(delivery))
            pipe.hmget(deliveries.delivery_key(delivery), ["kind", "state"])
        found = iter(await pipe.execute())
    kept = [(delivery, next(found), next(found)) for delivery in ids]
    return [
        deliveries.ledger_key(delivery)
        for delivery, is_there, about in kept
        if is_there and about != [b"notice", b"complete"]
    ]


async def _reached(redis: Redis, ledgers: list[str], numbers: Collection[int]) -> set[int]:
    """Those of `numbers` whom a mail of one of the `ledgers` may have reached."""
    if not numbers:
        return set()
    first, last = min(numbers), max(numbers)
    reached: set[int] = set()
    for ledger in ledgers:
        states = cast("bytes", await redis.getrange(ledger, first, last))
        reached.update(
            number
            for number in numbers
            if number - first < len(states) and may_have_it(states[number - first])
        )
    return reached
