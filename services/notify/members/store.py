"""Members in Redis: numbered, sealed, found again by a keyed hash of the address.

A number is one subscription's life: a member who leaves and joins again gets a new one. In packed
hashes a member takes about 150 bytes, index included (`python -m benchmarks memory`).
"""

import json
import random
from collections.abc import Awaitable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import cast

from redis.asyncio import Redis

from services.notify.choices.store import GONE
from services.notify.members.addresses import identity
from services.notify.members.member import DOES_NOT_OPEN, Consent, Member, seal, unseal
from services.notify.members.numbers import BUCKET, Cut, buckets, place
from services.notify.members.packed_hashes import read_each
from services.notify.vault.vault import Vault
from shared.bus import lua

LAST = "notify:last"
LEAVES = "notify:leaves"
CONSENTS = "notify:consents"
EARLIER = "notify:earlier"
"""Hash: number → the numbers that its member had before, with commas, the newest first."""
CHAIN = "notify:earlier:chain"
"""String: four bytes for each number, the one before of the same member; 0 if there is none."""
LATER = "notify:later"
"""Hash: number → a later one of the same member."""
RETURNING = "notify:returning"
"""Hash: number → the one before, of members who came back, until their choices are carried over."""
STAFF = "notify:staff"
"""The numbers of the members who get exercises and tests."""
_HERE = Path(__file__).parent
_SOME = 100
"""See `Members.some_records`."""


class Added(StrEnum):
    """The answers of add.lua."""

    DONE = "done"
    MOVED = "moved"


class Leaving(StrEnum):
    """The answers of leave.lua."""

    DONE = "done"
    BEFORE = "before"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Found:
    """A subscription, and what its address is to it."""

    number: int
    left: bool
    erased: bool = False
    """Its member had all deleted: neither the record is there nor when they left."""
    moved: bool = False
    """Its member has another address by now: nothing may be mailed to this one."""


@dataclass(frozen=True)
class Audience:
    """Some numbers' members who are in an audience."""

    reachable: dict[int, bytes]
    """The sealed record of each member who can be mailed, by number: see `Members.open`."""
    suppressed: list[int]
    """Members who left after the cut, or were erased."""


class Members:
    """The members; `vault` has the keys that their records are sealed with."""

    def __init__(self, redis: Redis, vault: Vault) -> None:
        self.redis = self._redis = redis
        self._vault = vault
        self._add = lua.load(redis, _HERE / "add.lua", Added)
        self._mark_staff = lua.load(redis, _HERE / "mark_staff.lua", lua.Done)
        self._replace = lua.load(redis, _HERE / "replace.lua", lua.Done)

    async def last(self) -> int:
        """The greatest number given so far."""
        return int(await self._redis.get(LAST) or 0)

    async def find(self, emails: Sequence[str]) -> list[Found | None]:
        """For each address its newest subscription, or none if it never had one."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for key, rest in map(self._index, emails):
                pipe.hget(key, rest)
            held = [None if one is None else int(one) for one in await pipe.execute()]
        numbers = {abs(one) for one in held if one is not None}
        left = await self.left(numbers)
        erased = left - (await self.records(sorted(left))).keys()
        erased -= await self._has("notify:left_at", sorted(erased))
        return [
            None
            if one is None
            else Found(
                abs(one),
                left=abs(one) in left,
                erased=abs(one) in erased,
                moved=one < 0,
            )
            for one in held
        ]

    async def left(self, numbers: Collection[int]) -> set[int]:
        """Those of `numbers` that have left."""
        return await self._has("notify:left", numbers)

    async def _has(self, prefix: str, numbers: Collection[int]) -> set[int]:
        """Those of `numbers` that have a field in their packed hash."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for bucket, field in map(place, numbers):
                pipe.hexists(f"{prefix}:{bucket}", str(field))
            found = await pipe.execute()
        return {number for number, one in zip(numbers, found, strict=True) if one}

    async def numbers_of(self, number: int) -> list[int]:
        """All numbers of a number's member, the newest first; itself alone if there is no other."""
        newest = number
        while later := await cast("Awaitable[bytes | None]", self._redis.hget(LATER, str(newest))):
            newest = int(later)
        earlier = await cast("Awaitable[bytes | None]", self._redis.hget(EARLIER, str(newest)))
        numbers = [newest, *(int(one) for one in (earlier or b"").split(b",") if one)]
        return numbers if number in numbers else [*numbers, number]

    def index_of(self, email: str) -> bytes:
        """The keyed hash of an address, the same for all its spellings."""
        return self._vault.index(identity(email).encode())

    async def keep_consent(self, consent: Consent) -> str:
        """Keep the words that members agreed to, and when they first were; gives the short hash
        that records name."""
        kept = json.loads(consent.line) | {"time": datetime.now(UTC).isoformat()}
        text = json.dumps(kept, ensure_ascii=False)
        await self._redis.hsetnx(CONSENTS, consent.short, text)
        return consent.short

    async def add(
        self,
        members: Sequence[Member],
        *,
        after: int,
        staff: bool = False,
        earlier: Mapping[int, Sequence[int]] = {},  # nobody writes to it
        before: Mapping[int, int] = {},
    ) -> bool:
        """Give `members` the numbers from `after` + 1; false, without effect, if `after` is not
        the last number. With `staff` they get exercises and tests too. `earlier` has, by the new
        number, the numbers of those who come back, the newest first; `before` the one from which
        other rooms are to carry over what they know: see `returning`.

        Nobody among them may be a member already, and the numbers must be reserved: see
        membership.py, which the service and the commands use.
        """
        places = [place(after + nth) for nth in range(1, len(members) + 1)]
        indexes = [self._index(member.email) for member in members]
        answer = await self._add(
            keys={
                "last": LAST,
                "staff": STAFF,
                "earlier": EARLIER,
                "chain": CHAIN,
                "later": LATER,
                "returning": RETURNING,
                "records": [f"notify:members:{bucket}" for bucket, _ in places],
                "indexes": [bucket for bucket, _ in indexes],
            },
            args={
                "after": after,
                "is_staff": staff,
                "fields": [field for _, field in places],
                "sealed": [
                    seal(self._vault, number, member)
                    for number, member in enumerate(members, after + 1)
                ],
                "rests": [rest for _, rest in indexes],
                "earlier": [
                    ",".join(map(str, earlier.get(number, ())))
                    for number, _ in enumerate(members, after + 1)
                ],
                "before": [
                    str(before.get(number, "")) for number, _ in enumerate(members, after + 1)
                ],
            },
        )
        return answer.word is Added.DONE

    async def returning(self) -> dict[int, int]:
        """Numbers of members who came back, each with the one before, for which other rooms have
        not yet carried over what they know: their process died. Mostly none."""
        found = cast("dict[bytes, bytes]", await self._redis.hgetall(RETURNING))
        return {int(new): int(before) for new, before in found.items()}

    async def has_returned(self, number: int) -> None:
        """Note that other rooms have carried over what they know of this number's member."""
        await self._redis.hdel(RETURNING, str(number))

    async def records(self, numbers: Sequence[int]) -> dict[int, bytes]:
        """The sealed records of these members, but for those that were erased: see `open`."""
        return await read_each(self._redis, "notify:members:", numbers)

    async def replace(self, changes: Mapping[int, tuple[bytes, Member]]) -> set[int]:
        """Give each of these numbers' members another record, if theirs is still the sealed one
        that stands before it and they have not left. Gives the numbers of those who got it."""
        places = [place(number) for number in changes]
        answer = await self._replace(
            keys={
                "records": [f"notify:members:{bucket}" for bucket, _ in places],
                "left": [f"notify:left:{bucket}" for bucket, _ in places],
            },
            args={
                "fields": [field for _, field in places],
                "before": [before for before, _ in changes.values()],
                "after": [
                    seal(self._vault, number, member) for number, (_, member) in changes.items()
                ],
            },
        )
        numbers = list(changes)
        return {numbers[nth - 1] for nth in answer.values}

    async def mark_staff(self, numbers: Sequence[int]) -> None:
        """These members get exercises and tests too, unless they have left. Idempotent."""
        places = [place(number) for number in numbers]
        await self._mark_staff(
            keys={"staff": STAFF, "left": [f"notify:left:{bucket}" for bucket, _ in places]},
            args={"numbers": numbers, "fields": [field for _, field in places]},
        )

    async def audience(
        self, cut: Cut, numbers: Iterable[int], *, though_left: Collection[int] = ()
    ) -> Audience:
        """Those of `numbers` in the audience of `cut`, and those who can be mailed. Members who
        have left are mailed only if they are in `though_left`, or have come back since: their new
        number is too late for this audience."""
        numbers = list(numbers)
        records, left = await self._packed(("notify:members", "notify:left"), numbers)
        gone = {n: records[n] for n in numbers if n in left and n in records}
        though_left = {*though_left, *await self._came_back(gone)} if gone else though_left
        audience = Audience({}, [])
        for number in numbers:
            place_among_left = int(left[number]) if number in left else None
            if not cut.has(number, place_among_left):
                continue
            stays = place_among_left is None or number in though_left
            if stays and number in records:
                audience.reachable[number] = records[number]
            else:
                audience.suppressed.append(number)
        return audience

    async def _came_back(self, gone: Mapping[int, bytes]) -> set[int]:
        """Those of some numbers that have left, with their sealed records, whose members are
        members again, at the same address."""
        later = await self._redis.hmget(LATER, [str(number) for number in gone])
        found = set()
        for number in (n for n, one in zip(gone, later, strict=True) if one is not None):
            newest, *_ = await self.numbers_of(number)
            record = (await self.records([newest])).get(newest)
            if record is None or await self.left([newest]):
                continue
            with suppress(*DOES_NOT_OPEN):  # such a record is its chunk's trouble
                was, now = self.open(number, gone[number]), self.open(newest, record)
                if identity(was.email) == identity(now.email):
                    found.add(number)
        return found

    async def some_records(self, last: int) -> dict[int, bytes]:
        """Sealed records of up to a hundred members, from all over the numbers up to `last`."""
        some = random.sample(range(1, last + 1), min(last, _SOME))
        (records,) = await self._packed(("notify:members",), some)
        return {number: records[number] for number in some if number in records}

    def open(self, number: int, sealed: bytes) -> Member:
        """The member whose sealed record this is; one of `DOES_NOT_OPEN` if it was changed."""
        return unseal(self._vault, number, sealed)

    async def _packed(
        self, prefixes: Sequence[str], numbers: Iterable[int]
    ) -> list[dict[int, bytes]]:
        """What the packed hashes of each prefix hold in the buckets of `numbers`."""
        wanted = buckets(numbers)
        async with self._redis.pipeline(transaction=False) as pipe:
            for prefix in prefixes:
                for bucket in wanted:
                    pipe.hgetall(f"{prefix}:{bucket}")
            hashes = iter(await pipe.execute())
        return [
            {
                bucket * BUCKET + int(field): value
                for bucket in wanted
                for field, value in next(hashes).items()
            }
            for _ in prefixes
        ]

    def _index(self, email: str) -> tuple[str, bytes]:
        return index_place(self.index_of(email))


def index_place(index: bytes) -> tuple[str, bytes]:
    """The key of an address's keyed hash, and its field in it."""
    return f"notify:index:{index[:2].hex()}", index[2:]


async def leave(redis: Redis, number: int, *, at: datetime | None = None) -> None:
    """End a subscription in Redis, at the time given or now. Idempotent; LookupError if the number
    was never given. membership.py has it written in the journal, too."""
    left_at = (at or datetime.now(UTC)).isoformat()
    bucket, field = place(number)
    script = lua.load(redis, _HERE / "leave.lua", Leaving)
    answer = await script(
        keys={
            "left": f"notify:left:{bucket}",
            "gone": GONE,
            "left_at": f"notify:left_at:{bucket}",
            "leaves": LEAVES,
            "last": LAST,
            "staff": STAFF,
        },
        args={
            "field": field,
            "number": number,
            "at": left_at,
        },
    )
    if answer.word is Leaving.UNKNOWN:
        raise LookupError("no member has this number")


async def count_staff(redis: Redis) -> int:
    """How many members get exercises and tests now."""
    return int(await redis.scard(STAFF))


async def count(redis: Redis) -> int:
    """How many members there are now."""
    last, leaves = await redis.mget(LAST, LEAVES)
    return int(last or 0) - int(leaves or 0)
