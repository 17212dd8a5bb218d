"""Many members at a time, as a register has them: few round trips, and never all of them at once.

Reads and writes what store.py does, beside which it stands.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from redis.asyncio import Redis

from services.notify.choices.store import GONE
from services.notify.members.endings import Left, left_of
from services.notify.members.member import DOES_NOT_OPEN, Member
from services.notify.members.numbers import BUCKET, place
from services.notify.members.store import LEAVES, STAFF, Found, Members, index_place
from shared.bus import lua

_HERE = Path(__file__).parent
SCANNED = 20 * BUCKET
"""Numbers that are read at a time by `all_known`."""


@dataclass(frozen=True)
class Known:
    """What is known of a subscription."""

    found: Found
    left: Left | None
    """When and how it ended, if that was written down."""
    sealed: bytes | None
    """The record, if it is still there."""
    member: Member | None
    """The same, opened; none if it does not open."""


class ManyMembers:
    """The members, many at a time."""

    def __init__(self, redis: Redis, members: Members) -> None:
        self._redis = redis
        self._members = members
        self.unreadable: set[int] = set()
        """The numbers that were seen so far with a record that does not open."""
        self._look = lua.load(redis, _HERE / "look.lua", lua.Done)
        self._end = lua.load(redis, _HERE / "end.lua", lua.Done)

    async def look(self, emails: Sequence[str]) -> list[Known | None]:
        """For each address what is known of its newest subscription; none if it never had one."""
        places = [index_place(self._members.index_of(email)) for email in emails]
        answer = await self._look(
            keys={"indexes": [key for key, _ in places]},
            args={"rests": [rest for _, rest in places]},
        )
        held = [int(one) if one else None for one in answer.values]
        known = await self.known({abs(one) for one in held if one is not None})
        return [None if one is None else _of(one, known[abs(one)]) for one in held]

    async def all_known(self, last: int) -> AsyncIterator[dict[int, Known]]:
        """What is known of all numbers up to `last`, some at a time."""
        for first in range(1, last + 1, SCANNED):
            yield await self.known(range(first, min(first + SCANNED, last + 1)))

    async def end(self, members: Mapping[int, bytes], at: datetime) -> int:
        """End these numbers' subscriptions by their list, each only if it is in force and has the
        sealed record that stands beside it. Gives how many were ended."""
        places = [place(number) for number in members]
        answer = await self._end(
            keys={
                "gone": GONE,
                "leaves": LEAVES,
                "staff": STAFF,
                "records": [f"notify:members:{bucket}" for bucket, _ in places],
                "left": [f"notify:left:{bucket}" for bucket, _ in places],
                "left_at": [f"notify:left_at:{bucket}" for bucket, _ in places],
            },
            args={
                "at": f"{at.isoformat()} list",
                "numbers": list(members),
                "fields": [field for _, field in places],
                "before": list(members.values()),
            },
        )
        return len(answer.values)

    async def known(self, numbers: Iterable[int]) -> dict[int, Known]:
        """What is known of these numbers. Members who came together lie together, so a bucket is
        asked once for all of its numbers."""
        buckets = {
            bucket: [*group]
            for bucket, group in groupby(sorted(numbers), lambda number: number // BUCKET)
        }
        async with self._redis.pipeline(transaction=False) as pipe:
            for bucket, group in buckets.items():
                fields = [str(place(number)[1]) for number in group]
                for prefix in ("notify:members", "notify:left", "notify:left_at"):
                    pipe.hmget(f"{prefix}:{bucket}", fields)
            answers = iter(await pipe.execute())
        known: dict[int, Known] = {}
        for group in buckets.values():
            for number, sealed, left, how in zip(
                group, next(answers), next(answers), next(answers), strict=True
            ):
                is_erased = left is not None and sealed is None and how is None
                found = Found(number, left is not None, is_erased)
                member = None if sealed is None else self._opened(number, sealed)
                known[number] = Known(found, left_of(how) if how else None, sealed, member)
        return known

    def _opened(self, number: int, sealed: bytes) -> Member | None:
        try:
            return self._members.open(number, sealed)
        except DOES_NOT_OPEN:
            self.unreadable.add(number)
            return None


def _of(held: int, known: Known) -> Known:
    if held > 0:
        return known
    found = Found(-held, known.found.left, known.found.erased, moved=True)
    return Known(found, known.left, known.sealed, known.member)
