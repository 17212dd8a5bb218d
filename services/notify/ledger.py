"""Deliveries in Redis: one state per member and delivery, and their sums.

A ledger is a string with one byte per number (see the scripts). A million members are a megabyte.
"""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.numbers import Cut
from services.notify.vault import Vault
from shared.bus import Bus, Entry, lua, tasks
from shared.events import Chunk, DeliveryProgressed, DeliveryStatus

State = Literal["handed_over", "deferred", "failed", "suppressed"]
GROUP = 64
"""Outcomes recorded at once, and so the most that a killed worker can leave unrecorded (G7)."""
LEASE = 8.0
"""Seconds that a chunk stays a dead worker's; a live one renews its lease three times as often."""
DELIVERIES = "notify:deliveries"
_OPEN = (0, 1, 3)
_HERE = Path(__file__).parent


class ChunkLost(Exception):
    """Another worker owns the chunk now."""


@dataclass(frozen=True)
class Delivery:
    id: str
    article: str
    revision: int
    cut: Cut
    page_at: datetime
    """When the page that started it was on disk."""
    started: datetime


@dataclass(frozen=True)
class Outcome:
    number: int
    state: State
    codes: str = ""
    reply: str = ""
    """The relay's words; kept sealed, for failures only."""
    tries: int | None = None
    """See `replies.tried`; none where there is nothing new to keep."""


class Ledger:
    def __init__(self, bus: Bus, vault: Vault) -> None:
        self._redis = bus.redis
        self._vault = vault
        self._life = secrets.token_hex(8)
        self._claim = bus.fenced(_HERE / "claim.lua")
        self._release = lua.load(bus.redis, _HERE / "release.lua")
        self._record = lua.load(bus.redis, _HERE / "record.lua")

    async def delivery(self, delivery: str) -> Delivery:
        """The delivery; LookupError where there is none."""
        found = cast("dict[bytes, bytes]", await self._redis.hgetall(delivery_key(delivery)))
        if not found:
            raise LookupError("no such delivery")
        fields = {name.decode(): value.decode() for name, value in found.items()}
        return Delivery(
            id=delivery,
            article=fields["article"],
            revision=int(fields["revision"]),
            cut=Cut(int(fields["last"]), int(fields["leaves"])),
            page_at=datetime.fromisoformat(fields["page_at"]),
            started=datetime.fromisoformat(fields["started"]),
        )

    async def still_open(self, delivery: str, numbers: range) -> list[int]:
        """Those without a final state, first those whom nobody has tried to reach yet, else in any
        order: so mails that the relay chokes on do not hold up the others each time."""
        if not numbers:
            return []
        states = await self._redis.getrange(ledger_key(delivery), numbers[0], numbers[-1])
        found = [(s, n) for s, n in zip(states, numbers, strict=True) if s in _OPEN]
        random.shuffle(found)
        return [number for _, number in sorted(found, key=lambda pair: pair[0])]

    async def tries(self, delivery: str, numbers: Sequence[int]) -> dict[int, int]:
        """The tries (see `replies.tried`) of those of `numbers` who have any."""
        if not numbers:
            return {}
        found = await self._redis.hmget(_tries_key(delivery), list(map(str, numbers)))
        return {n: int(t) for n, t in zip(numbers, found, strict=True) if t is not None}

    @asynccontextmanager
    async def hold(self, entry: Entry, chunk: Chunk) -> AsyncIterator[None]:
        """Hold the chunk, so that nobody else claims its members. ChunkLost where another does."""
        await self.claim(entry, chunk, [])
        keeper = asyncio.create_task(self._keep(entry, chunk))
        try:
            yield
        finally:
            await tasks.end([keeper])
            with suppress(RedisError):  # then it runs out
                await self._release(keys=[_lease_key(chunk)], args=[self._name(entry)])

    async def claim(self, entry: Entry, chunk: Chunk, numbers: Sequence[int]) -> set[int]:
        """Take at most `GROUP` members; those without a final state are the caller's now, and the
        chunk for `LEASE` seconds.

        ChunkLost where the entry is no longer the caller's, or the chunk is another's.
        """
        taken = await self._claim(
            entry,
            keys=[ledger_key(chunk.delivery), _lease_key(chunk)],
            args=[self._name(entry), int(LEASE * 1000), *numbers],
        )
        if not isinstance(taken, list):
            raise ChunkLost
        return set(taken)

    async def _keep(self, entry: Entry, chunk: Chunk) -> None:
        """Renew the lease until cancelled: one answer of a relay may take longer than that."""
        while True:
            await asyncio.sleep(LEASE / 3)
            with suppress(RedisError, ChunkLost):  # the next claim tells
                await self.claim(entry, chunk, [])

    def _name(self, entry: Entry) -> str:
        """On a lease; another life of the same consumer has another."""
        return f"{entry.id} {self._life}"

    async def record(
        self, status: DeliveryProgressed, outcomes: Iterable[Outcome], *, last: bool = False
    ) -> bool:
        """Write down outcomes, count them, and tell; whether this completed the delivery.

        `status` is the event to be sent; its time becomes that of this call, and its numbers are
        filled in by the script. Without outcomes it tells what has not been told yet, since there
        is at most one event a second; with `last` it tells that at once.
        """
        delivery = status.data.delivery
        event = status.model_copy(update={"time": datetime.now(UTC)})
        args: list[str | int | bytes] = [lua.fields(event), int(last)]
        for outcome in outcomes:
            sealed = (
                self._vault.seal_reply(delivery, outcome.number, outcome.reply)
                if outcome.state == "failed"
                else b""
            )
            tries = "" if outcome.tries is None else outcome.tries
            args += [outcome.number, outcome.state, outcome.codes, sealed, tries]
        keys = [
            ledger_key(delivery),
            delivery_key(delivery),
            f"notify:failures:{delivery}",
            f"notify:replies:{delivery}",
            _tries_key(delivery),
            "deliveries",
        ]
        return bool(await self._record(keys=keys, args=args))


def delivery_key(delivery: str) -> str:
    return f"notify:delivery:{delivery}"


def ledger_key(delivery: str) -> str:
    return f"notify:ledger:{delivery}"


def _tries_key(delivery: str) -> str:
    return f"notify:tries:{delivery}"


def _lease_key(chunk: Chunk) -> str:
    return f"notify:lease:{chunk.delivery}:{chunk.chunk}"


def unsummed(delivery: str, article: str, revision: int) -> DeliveryStatus:
    """A status whose sums are filled in by the script that sends it."""
    return DeliveryStatus(
        delivery=delivery,
        article=article,
        revision=revision,
        state="sending",
        audience=0,
        handed_over=0,
        failed=0,
        suppressed=0,
        open=0,
        sequence=0,
    )


async def deliveries(redis: Redis, *, newest: int = 20) -> list[dict[str, str | int]]:
    """The newest deliveries, newest first: id, article, revision, state, started, told_at (when the
    sums were last told, in milliseconds; 0: never), and the sums."""
    names = cast("list[bytes]", await redis.zrange(DELIVERIES, 0, newest - 1, desc=True))
    ids = [name.decode() for name in names]
    async with redis.pipeline(transaction=False) as pipe:
        for delivery in ids:
            pipe.hgetall(delivery_key(delivery))
        found = await pipe.execute()
    return [_readable(i, fields) for i, fields in zip(ids, found, strict=True) if fields]


_NUMBERS = ("revision", "told_at", "audience", "handed_over", "failed", "suppressed", "open")


def _readable(delivery: str, fields: Mapping[bytes, bytes]) -> dict[str, str | int]:
    texts = {name: fields[name.encode()].decode() for name in ("article", "state", "started")}
    return {"id": delivery} | texts | {name: int(fields[name.encode()]) for name in _NUMBERS}
