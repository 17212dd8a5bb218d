"""The audit trail in Redis: the lines by number in the hash `ingest:audit`, and how far it goes in
`ingest:audit:head`.

A flow gives `prepare`'s keys and arguments to its script, behind its own, and loads the script with
AUDIT, whose functions take them as they come:

    if not audit_ready(KEYS[n + 1], ARGV[m]) then return 'moved' end
    …
    audit_append(KEYS[n], KEYS[n + 1], ARGV[m + 1])

Where the trail has moved meanwhile, it prepares anew and calls the script again.
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

_AT_ONCE = 1000
"""Lines in one answer of Redis."""


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
    """Raises redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._append = lua.load(redis, _HERE / "append.lua", Appended)

    async def prepare(self, actions: Sequence[TrailAction]) -> Prepared:
        """Entries for `actions`, in this order, that follow what is there now."""
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
        """Write down what has no other write; tries again while others are faster."""
        appended = not actions
        while not appended:
            prepared = await self.prepare(actions)
            answer = await self._append(keys=prepared.keys, args=prepared.args)
            appended = answer.word is Appended.DONE

    async def head(self) -> Head:
        """How far it goes now."""
        stored = cast("bytes | None", await self._redis.get(HEAD))
        if stored is None:
            return Head()
        number, _, sha256 = stored.decode().partition(" ")
        return Head(int(number), sha256)

    async def extent(self) -> tuple[int, Head]:
        """How many lines there are, and then how far the head says that it goes: the head is never
        behind the lines, but where somebody else than Varsel has written."""
        return await self._redis.hlen(ENTRIES), await self.head()

    async def read(self, last: int | None = None) -> AsyncIterator[bytes]:
        """The lines that are there up to number `last`, by default to the end, in order and without
        line ends. What is missing is passed by; see audit.verify."""
        if last is None:
            lines, head = await self.extent()
            last = max(lines, head.number)
        for start in range(1, last + 1, _AT_ONCE):
            numbers = [str(number) for number in range(start, min(start + _AT_ONCE, last + 1))]
            for line in cast("list[bytes | None]", await self._redis.hmget(ENTRIES, numbers)):
                if line is not None:
                    yield line


def _text(head: Head) -> str:
    """As it is stored; empty where nothing is."""
    return f"{head.number} {head.hash}" if head.number else ""
