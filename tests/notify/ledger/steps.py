"""A ledger as a delivery begins it."""

from datetime import UTC, datetime

from redis.asyncio import Redis

from services.notify.ledger.delivery import DELIVERIES, delivery_key, ledger_key, unsummed
from shared.events import DeliveryProgressed
from shared.trace import new_traceparent
from tests.notify.steps import DELIVERY

AUDIENCE = 40


def progressed(delivery: str) -> DeliveryProgressed:
    return DeliveryProgressed(
        id=delivery,
        source="/varsel/notify",
        subject="a1b2c3d4e5f6",
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=unsummed(delivery, "a1b2c3d4e5f6", 1),
    )


async def begin(redis: Redis) -> None:
    await redis.flushall()
    await redis.setrange(ledger_key(DELIVERY), AUDIENCE, b"\0")
    sums = dict.fromkeys(("handed_over", "failed", "suppressed", "leaves", "told_at"), 0)
    about = {"article": "a1b2c3d4e5f6", "revision": 1, "state": "sending", "sequence": 1}
    about |= {"kind": "alert", "mode": "actual", "before": ""}
    about |= {"audience": AUDIENCE, "open": AUDIENCE, "told_open": AUDIENCE, "last": AUDIENCE}
    about |= {"started": "2026-09-01T10:00:00+00:00"}
    await redis.hset(delivery_key(DELIVERY), mapping=sums | about)
    await redis.zadd(DELIVERIES, {DELIVERY: 1})
