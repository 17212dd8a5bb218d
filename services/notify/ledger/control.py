"""What a person may do with a delivery: hold it, resume it, end it, have failures tried again."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal, cast

from redis.asyncio import Redis

from services.notify.ledger import article as articles
from services.notify.ledger import delivery as deliveries
from services.notify.members.numbers import CHUNK
from shared.bus import lua
from shared.events import Chunk, ChunkPlanned
from shared.trace import new_traceparent

Command = Literal["hold", "resume", "cancel"]
_HERE = Path(__file__).parent


class Controlled(StrEnum):
    """The answers of control.lua."""

    DONE = "done"
    SAME = "same"
    NONE = "none"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    COMPLETE = "complete"


class Again(StrEnum):
    """The answers of again.lua."""

    DONE = "done"
    NONE = "none"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    FORGOTTEN = "forgotten"


class NotPossible(Exception):
    """It cannot be done. `why` is a word of `Controlled` or `Again`: the answers are described in
    control.lua and again.lua. If it is `superseded`, `newer` is the delivery that did so."""

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
    held. With `expected`, only if this is what holds it now. NotPossible if it makes no sense;
    redis-py's errors."""
    script = lua.load(redis, _HERE / "control.lua", Controlled)
    found = await deliveries.find(redis, delivery)
    status = deliveries.progressed(found, new_traceparent())
    answer = await script(
        keys=deliveries.keys_of(delivery, "delivery", "put_off") | {"events": deliveries.EVENTS},
        args={"event": lua.fields(status), "action": action, "why": why, "expected": expected},
    )
    if answer.word is not Controlled.DONE:
        raise await _refused(redis, delivery, answer.word)


async def again(redis: Redis, delivery: str) -> int:
    """Have the members tried again whom the delivery failed to reach; gives how many they are.
    NotPossible if it is cancelled or superseded, or if nobody knows any more who they were."""
    script = lua.load(redis, _HERE / "again.lua", Again)
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
    keys = deliveries.keys_of(delivery, "ledger", "delivery", "failures", "replies", "tries")
    answer = await script(
        keys=keys | {"chunks": "chunks", "events": deliveries.EVENTS},
        args={
            "event": lua.fields(status),
            "chunk_planned": lua.fields(chunk),
            "chunk_size": CHUNK,
        },
    )
    if answer.word is not Again.DONE:
        raise await _refused(redis, delivery, answer.word)
    return int(answer.values[0])


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
