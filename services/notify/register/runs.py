"""The syncs of lists in Redis: which list, and when, so that each can be undone for some days.

Which members a sync ended is told by when they were ended: `notify:left_at` has the sync's time.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, cast

from redis.asyncio import Redis

from services.notify.vault.vault import Vault

SYNCS = "notify:syncs"
"""Hash: the time of a sync → the list's name and how far it is, sealed."""
UNDO_DAYS = 30
"""Days in which a sync can be undone."""
_GO_ON_HOURS = 24
"""Hours in which a sync that was broken off is taken up by the next one of the same list."""

Stage = Literal["open", "done", "undone"]


@dataclass(frozen=True)
class Run:
    """One sync of a list."""

    list: str
    at: datetime
    """When it began to end members. Each sync has another time."""
    stage: Stage = "open"


class Runs:
    """The syncs; `vault` seals the names of the lists."""

    def __init__(self, redis: Redis, vault: Vault) -> None:
        self._redis = redis
        self._vault = vault

    async def of(self, name: str) -> list[Run]:
        """The syncs of the last days of this list, the newest first."""
        kept = cast("dict[bytes, bytes]", await self._redis.hgetall(SYNCS))
        runs = [self._run(field.decode(), value) for field, value in kept.items()]
        return sorted(
            (run for run in runs if run.list == name), key=lambda run: run.at, reverse=True
        )

    async def broken_off(self, name: str, now: datetime) -> Run | None:
        """The list's sync that was begun and did not end."""
        for run in await self.of(name):
            if run.stage == "open" and now - run.at < timedelta(hours=_GO_ON_HOURS):
                return run
        return None

    async def to_undo(self, name: str, now: datetime) -> Run | None:
        """The newest sync of the list that can still be undone."""
        for run in await self.of(name):
            if run.stage != "undone" and now - run.at <= timedelta(days=UNDO_DAYS):
                return run
        return None

    async def keep(self, run: Run) -> None:
        """Write down a sync as it is now, and forget those that nobody can undo any more."""
        sealed = self._vault.seal(
            json.dumps({"list": run.list, "stage": run.stage}).encode(), _place(run.at)
        )
        await self._redis.hset(SYNCS, run.at.isoformat(), sealed)
        fields = cast("list[bytes]", await self._redis.hkeys(SYNCS))
        first = run.at - timedelta(days=2 * UNDO_DAYS)
        if old := [one for one in fields if datetime.fromisoformat(one.decode()) < first]:
            await self._redis.hdel(SYNCS, *cast("list[str]", old))

    async def end(self, run: Run, stage: Stage) -> None:
        await self.keep(replace(run, stage=stage))

    def _run(self, field: str, sealed: bytes) -> Run:
        at = datetime.fromisoformat(field)
        stored = json.loads(self._vault.open(sealed, _place(at)))
        return Run(stored["list"], at, stored["stage"])


def _place(at: datetime) -> str:
    return f"sync:{at.isoformat()}"
