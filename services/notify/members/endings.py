"""How subscriptions end and move, in Redis: what only membership.py and the journal's replay do."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import cast

from redis.asyncio import Redis

from services.notify.choices.store import GONE
from services.notify.members.member import Member, seal
from services.notify.members.numbers import BUCKET, buckets, place
from services.notify.members.packed_hashes import read_each
from services.notify.members.store import (
    CHAIN,
    EARLIER,
    LAST,
    LATER,
    LEAVES,
    Members,
    index_place,
)
from services.notify.outbox.accepted_letter import AcceptedLetter
from services.notify.vault.vault import Vault
from shared.bus import lua

_HERE = Path(__file__).parent
_BUCKETS = 100
"""Buckets that are read at a time."""


class Erasing(StrEnum):
    """The answers of erase.lua."""

    DONE = "done"
    MEMBER = "member"


class Moving(StrEnum):
    """The answers of move.lua."""

    DONE = "done"
    CHANGED = "changed"
    TAKEN = "taken"


class Skipping(StrEnum):
    """The answers of skip.lua."""

    DONE = "done"
    MOVED = "moved"


@dataclass(frozen=True)
class Left:
    """How a subscription ended."""

    at: datetime
    by_list: bool
    """A register ended it; if not, its member did."""
    was_staff: bool = False
    """If they come back by a list, they are staff again."""


class Endings:
    """The endings of the members' subscriptions; `vault` has the keys of their records."""

    def __init__(self, redis: Redis, vault: Vault, members: Members) -> None:
        self._redis = redis
        self._vault = vault
        self._members = members
        self._move = lua.load(redis, _HERE / "move.lua", Moving)
        self._erase = lua.load(redis, _HERE / "erase.lua", Erasing)
        self._lead = lua.load(redis, _HERE / "lead.lua", lua.Done)
        self._skip = lua.load(redis, _HERE / "skip.lua", Skipping)

    async def how_left(self, numbers: Collection[int]) -> dict[int, Left]:
        """When and how those of `numbers` left that did; without the erased, and without those who
        left before this was written down."""
        found = await read_each(self._redis, "notify:left_at:", numbers)
        return {number: left_of(value) for number, value in found.items()}

    async def skip(self, numbers: range) -> bool:
        """Let these numbers, the next ones, be of members who are gone; false, without effect, if
        they are not the next ones."""
        answer = await self._skip(
            keys={
                "last": LAST,
                "gone": GONE,
                "leaves": LEAVES,
                "left": [f"notify:left:{bucket}" for bucket in buckets(numbers)],
            },
            args={"after": numbers.start - 1, "count": len(numbers), "bucket": BUCKET},
        )
        return answer.word is Skipping.DONE

    async def set_left(self, number: int, at: datetime) -> None:
        """Write down when somebody left by themselves, if nothing is."""
        bucket, field = place(number)
        await self._redis.hsetnx(f"notify:left_at:{bucket}", str(field), at.isoformat())

    async def every_left(self, last: int) -> AsyncIterator[set[int]]:
        """Of all numbers up to `last` those that have left, some thousand at a time."""
        for first in range(0, last // BUCKET + 1, _BUCKETS):
            wanted = range(first, min(first + _BUCKETS, last // BUCKET + 1))
            async with self._redis.pipeline(transaction=False) as pipe:
                for bucket in wanted:
                    pipe.hkeys(f"notify:left:{bucket}")
                found = await pipe.execute()
            yield {
                bucket * BUCKET + int(field)
                for bucket, fields in zip(wanted, found, strict=True)
                for field in fields
            }

    async def erase(self, number: int, *, is_expired: bool = False) -> None:
        """Drop the record of a member who has left. With it go when and how they left, and which
        other numbers they have had, unless the record has expired only. Idempotent; ValueError if
        they have not left."""
        bucket, field = place(number)
        answer = await self._erase(
            keys={
                "record": f"notify:members:{bucket}",
                "left": f"notify:left:{bucket}",
                "left_at": f"notify:left_at:{bucket}",
                "earlier": EARLIER,
                "chain": CHAIN,
                "later": LATER,
            },
            args={"field": field, "number": number, "is_expired": is_expired},
        )
        if answer.word is Erasing.MEMBER:
            raise ValueError("only who has left can be erased")

    async def holders(self, indexes: Sequence[bytes]) -> list[int | None]:
        """For each address's keyed hash the number that it leads to; below 0 if the member has
        moved away from it, none if nobody ever had it."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for key, rest in map(index_place, indexes):
                pipe.hget(key, cast("str", rest))
            return [None if one is None else int(one) for one in await pipe.execute()]

    async def hold(self, index: bytes, number: int) -> None:
        """Let an address's keyed hash lead to a number, if it leads nowhere."""
        key, rest = index_place(index)
        await self._redis.hsetnx(key, cast("str", rest), str(number))

    async def lead(self, index: bytes, number: int, *, to: int | None) -> None:
        """Let an address's keyed hash lead to another number, or nowhere, if it leads to
        `number`."""
        key, rest = index_place(index)
        args = {"rest": rest, "number": number, "becomes": to}
        await self._lead(keys={"index": key}, args=args)

    async def move(
        self,
        number: int,
        before: bytes,
        after: Member,
        *,
        moves_from: str,
        other: int | None,
        letter: AcceptedLetter | None,
    ) -> Moving:
        """Give a member a record with another address, and have `letter` accepted in one step with
        it; `moves_from` is the address that they had, and `other` the number that the new one leads
        to, as `holders` gave it."""
        bucket, field = place(number)
        index, rest = index_place(self._members.index_of(after.email))
        index_before, rest_before = index_place(self._members.index_of(moves_from))
        other_bucket, other_field = place(abs(other or 0))
        earlier = await self._members.numbers_of(number)
        is_theirs = other is None or other < 0
        if not is_theirs:
            earlier += await self._members.numbers_of(abs(other or 0))
        answer = await self._move(
            keys={
                "record": f"notify:members:{bucket}",
                "left": f"notify:left:{bucket}",
                "index": index,
                "index_before": index_before,
                "left_other": f"notify:left:{other_bucket}",
                "letter": letter.key if letter else None,
                "queue": letter.queue if letter else None,
                "whose": letter.whose if letter else [],
                "earlier": EARLIER,
                "chain": CHAIN,
                "later": LATER,
            },
            args={
                "number": number,
                "field": field,
                "before": before,
                "after": seal(self._vault, number, after),
                "rest": rest,
                "rest_before": rest_before,
                "other": other,
                "other_field": "" if is_theirs else other_field,
                "earlier": "" if is_theirs else ",".join(map(str, earlier[1:])),
                "letter_id": letter.id if letter else "",
                "letter_sealed": letter.sealed if letter else "",
                "letter_life_ms": letter.life_ms if letter else 0,
            },
        )
        return answer.word


def left_of(value: bytes) -> Left:
    """What the bytes say that are kept of how a subscription ended."""
    at, _, how = value.decode().partition(" ")
    words = how.split()
    return Left(datetime.fromisoformat(at), by_list="list" in words, was_staff="staff" in words)
