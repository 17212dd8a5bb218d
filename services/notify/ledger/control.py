"""What a person may do with a delivery: hold it, resume it, end it, have failures tried again.

Whoever runs the system does it at once (`control`, `again`). What staff ask of ingest comes as an
event (`Heeder`), with a number that grows, so that it is done once.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, cast

from redis.asyncio import Redis

from services.notify.ledger import article as articles
from services.notify.ledger import delivery as deliveries
from services.notify.members.numbers import CHUNK
from shared.bus import Bus, Entry, lua
from shared.bus.keeper import wakes_key
from shared.event_data import Chunk, DeliveryCommand, DeliveryWish
from shared.events import ChunkPlanned
from shared.trace import new_traceparent

Command = Literal["hold", "resume", "cancel"]
_HERE = Path(__file__).parent
_WAKES = wakes_key("notify", "chunks")


class Controlled(StrEnum):
    """The answers of control.lua."""

    DONE = "done"
    SAME = "same"
    NONE = "none"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    COMPLETE = "complete"
    CHANGED = "changed"
    FORGOTTEN = "forgotten"


class Heeded(StrEnum):
    """The answers of heed.lua."""

    GONE = "gone"
    HEARD = "heard"
    DONE = "done"
    SAME = "same"
    NONE = "none"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    COMPLETE = "complete"
    CHANGED = "changed"
    FORGOTTEN = "forgotten"


class NotPossible(Exception):
    """It cannot be done. `why` is a word of `Controlled`: the answers are described in
    controlling.lua. If it is `superseded`, `newer` is the delivery that did so."""

    def __init__(self, why: str, *, newer: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.newer = newer


@dataclass(frozen=True)
class Failure:
    """A member whom a delivery failed to reach."""

    number: int
    """The member's."""
    codes: str
    """The relay's, without its words: they may quote the address."""


async def delivery_of(redis: Redis, name: str) -> str:
    """The id of a delivery. `name` is an article's id, which stands for the article's newest
    delivery, or the delivery's own. NotPossible if there is none."""
    found = await articles.delivery(redis, name)
    if not found and await redis.exists(deliveries.delivery_key(name)):
        found = name
    if not found:
        raise NotPossible("none")
    return found


async def control(
    redis: Redis, delivery: str, action: Command, *, why: str = "", expected: str = ""
) -> None:
    """Do `action` to the delivery, and tell of it on `deliveries`. `why` is what holds it, if it is
    held; if it goes on, what controlling.lua says. With `expected`, only if this is what holds it
    now. NotPossible if it makes no sense; redis-py's errors."""
    await _control(redis, delivery, action, why, expected)


async def again(redis: Redis, delivery: str) -> int:
    """Have the members tried again whom the delivery failed to reach; gives how many they are.
    NotPossible if it is cancelled or superseded, or if nobody knows any more who they were."""
    return await _control(redis, delivery, "again", "", "")


async def _control(
    redis: Redis, delivery: str, action: DeliveryCommand, why: str, expected: str
) -> int:
    script = lua.load(redis, _HERE / "control.lua", Controlled)
    keys, args = await _controlling(redis, delivery, action, why)
    answer = await script(keys=keys, args=args | {"expected": expected})
    if answer.word is not Controlled.DONE:
        raise await _refused(redis, delivery, answer.word)
    return int(answer.values[0])


async def _controlling(
    redis: Redis, delivery: str, action: DeliveryCommand, why: str
) -> tuple[dict[str, lua.KeyNames], dict[str, Any]]:
    """Keys and arguments of controlling.lua. LookupError if there is no such delivery."""
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
    keys: dict[str, lua.KeyNames] = dict(
        deliveries.keys_of(
            delivery, "ledger", "delivery", "failures", "replies", "tries", "put_off"
        )
    )
    others = {"chunks": "chunks", "events": deliveries.EVENTS, "wakes": _WAKES}
    return keys | others, {
        "event": lua.fields(status),
        "chunk_planned": lua.fields(chunk),
        "chunk_size": CHUNK,
        "action": action,
        "why": why,
    }


class Heeder:
    """Does what staff ask of deliveries, for the reader of `control` on `bus`."""

    def __init__(self, bus: Bus) -> None:
        self._redis = bus.redis
        self._script = bus.fenced(_HERE / "heed.lua", Heeded)

    async def heed(self, entry: Entry, wish: DeliveryWish, *, heard_before: int) -> Heeded:
        """Do it, unless it or a newer one was heard before, and acknowledge the entry; gives what
        became of it. `heard_before` is the number of the newest wish about the delivery that the
        journal knows of. redis-py's errors."""
        try:
            keys, args = await _controlling(self._redis, wish.delivery, wish.command, "operator")
        except LookupError:
            return Heeded.NONE
        answer = await self._script(
            entry,
            keys=keys,
            args=args
            | {"sequence": wish.sequence, "heard_before": heard_before, "seen": wish.seen},
        )
        return answer.word


async def _refused(redis: Redis, delivery: str, why: str) -> NotPossible:
    found = await redis.hget(deliveries.delivery_key(delivery), "superseded")
    newer = cast("bytes | None", found)
    return NotPossible(why, newer=newer.decode() if newer else "")


async def failures(redis: Redis, delivery: str) -> list[Failure]:
    """The members whom the delivery failed to reach, by number. NotPossible if nobody knows any
    more who they were."""
    found = cast("dict[bytes, bytes]", await redis.hgetall(deliveries.failures_key(delivery)))
    if not found and not await redis.exists(deliveries.ledger_key(delivery)):
        failed = await redis.hget(deliveries.delivery_key(delivery), "failed")
        if failed and int(failed):
            raise NotPossible("forgotten")
    return sorted(
        (Failure(int(number), codes.decode()) for number, codes in found.items()),
        key=lambda failure: failure.number,
    )
