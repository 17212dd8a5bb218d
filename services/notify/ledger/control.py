"""What a person may do with a delivery: hold it, let it go on, end it, try who failed again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from redis.asyncio import Redis

from services.notify.ledger import article as articles
from services.notify.ledger import delivery as deliveries
from services.notify.ledger.delivery import TELL
from services.notify.members.numbers import CHUNK
from shared.bus import lua
from shared.events import Chunk, ChunkPlanned
from shared.trace import new_traceparent

Command = Literal["hold", "resume", "cancel"]
_HERE = Path(__file__).parent
_WHY_NOT = {-1: "none", -2: "cancelled", -3: "forgotten", -4: "superseded"}


class NotPossible(Exception):
    """It cannot be done; `why` is `none` (no such delivery), `complete`, `cancelled`, `same`,
    `forgotten` (see forget.py) or `superseded`, then by the delivery `newer`."""

    def __init__(self, why: str, *, newer: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.newer = newer


@dataclass(frozen=True)
class Failure:
    number: int
    """The member's."""
    codes: str
    """What the relay said, without its words: they may quote the address."""


async def delivery_of(redis: Redis, name: str) -> str:
    """The id of an article's newest delivery, where `name` is the article's id; else `name` is the
    delivery's own. NotPossible where there is none."""
    found = await articles.delivery(redis, name)
    if not found and await redis.exists(deliveries.delivery_key(name)):
        found = name
    if not found:
        raise NotPossible("none")
    return found


async def control(redis: Redis, delivery: str, action: Command, *, why: str = "") -> None:
    """Do it; NotPossible where it makes no sense. `why` is what holds it."""
    script = lua.load(redis, TELL, _HERE / "control.lua")
    found = await deliveries.find(redis, delivery)
    status = deliveries.progressed(found, new_traceparent())
    answer = await script(
        keys=[deliveries.delivery_key(delivery), "deliveries", deliveries.later_key(delivery)],
        args=[lua.fields(status), action, why],
    )
    if answer != b"done":
        raise await _refused(redis, delivery, answer.decode())


async def again(redis: Redis, delivery: str) -> int:
    """Try those again who have failed; how many they are. NotPossible where it is cancelled, or
    nobody knows any more who they were."""
    script = lua.load(redis, TELL, _HERE / "again.lua")
    found = await deliveries.find(redis, delivery)
    trace = new_traceparent()
    status = deliveries.progressed(found, trace)
    chunk = ChunkPlanned(
        id=delivery,
        source=status.source,
        subject=status.subject,
        time=status.time,
        traceparent=trace,
        data=Chunk(delivery=delivery, chunk=0),
    )
    count = int(
        await script(
            keys=[
                deliveries.ledger_key(delivery),
                deliveries.delivery_key(delivery),
                *deliveries.failure_keys(delivery),
                "chunks",
                "deliveries",
            ],
            args=[lua.fields(status), lua.fields(chunk), CHUNK],
        )
    )
    if count < 0:
        raise await _refused(redis, delivery, _WHY_NOT[count])
    return count


async def _refused(redis: Redis, delivery: str, why: str) -> NotPossible:
    found = await redis.hget(deliveries.delivery_key(delivery), "superseded")
    newer = cast("bytes | None", found)
    return NotPossible(why, newer=newer.decode() if newer else "")


async def failures(redis: Redis, delivery: str) -> list[Failure]:
    """Who failed and why, by number. NotPossible where nobody knows any more."""
    found = cast("dict[bytes, bytes]", await redis.hgetall(deliveries.failures_key(delivery)))
    if not found and not await redis.exists(deliveries.ledger_key(delivery)):
        failed = await redis.hget(deliveries.delivery_key(delivery), "failed")
        if failed and int(failed):
            raise NotPossible("forgotten")
    return sorted(
        (Failure(int(number), codes.decode()) for number, codes in found.items()),
        key=lambda failure: failure.number,
    )
