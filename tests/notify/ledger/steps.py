"""A ledger as a delivery begins it, and a chunk of it in hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from redis.asyncio import Redis

from services.notify.ledger.delivery import DELIVERIES, delivery_key, ledger_key, unsummed
from shared.bus import Bus, Entry
from shared.event_data import Chunk
from shared.events import ChunkPlanned, DeliveryProgressed, to_fields
from shared.trace import new_traceparent
from tests.notify.steps import DELIVERY

AUDIENCE = 40
ARTICLE = "a1b2c3d4e5f6"
CHUNK = Chunk(delivery=DELIVERY, chunk=0)


def progressed(delivery: str) -> DeliveryProgressed:
    return DeliveryProgressed(
        id=delivery,
        source="/varsel/notify",
        subject=ARTICLE,
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=unsummed(delivery, ARTICLE, 1),
    )


async def begin(redis: Redis) -> None:
    await redis.flushall()
    await redis.setrange(ledger_key(DELIVERY), AUDIENCE, b"\0")
    sums = dict.fromkeys(("handed_over", "failed", "suppressed", "leaves", "told_at"), 0)
    about = {"article": ARTICLE, "revision": 1, "state": "sending", "sequence": 1}
    about |= {"kind": "alert", "mode": "actual", "before": ""}
    about |= {"audience": AUDIENCE, "open": AUDIENCE, "told_open": AUDIENCE, "last": AUDIENCE}
    about |= dict.fromkeys(("page_at", "started"), "2026-09-01T10:00:00+00:00")
    await redis.hset(delivery_key(DELIVERY), mapping=sums | about)
    await redis.zadd(DELIVERIES, {DELIVERY: 1})


@asynccontextmanager
async def in_hand(bus: Bus) -> AsyncIterator[Entry]:
    """An entry of the chunk as a handler has it."""
    taken: asyncio.Queue[Entry] = asyncio.Queue()
    done = asyncio.Event()

    async def handle(entry: Entry) -> None:
        taken.put_nowait(entry)
        await done.wait()

    bus.consume("chunks", handle, prefetch=1)
    await bus.start()
    try:
        event = ChunkPlanned(
            id=f"{DELIVERY}.0.chunk.planned",
            source="/varsel/notify",
            subject=ARTICLE,
            time=datetime.now(UTC),
            traceparent=new_traceparent(),
            data=CHUNK,
        )
        await bus.redis.xadd("chunks", to_fields(event))
        yield await taken.get()
    finally:
        done.set()
        await bus.stop()


@dataclass
class Sent:
    """A mail that has left."""

    delivery: str
    number: int
    revision: int
    """Whose text it has."""
    tells_of_change: bool
    """It is for somebody who may have an earlier version: a correction or withdrawal of that."""
