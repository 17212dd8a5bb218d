"""The notices in Redis: the hash `ingest:notices`, by id."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import cast

from redis.asyncio import Redis

from services.ingest.audit.trail import Prepared
from services.ingest.notices.notice import StoredNotice
from services.ingest.telling import store as tellings
from services.ingest.telling.telling import PlannedTelling
from shared.bus import lua
from shared.events import NoticeApproved

_NOTICES = "ingest:notices"


class NoticeKept(StrEnum):
    """The answers of keep.lua."""

    DONE = "done"
    MOVED = "moved"


class Notices:
    """Its methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._keep = lua.load(redis, Path(__file__).with_name("keep.lua"), NoticeKept)

    async def find(self, notice: str) -> StoredNotice | None:
        """The notice with this id; None if there is none."""
        found = cast("bytes | None", await self._redis.hget(_NOTICES, notice))
        return StoredNotice.model_validate_json(found) if found else None

    async def all(self) -> list[StoredNotice]:
        """All notices, the newest first. There are few: each tells of a breach."""
        found = cast("list[bytes]", await self._redis.hvals(_NOTICES))
        notices = map(StoredNotice.model_validate_json, found)
        return sorted(notices, key=lambda notice: notice.at, reverse=True)

    async def keep(
        self,
        before: StoredNotice | None,
        after: StoredNotice,
        trail: Prepared,
        event: NoticeApproved | None,
        telling: Sequence[PlannedTelling] = (),
    ) -> bool:
        """Keep `after` in the place of `before`, with the entries of `trail` and what staff may
        have to be told, and emit `event`, if there is one. False, and nothing is written, if
        another step came first."""
        answer = await self._keep(
            keys={"notices": _NOTICES, "stream": "control", **tellings.KEYS, **trail.keys},
            args={
                "id": after.id,
                "before": before.model_dump_json() if before else "",
                "after": after.model_dump_json(),
                "event": lua.fields(event) if event else "",
                "tellings": tellings.planned(telling),
            }
            | trail.args,
        )
        return answer.word is NoticeKept.DONE
