"""The audit trail in Redis.

The hash `ingest:audit` has the lines by number, `ingest:audit:head` how far they go.

A script that writes to the trail names audit.lua in its first line. Its caller adds the keys
and arguments that `prepare` gives to its own. If the trail has moved meanwhile, the script writes
nothing; its caller prepares again and calls it again.
"""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import cast

from redis.asyncio import Redis

from services.ingest.audit.entries import Head, TrailAction, TrailEntry
from shared.bus import lua

_HERE = Path(__file__).parent
ENTRIES = "ingest:audit"
HEAD = "ingest:audit:head"

_LINES_AT_ONCE = 1000
"""How many lines Redis gives in one answer."""


@dataclass(frozen=True)
class Prepared:
    """The keys and arguments of audit.lua, for the script that stands on it."""

    keys: dict[str, str]
    args: dict[str, str]


class Appended(StrEnum):
    """The answers of append.lua."""

    DONE = "done"
    MOVED = "moved"


class Trail:
    """The trail of the whole system. Its methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._append = lua.load(redis, _HERE / "append.lua", Appended)

    async def prepare(self, actions: Sequence[TrailAction]) -> Prepared:
        """The entries of `actions`, in this order, as they follow the trail as it is now. A script
        that finds that the trail has moved writes nothing; then prepare again."""
        first = await self.head()
        head, now = first, datetime.now(UTC)
        parts: list[str | int] = []
        for action in actions:
            entry = TrailEntry.after(head, action, now)
            parts += [entry.number, entry.line.decode()]
            head = entry.head
        return Prepared(
            {"trail": ENTRIES, "trail_head": HEAD},
            {
                "trail_head": _text(first),
                "trail_entries": json.dumps([_text(head), *parts]),
            },
        )

    async def append(self, actions: Sequence[TrailAction]) -> None:
        """Write entries that no other script writes. Tries again while others are faster."""
        appended = not actions
        while not appended:
            prepared = await self.prepare(actions)
            answer = await self._append(keys=prepared.keys, args=prepared.args)
            appended = answer.word is Appended.DONE

    async def head(self) -> Head:
        """How far the trail goes now."""
        stored = cast("bytes | None", await self._redis.get(HEAD))
        if stored is None:
            return Head()
        number, _, sha256 = stored.decode().partition(" ")
        return Head(int(number), sha256)

    async def extent(self) -> tuple[int, Head]:
        """How many lines there are, and how far the head says that they go. The head is behind the
        lines only if somebody other than Varsel has written."""
        return await self._redis.hlen(ENTRIES), await self.head()

    async def between(self, first: int, last: int) -> list[tuple[int, bytes | None]]:
        """The lines with these numbers, from `first` to `last`; None for one that is missing."""
        numbers = range(first, last + 1)
        if not numbers:
            return []
        names = [str(number) for number in numbers]
        found = cast("list[bytes | None]", await self._redis.hmget(ENTRIES, names))
        return list(zip(numbers, found, strict=True))

    async def read(self, last: int | None = None) -> AsyncIterator[bytes]:
        """The lines up to number `last` (by default all), in order, without line ends. Missing ones
        are left out; `entries.verify` finds them."""
        if last is None:
            lines, head = await self.extent()
            last = max(lines, head.number)
        for start in range(1, last + 1, _LINES_AT_ONCE):
            numbers = [
                str(number) for number in range(start, min(start + _LINES_AT_ONCE, last + 1))
            ]
            for line in cast("list[bytes | None]", await self._redis.hmget(ENTRIES, numbers)):
                if line is not None:
                    yield line


def _text(head: Head) -> str:
    """The head as it is stored. Empty if the trail has no entry."""
    return f"{head.number} {head.hash}" if head.number else ""
