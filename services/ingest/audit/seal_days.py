"""Seals the audit trail: the last entry's hash of each Norwegian day goes out as an event.

The site shows these roots. People who have noted one can tell later whether anything was changed.
"""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.ingest.audit.entries import Head, TrailEntry
from services.ingest.audit.trail import ENTRIES, Trail
from shared import log
from shared.bus import lua
from shared.event_data import Seal
from shared.events import AuditSealed
from shared.trace import new_traceparent

SEALED = "ingest:audit:sealed"
"""The last day that was sealed, as `2026-09-01`."""

_HERE = Path(__file__).parent
_OSLO = ZoneInfo("Europe/Oslo")
_DAY = timedelta(days=1)
_LOOK_SECONDS = 60.0
"""From look to look. Midnight is not waited for: a machine may sleep, and its clock may be set."""


class Sealing(StrEnum):
    """The answers of seal.lua."""

    DONE = "done"
    MOVED = "moved"


class SealDays:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._trail = Trail(redis)
        self._script = lua.load(redis, _HERE / "seal.lua", Sealing)
        self._unreadable: int | None = None

    async def daily(self) -> None:
        """Seal each day that ends, until cancelled. Days that were missed are sealed, too. Several
        processes may do this at once."""
        while True:
            try:
                await self(datetime.now(_OSLO).date())
                self._unreadable = None
            except UnreadableError as error:
                if self._unreadable is None:
                    log.get("ingest").error("audit_not_sealed", number=error.number)
                self._unreadable = error.number
            except RedisError:  # the bus tells
                pass
            await asyncio.sleep(_LOOK_SECONDS)

    def problems(self) -> list[str]:
        """For health: what keeps days from being sealed."""
        if self._unreadable is None:
            return []
        return [f"audit entry {self._unreadable} missing or unreadable"]

    async def __call__(self, today: date) -> None:
        """Seal the days before `today` that are not sealed yet, from the day of the first entry on.

        Raises UnreadableError if an entry that is needed for it is missing, and redis-py's errors.
        """
        while True:
            sealed = cast("bytes | None", await self._redis.get(SEALED))
            head = await self._trail.head()
            if head.number == 0:
                return
            day = date.fromisoformat(sealed.decode()) + _DAY if sealed else await self._day(1)
            if day >= today:
                return
            event = _sealed(day, await self._until(day, head))
            await self._script(
                keys={"sealed": SEALED, "stream": "articles"},
                args={
                    "before": sealed,
                    "day": day.isoformat(),
                    "event": lua.fields(event),
                },
            )

    async def _until(self, day: date, head: Head) -> Head:
        """How far the trail went at the end of `day`. The entries up to `head` are searched."""
        low, high = 0, head.number
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if await self._day(middle) <= day else (low, middle - 1)
        return (await self._entry(low)).head if low else Head()

    async def _day(self, number: int) -> date:
        return datetime.fromisoformat((await self._entry(number)).time).astimezone(_OSLO).date()

    async def _entry(self, number: int) -> TrailEntry:
        line = cast("bytes | None", await self._redis.hget(ENTRIES, str(number)))
        try:
            return TrailEntry.of(line or b"")
        except (json.JSONDecodeError, UnicodeDecodeError, TypeError):
            raise UnreadableError(number) from None


class UnreadableError(Exception):
    """An entry is missing or unreadable: somebody other than Varsel has written in the trail."""

    def __init__(self, number: int) -> None:
        super().__init__(f"entry {number}")
        self.number = number


def _sealed(day: date, root: Head) -> AuditSealed:
    return AuditSealed(
        id=f"audit.{day}.audit.sealed",
        source="/varsel/ingest",
        subject="audit",
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=Seal(day=day, entries=root.number, root=root.hash),
    )
