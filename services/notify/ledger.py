"""Deliveries in Redis: one state per member and delivery, and their sums.

A ledger is a string with one byte per number: a state (modulo 8) and flags (see owed_after.lua). A
million members are a megabyte.
"""

import asyncio
import random
import secrets
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.alerts import article_key
from services.notify.numbers import Cut
from services.notify.vault import Vault
from shared.bus import Bus, Entry, lua, tasks
from shared.events import Chunk, DeliveryProgressed, DeliveryStatus

State = Literal["sending", "handed_over", "deferred", "failed", "suppressed"]
"""`sending`: as before, since nobody heard whether the relay took the mail."""
Kind = Literal["alert", "correction", "withdrawal"]
GROUP = 128
"""Members claimed at once, and how many of a chunk may wait for a connection."""
LEASE = 6.0
"""Seconds that a chunk stays a dead worker's; a live one renews its lease three times as often."""
_AGAIN = 0.5
DELIVERIES = "notify:deliveries"
_OPEN = (0, 1, 3)
_STATES, _REACHED_EARLIER = 8, 8
"""A byte modulo the first is its state; the second is the flag of an earlier version."""
_HERE = Path(__file__).parent
TELL = _HERE / "tell.lua"


class ChunkLost(Exception):
    """Another worker owns the chunk now."""


class Halted(Exception):
    """Nobody of this delivery may be mailed now. `why` is `superseded`, `cancelled`, or what holds
    it: `operator` or `stale`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Claim:
    revision: int
    """The article's newest, so the one to be mailed."""
    numbers: set[int]


@dataclass(frozen=True)
class Delivery:
    id: str
    article: str
    revision: int
    kind: Kind
    before: str
    """The delivery that it supersedes; empty where there is none."""
    superseded: bool
    cut: Cut
    page_at: datetime
    """When the page that started it was on disk."""
    started: datetime
    tried_at: datetime
    """When the relay was last heard about a member, else when it was started or resumed."""
    again_at: datetime
    """When those who had failed were to be tried again, else when it was started."""


@dataclass(frozen=True)
class Outcome:
    number: int
    state: State
    codes: str = ""
    reply: str = ""
    """The relay's words; kept sealed, for failures only."""
    tries: int | None = None
    """See `replies.tried`; none where there is nothing new to keep."""


@dataclass(frozen=True)
class Recorded:
    completed: bool
    """This completed the delivery."""
    halted: bool
    """Nobody of the delivery may be mailed now; the next claim tells why."""


class Ledger:
    def __init__(self, bus: Bus, vault: Vault) -> None:
        self._redis = bus.redis
        self._vault = vault
        self._life = secrets.token_hex(8)
        self._claim = bus.fenced(_HERE / "claim.lua")
        self._release = lua.load(bus.redis, _HERE / "release.lua")
        self._record = lua.load(bus.redis, TELL, _HERE / "record.lua")

    async def still_open(self, delivery: str, numbers: range) -> list[int]:
        """Those without a final state, first those whom nobody has tried to reach yet, else in any
        order: so mails that the relay chokes on do not hold up the others each time."""
        if not numbers:
            return []
        bytes_ = await self._bytes(delivery, numbers)
        states = ((byte % _STATES, number) for byte, number in zip(bytes_, numbers, strict=True))
        found = [(state, number) for state, number in states if state in _OPEN]
        random.shuffle(found)
        return [number for _, number in sorted(found, key=lambda pair: pair[0])]

    async def reached_earlier(self, delivery: Delivery, numbers: range) -> set[int]:
        """Those who may have an earlier version of the alert: they are told what has changed."""
        if delivery.kind == "alert" or not numbers:
            return set()
        bytes_ = await self._bytes(delivery.id, numbers)
        return {n for byte, n in zip(bytes_, numbers, strict=True) if byte & _REACHED_EARLIER}

    async def _bytes(self, delivery: str, numbers: range) -> bytes:
        found = await self._redis.getrange(ledger_key(delivery), numbers[0], numbers[-1])
        return cast("bytes", found)

    async def tries(self, delivery: str, numbers: Sequence[int]) -> dict[int, int]:
        """The tries (see `replies.tried`) of those of `numbers` who have any."""
        if not numbers:
            return {}
        found = await self._redis.hmget(tries_key(delivery), list(map(str, numbers)))
        return {n: int(t) for n, t in zip(numbers, found, strict=True) if t is not None}

    @asynccontextmanager
    async def hold(self, entry: Entry, chunk: Chunk, *, article: str) -> AsyncIterator["Hold"]:
        """Hold the chunk, so that nobody else claims its members. ChunkLost where another does."""
        held = Hold(self, entry, chunk, article)
        await held.begin()
        keeper = asyncio.create_task(held.keep())
        try:
            yield held
        finally:
            await tasks.end([keeper])
            with suppress(RedisError):  # then it runs out
                await self._release(keys=[_lease_key(chunk)], args=[self._name(entry)])

    async def claim(self, hold: "Hold", numbers: Sequence[int]) -> Claim:
        """See `Hold.claim`."""
        chunk = hold.chunk
        answer = await self._claim(
            hold.entry,
            keys=[
                ledger_key(chunk.delivery),
                _lease_key(chunk),
                delivery_key(chunk.delivery),
                article_key(hold.article),
            ],
            args=[self._name(hold.entry), int(LEASE * 1000), ",".join(map(str, numbers))],
        )
        word, *rest = answer if isinstance(answer, list) else [b"lost"]
        if word == b"lost":
            raise ChunkLost
        if word == b"taken":
            revision, *numbers = cast("list[int]", rest)
            return Claim(revision, set(numbers))
        raise Halted(word.decode())

    async def moves(self, delivery: str) -> None:
        """What keeps the delivery waiting is no standing still: it does not become stale by it."""
        now = int(time.time() * 1000)
        await self._redis.hset(delivery_key(delivery), "tried_at", now)

    def _name(self, entry: Entry) -> str:
        """On a lease; another life of the same consumer has another."""
        return f"{entry.id} {self._life}"

    async def record(
        self,
        status: DeliveryProgressed,
        outcomes: Iterable[Outcome],
        *,
        last: bool = False,
        refused: str = "",
    ) -> Recorded:
        """Write down outcomes, count them, and tell.

        `status` is the event to be sent; its time becomes that of this call, and its numbers are
        filled in by the script. Without outcomes it tells what has not been told yet, since there
        is at most one event a second; with `last` it tells that at once. `refused` are the relay's
        codes where it refuses us and not a member: the delivery is paused until it takes mail.
        """
        delivery = status.data.delivery
        event = status.model_copy(update={"time": datetime.now(UTC)})
        outcomes = list(outcomes)
        reached = [str(o.number) for o in outcomes if o.state == "handed_over"]
        args: list[str | int | bytes] = [lua.fields(event), int(last), refused, ",".join(reached)]
        for outcome in outcomes:
            if outcome.state == "handed_over":
                continue
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
            *failure_keys(delivery),
            "deliveries",
        ]
        completed, halted = await self._record(keys=keys, args=args)
        return Recorded(completed=bool(completed), halted=bool(halted))


class Hold:
    """A chunk in the hands of this worker."""

    def __init__(self, ledger: Ledger, entry: Entry, chunk: Chunk, article: str) -> None:
        self.entry = entry
        self.chunk = chunk
        self.article = article
        self._ledger = ledger
        self._until = 0.0

    @property
    def lasts(self) -> bool:
        """Whether nobody else can have taken the chunk yet, by this machine's clock: a process that
        was stopped for a while finds that it does not."""
        return time.monotonic() < self._until

    async def claim(self, numbers: Sequence[int]) -> Claim:
        """Take at most `GROUP` members; those without a final state are the caller's now, and the
        chunk for `LEASE` seconds.

        ChunkLost where the entry is no longer the caller's, or the chunk is another's; Halted where
        nobody of the delivery may be mailed now.
        """
        asked = time.monotonic()
        try:
            claim = await self._ledger.claim(self, numbers)
        except ChunkLost:
            self._until = 0.0
            raise
        self._until = asked + LEASE
        return claim

    async def begin(self) -> None:
        """Take the chunk. A worker that was killed and is back waits for its own last lease to run
        out; ChunkLost where it does not."""
        tries = int(LEASE / _AGAIN) + 2
        for left in reversed(range(tries)):
            try:
                with suppress(Halted):  # the first claim of members tells
                    await self.claim([])
                return
            except ChunkLost:
                if not left:
                    raise
            await asyncio.sleep(_AGAIN)

    async def keep(self) -> None:
        """Renew the lease until cancelled: one answer of a relay may take longer than that."""
        while True:
            await asyncio.sleep(LEASE / 3)
            with suppress(RedisError, ChunkLost, Halted):  # the next claim tells
                await self.claim([])


async def find(redis: Redis, delivery: str) -> Delivery:
    """The delivery; LookupError where there is none."""
    found = cast("dict[bytes, bytes]", await redis.hgetall(delivery_key(delivery)))
    if not found:
        raise LookupError("no such delivery")
    fields = {name.decode(): value.decode() for name, value in found.items()}
    started = datetime.fromisoformat(fields["started"])

    def moment(name: str) -> datetime:
        ms = int(fields.get(name, 0))
        return datetime.fromtimestamp(ms / 1000, UTC) if ms else started

    return Delivery(
        id=delivery,
        article=fields["article"],
        revision=int(fields["revision"]),
        kind=cast("Kind", fields["kind"]),
        before=fields["before"],
        superseded="superseded" in fields,
        cut=Cut(int(fields["last"]), int(fields["leaves"])),
        page_at=datetime.fromisoformat(fields["page_at"]),
        started=started,
        tried_at=moment("tried_at"),
        again_at=moment("again_at"),
    )


def delivery_key(delivery: str) -> str:
    return f"notify:delivery:{delivery}"


def ledger_key(delivery: str) -> str:
    return f"notify:ledger:{delivery}"


def failure_keys(delivery: str) -> tuple[str, ...]:
    """Failures, the relay's words, and tries."""
    return failures_key(delivery), _replies_key(delivery), tries_key(delivery)


def failures_key(delivery: str) -> str:
    return f"notify:failures:{delivery}"


def _replies_key(delivery: str) -> str:
    return f"notify:replies:{delivery}"


def tries_key(delivery: str) -> str:
    return f"notify:tries:{delivery}"


def _lease_key(chunk: Chunk) -> str:
    return f"notify:lease:{chunk.delivery}:{chunk.chunk}"


def progressed(delivery: Delivery, traceparent: str) -> DeliveryProgressed:
    """An event of the delivery, which the script that sends it completes."""
    return DeliveryProgressed(
        id=delivery.id,
        source="/varsel/notify",
        subject=delivery.article,
        time=datetime.now(UTC),
        traceparent=traceparent,
        data=unsummed(delivery.id, delivery.article, delivery.revision),
    )


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
    """The newest deliveries, newest first: id, article, revision, kind, state, started, told_at
    (when the sums were last told, in milliseconds; 0: never), and the sums."""
    names = cast("list[bytes]", await redis.zrange(DELIVERIES, 0, newest - 1, desc=True))
    ids = [name.decode() for name in names]
    async with redis.pipeline(transaction=False) as pipe:
        for delivery in ids:
            pipe.hgetall(delivery_key(delivery))
        found = await pipe.execute()
    return [_readable(i, fields) for i, fields in zip(ids, found, strict=True) if fields]


_NUMBERS = ("revision", "told_at", "audience", "handed_over", "failed", "suppressed", "open")


def _readable(delivery: str, fields: Mapping[bytes, bytes]) -> dict[str, str | int]:
    texts = {
        name: fields[name.encode()].decode() for name in ("article", "kind", "state", "started")
    }
    texts["cause"] = fields.get(b"cause", b"").decode()
    return {"id": delivery} | texts | {name: int(fields[name.encode()]) for name in _NUMBERS}
