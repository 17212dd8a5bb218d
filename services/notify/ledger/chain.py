"""An alert's deliveries in Redis: each correction or withdrawal supersedes the one before it."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from redis.asyncio import Redis

from services.notify.ledger import delivery as deliveries
from services.notify.ledger.delivery import AlertKind, Delivery
from shared.bus import lua


@dataclass(frozen=True)
class DeliverySums:
    kind: AlertKind
    audience: int
    open: int


async def sums(redis: Redis, delivery: str) -> DeliverySums:
    """The sums of a delivery. TypeError if there is no such delivery."""
    found = await redis.hmget(deliveries.delivery_key(delivery), ["kind", "audience", "open"])
    kind, audience, open_ = cast("list[bytes]", found)
    return DeliverySums(cast("AlertKind", kind.decode()), int(audience), int(open_))


async def would_reach(redis: Redis, delivery: str, kind: AlertKind) -> int:
    """How many members a correction or withdrawal of the alert would be owed to now; `delivery` is
    the alert's newest."""
    script = lua.load(redis, Path(__file__).with_name("would_reach.lua"), lua.Done)
    answer = await script(
        keys={
            "delivery": deliveries.delivery_key(delivery),
            "ledger": deliveries.ledger_key(delivery),
        },
        args={"kind": kind},
    )
    return int(answer.values[0])


async def earlier(redis: Redis, delivery: Delivery) -> list[str]:
    """The deliveries of the alert that came before this one, the first one first."""
    found: list[str] = []
    while name := delivery.before:
        found.insert(0, name)
        delivery = await deliveries.find(redis, name)
    return found
