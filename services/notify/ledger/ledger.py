"""The ledger of a delivery in Redis: one state per member, and their sums.

It is a string with one byte for each member's number: a state (modulo 8) and flags (see
states.lua). A million members are a megabyte.
"""

import asyncio
import random
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import cast

from redis.exceptions import RedisError

from services.notify.ledger.article import article_key
from services.notify.ledger.delivery import (
    EVENTS,
    Delivery,
    delivery_key,
    find,
    keys_of,
    lease_key,
    ledger_key,
    moment_of,
    progressed,
    put_off_key,
    tries_key,
)
from services.notify.ledger.outcome import Outcome, reply_place
from services.notify.ledger.put_off import PutOff
from services.notify.ledger.states import BEGUN, Flag, State, state_of
from services.notify.vault.vault import Vault
from shared.bus import Bus, Entry, lua, tasks
from shared.event_data import Chunk
from shared.events import DeliveryProgressed

LEASE_SECONDS = 6.0
"""How long a chunk stays with a worker that is dead. A live one renews its lease three times as
often."""
_RETRY_SECONDS = 0.5
"""Between two tries to take a chunk that another worker has."""
_HERE = Path(__file__).parent


class ClaimWord(StrEnum):
    """The answers of claim.lua."""

    GONE = "gone"
    LOST = "lost"
    HELD = "held"
    SUPERSEDED = "superseded"
    TAKEN = "taken"


class RecordWord(StrEnum):
    """The answers of record.lua."""

    DONE = "done"
    COMPLETED = "completed"


class ChunkLost(Exception):
    """Another worker owns the chunk now."""


class Halted(Exception):
    """Nobody of this delivery may be mailed now. `why` is `superseded`, `cancelled`, or what holds
    it: `operator`, `stale`, `unreadable`, a `NotMailable.why`, or what is wrong with its page."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Claimed:
    """Members who are the caller's to mail."""

    revision: int
    """The article's newest, so the one to be mailed."""
    numbers: list[int]
    """The members'."""


@dataclass(frozen=True)
class StillOpen:
    """Members without a final state, by number. The order within each list is drawn by lot, so that
    mails that the relay chokes on do not hold up the same others each time."""

    planned: list[int]
    """Nobody has tried to reach them yet, so they come first."""
    begun: list[int]
    """Somebody has."""


class Progress:
    """An event of a delivery that every record may tell once more, with its own time and sums."""

    def __init__(self, event: DeliveryProgressed) -> None:
        self.delivery = event.data.delivery
        self.article = event.data.article
        self.fields = lua.fields(event)


@dataclass(frozen=True)
class Recorded:
    """How the delivery stands after a record."""

    completed: bool
    """This record completed the delivery."""
    halted: bool
    """Nobody of the delivery may be mailed now; the next claim tells why."""


class Ledger:
    """The ledgers of all deliveries, as one worker reads and writes them. The methods raise
    redis-py's errors."""

    def __init__(self, bus: Bus, vault: Vault) -> None:
        self._redis = bus.redis
        self._vault = vault
        self._life = secrets.token_hex(8)  # of this process: see `_name`
        self._claim = bus.fenced(_HERE / "claim.lua", ClaimWord)
        self._release = lua.load(bus.redis, _HERE / "release.lua", lua.Done)
        self._never_sent = lua.load(bus.redis, _HERE / "never_sent.lua", lua.Done)
        self._put_off = lua.load(bus.redis, _HERE / "put_off.lua", lua.Done)
        self._record = lua.load(bus.redis, _HERE / "record.lua", RecordWord)

    async def still_open(self, delivery: str, numbers: range) -> StillOpen:
        """Those of `numbers` without a final state."""
        if not numbers:
            return StillOpen([], [])
        states = map(state_of, await self._bytes(delivery, numbers))
        found = [(number, state) for state, number in zip(states, numbers, strict=True)]
        planned = [number for number, state in found if state == State.PLANNED]
        begun = [number for number, state in found if state in BEGUN]
        random.shuffle(planned)
        random.shuffle(begun)
        return StillOpen(planned, begun)

    async def reached_earlier(self, delivery: Delivery, numbers: range) -> set[int]:
        """Those of `numbers` who may have an earlier version of the alert: they are told what has
        changed."""
        if delivery.kind in ("alert", "notice") or not numbers:
            return set()
        bytes_ = await self._bytes(delivery.id, numbers)
        return {n for byte, n in zip(bytes_, numbers, strict=True) if byte & Flag.EARLIER}

    async def _bytes(self, delivery: str, numbers: range) -> bytes:
        found = await self._redis.getrange(ledger_key(delivery), numbers[0], numbers[-1])
        return cast("bytes", found)

    async def tries(self, delivery: str, numbers: Sequence[int]) -> dict[int, int]:
        """The tries (see `replies.tried`) of those of `numbers` who have any."""
        if not numbers:
            return {}
        found = await self._redis.hmget(tries_key(delivery), list(map(str, numbers)))
        return {n: int(t) for n, t in zip(numbers, found, strict=True) if t is not None}

    async def put_off(self, chunk: Chunk) -> PutOff:
        """How often the chunk's members were put off, and when they come again."""
        kept = await self._redis.hget(put_off_key(chunk.delivery), str(chunk.chunk))
        if kept is None:
            return PutOff()
        passes, due = map(int, kept.split())
        return PutOff(passes, moment_of(due))

    async def keep_put_off(self, status: Progress, chunk: Chunk, put_off: PutOff) -> None:
        """Keep when the chunk's members come again, until the delivery is resumed or complete; and
        tell when the first of the delivery do."""
        kept = f"{put_off.passes} {int(put_off.due.timestamp() * 1000)}"
        await self._put_off(
            keys=keys_of(chunk.delivery, "put_off", "delivery") | {"events": EVENTS},
            args={
                "event": status.fields,
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "chunk": str(chunk.chunk),
                "kept": kept,
            },
        )

    @asynccontextmanager
    async def hold(
        self, entry: Entry, chunk: Chunk, *, article: str, before: Sequence[str] = ()
    ) -> AsyncIterator["Hold"]:
        """Hold the chunk, so that nobody else claims its members. `article` is the article's id,
        `before` are the alert's deliveries before this one. ChunkLost if another worker holds the
        chunk."""
        held = Hold(self, entry, chunk, article, before)
        await held.begin()
        keeper = asyncio.create_task(held.keep())
        try:
            yield held
        finally:
            await tasks.end([keeper])
            with suppress(RedisError):  # then it runs out
                lease = lease_key(chunk.delivery, chunk.chunk)
                await self._release(keys={"lease": lease}, args={"owner": self._name(entry)})

    async def claim(
        self, hold: "Hold", numbers: Sequence[int], *, patient: bool = False
    ) -> Claimed:
        """See `Hold.claim`. If `patient`, leave the chunk alone (ChunkLost) while a worker has that
        of a delivery before."""
        chunk = hold.chunk
        answer = await self._claim(
            hold.entry,
            keys=keys_of(chunk.delivery, "ledger", "delivery")
            | {
                "lease": lease_key(chunk.delivery, chunk.chunk),
                "article": article_key(hold.article),
                "leases_before": [lease_key(before, chunk.chunk) for before in hold.before],
            },
            args={
                "owner": self._name(hold.entry),
                "lease_ms": int(LEASE_SECONDS * 1000),
                "numbers": ",".join(map(str, numbers)),
                "is_patient": patient,
            },
        )
        if answer.word is ClaimWord.TAKEN:
            revision, *taken = cast("list[int]", answer.values)
            return Claimed(revision, taken)
        if answer.word is ClaimWord.HELD:
            raise Halted(answer.values[0].decode())
        if answer.word is ClaimWord.SUPERSEDED:
            raise Halted("superseded")
        raise ChunkLost

    async def never_sent(self, chain: Sequence[str], numbers: range, trace: str) -> None:
        """Tell no change to those of `numbers` who were about to get an earlier version when it was
        superseded, and never got it. `chain` are an alert's deliveries, the first one first."""
        for old, new in pairwise(chain if numbers else ()):
            event = progressed(await find(self._redis, new), trace)
            await self._never_sent(
                keys=keys_of(new, "ledger", "delivery", "tries", "put_off")
                | {"ledger_before": ledger_key(old), "events": EVENTS},
                args={"event": lua.fields(event), "first": numbers[0], "last": numbers[-1]},
            )

    async def moves(self, delivery: str) -> None:
        """Note that the delivery goes on, though nothing is heard of any member: what keeps it
        waiting is to be waited for, and must not make it stale."""
        now = int(time.time() * 1000)
        await self._redis.hset(delivery_key(delivery), "tried_at", now)

    def _name(self, entry: Entry) -> str:
        """The holder's name on a lease. Another life of the same consumer has another, so that it
        does not take the chunk for its own while mails of the last life are on their way."""
        return f"{entry.id} {self._life}"

    async def record(
        self,
        status: Progress,
        outcomes: Iterable[Outcome],
        *,
        last: bool = False,
        refused: str | None = None,
    ) -> Recorded:
        """Write down outcomes, count them, and tell of the sums, at most once a second.

        Without outcomes it tells what has not been told yet; with `last` it does so at once, since
        nothing may follow for a while. `refused` says what keeps all mail from the relay: the
        delivery is paused. If it is empty, nothing does: the delivery goes on if it was paused for
        that; if it is none, nobody knows. An outcome of a member who has a final state changes
        nothing, so a record can be repeated.
        """
        delivery = status.delivery
        outcomes = list(outcomes)
        reached = [str(o.number) for o in outcomes if o.state is State.HANDED_OVER]
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        others: list[str | int | bytes] = []
        for outcome in outcomes:
            if outcome.state is State.HANDED_OVER:
                continue
            sealed = (
                self._vault.seal(
                    outcome.reply.encode(errors="replace"), reply_place(delivery, outcome.number)
                )
                if outcome.state is State.FAILED
                else b""
            )
            tries = "" if outcome.tries is None else outcome.tries
            name = outcome.state.name.lower()
            others += [outcome.number, name, outcome.codes, sealed, tries]
        answer = await self._record(
            keys=keys_of(
                delivery,
                *("ledger", "delivery", "failures", "replies", "bounces", "tries", "put_off"),
            )
            | {"events": EVENTS},
            args={
                "event": status.fields,
                "time": now,
                "is_last": last,
                "refused": refused or "",
                "is_let_in": refused == "",
                "reached": ",".join(reached),
                "others": others,
            },
        )
        completed = answer.word is RecordWord.COMPLETED
        return Recorded(completed=completed, halted=bool(answer.values[0]))


class Hold:
    """A chunk in the hands of this worker."""

    def __init__(
        self,
        ledger: Ledger,
        entry: Entry,
        chunk: Chunk,
        article: str,
        before: Sequence[str] = (),
    ) -> None:
        self.entry = entry
        self.chunk = chunk
        self.article = article
        self.before = before
        self.when_superseded: Callable[[], None] = lambda: None
        """Is called when it turns out that a newer delivery owes the members the rest; maybe again
        and again."""
        self._ledger = ledger
        self._until = 0.0

    @property
    def lasts(self) -> bool:
        """Whether members of the chunk may be mailed: the lease lasts, by this machine's clock, and
        Redis did not say otherwise. A process that was stopped for a while finds that it does
        not."""
        return time.monotonic() < self._until

    async def claim(self, numbers: Sequence[int]) -> Claimed:
        """Take members of the chunk. Members without a final state are the caller's now, and so is
        the chunk for `LEASE_SECONDS`.

        ChunkLost if the entry is no longer the caller's, or the chunk is another worker's; Halted
        if nobody of the delivery may be mailed now.
        """
        return await self._ask(numbers)

    async def check(self) -> None:
        """Keep the chunk for `LEASE_SECONDS` more, and take no member; raises as `claim` does."""
        await self._ask([])

    async def _ask(self, numbers: Sequence[int], *, patient: bool = False) -> Claimed:
        asked = time.monotonic()
        try:
            claim = await self._ledger.claim(self, numbers, patient=patient)
        except ChunkLost:
            self._until = 0.0
            raise
        except Halted as halted:
            self._until = 0.0
            if halted.why == "superseded":
                self.when_superseded()
            raise
        self._until = asked + LEASE_SECONDS
        return claim

    async def begin(self) -> None:
        """Take the chunk. A worker that was killed and is back waits for its own last lease to run
        out; ChunkLost if it does not. Workers that have the chunk of a delivery before get as long
        to let it go. After that, everybody whom the old version may have reached is told what has
        changed."""
        tries = int(LEASE_SECONDS / _RETRY_SECONDS) + 2
        for left in reversed(range(tries)):
            try:
                with suppress(Halted):  # the first claim of members tells
                    await self._ask([], patient=left > 1)
                return
            except ChunkLost:
                if not left:
                    raise
            await asyncio.sleep(_RETRY_SECONDS)

    async def keep(self) -> None:
        """Renew the lease until cancelled: one answer of a relay may take longer than that."""
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            with suppress(RedisError, ChunkLost, Halted):  # the next claim tells
                await self.check()
