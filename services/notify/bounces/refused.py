"""The members whose newest mails the relay refused at once: nothing came back, so no mark tells."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import cast

from redis.asyncio import Redis

from services.notify.bounces.codes import Reason, reason
from services.notify.ledger import delivery as deliveries
from services.notify.ledger.delivery import Delivery
from services.notify.ledger.states import State, state_of

NEWEST = 20
"""Deliveries that are looked at."""


@dataclass(frozen=True)
class Refusals:
    """The newest deliveries to a member, all refused, the last one first."""

    codes: list[str]
    first: datetime
    last: datetime


async def refused(redis: Redis) -> dict[int, Refusals]:
    """By number all members whose newest mail was refused for a reason that speaks of their
    address. The relay taking a later one ends it. redis-py's errors."""
    names = cast("list[bytes]", await redis.zrevrange(deliveries.DELIVERIES, 0, NEWEST - 1))
    found: dict[int, Refusals] = {}
    seen: list[tuple[Delivery, bytes, dict[int, str]]] = []
    for name in map(bytes.decode, names):
        kept = await redis.hgetall(deliveries.failures_key(name))
        failures = cast("dict[bytes, bytes]", kept)
        ledger = cast("bytes | None", await redis.get(deliveries.ledger_key(name)))
        codes = {int(number): code.decode() for number, code in failures.items()}
        seen.append((await deliveries.find(redis, name), ledger or b"", codes))
    for number in sorted({number for _, _, codes in seen for number in codes}):
        newest = list(takewhile(lambda one: one[1] is not None, _of(number, seen)))
        if newest:
            codes_ = [code for _, code in newest if code]
            found[number] = Refusals(codes_, first=newest[-1][0], last=newest[0][0])
    return found


def _of(
    number: int, seen: list[tuple[Delivery, bytes, dict[int, str]]]
) -> Iterator[tuple[datetime, str | None]]:
    """When each delivery tried the member, the newest first, and with which code it was refused;
    none if the relay took it."""
    for delivery, ledger, codes in seen:
        state = state_of(ledger[number]) if number < len(ledger) else State.OUTSIDE
        if state == State.HANDED_OVER:
            yield delivery.tried_at, None
        elif state == State.FAILED and number in codes:
            code = codes[number].partition(" ")[0]
            if reason(code) is not Reason.ABOUT_US:
                yield delivery.tried_at, code
