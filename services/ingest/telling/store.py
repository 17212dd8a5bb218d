"""The tellings in Redis: the hash `ingest:tellings` has them by id, the sorted set
`ingest:tellings:due` when each is looked at."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from redis.asyncio import Redis

from services.ingest.telling.telling import (
    STANDS_AFTER,
    PlannedTelling,
    Telling,
    TellingVerdict,
    mail_telling,
)
from shared.bus import lua
from shared.bus.entry import Op
from shared.bus.streams import text
from shared.events import PeopleToBeTold

TELLINGS = "ingest:tellings"
DUE = "ingest:tellings:due"
KEYS = {"tellings": TELLINGS, "tellings_due": DUE}
"""The keys that a script needs if it stands on telling.lua."""


class Tell(StrEnum):
    """The answers of tell_people.lua."""

    DONE = "done"
    MOVED = "moved"


@dataclass(frozen=True)
class DueTelling:
    """A telling whose time has come."""

    id: str
    due_ms: int
    stored: str
    """As it is kept; empty if nothing is."""

    @property
    def telling(self) -> Telling | None:
        return Telling.model_validate_json(self.stored) if self.stored else None

    @property
    def due(self) -> datetime:
        return datetime.fromtimestamp(self.due_ms / 1000, UTC)


class Tellings:
    """Its methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._tell = lua.load(redis, Path(__file__).with_name("tell_people.lua"), Tell)

    async def due(self, count: int) -> tuple[list[DueTelling], datetime]:
        """At most `count` tellings whose time has come, the longest due first; and the time by
        Redis's clock."""
        seconds, micros = await self._redis.time()
        now = datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)
        found = cast(
            "list[tuple[bytes, float]]",
            await self._redis.zrange(
                DUE,
                "-inf",
                str(math.floor(now.timestamp() * 1000)),
                byscore=True,
                offset=0,
                num=count,
                withscores=True,
            ),
        )
        if not found:
            return [], now
        stored = await self._redis.hmget(TELLINGS, [text(id_) for id_, _ in found])
        return [
            DueTelling(text(id_), int(due), text(one or b""))
            for (id_, due), one in zip(found, stored, strict=True)
        ], now

    async def standing(self, articles: Sequence[str]) -> set[str]:
        """Those of these articles, or notices, whose mail stands, as staff were told."""
        if not articles:
            return set()
        stored = await self._redis.hmget(TELLINGS, [mail_telling(one) for one in articles])
        return {
            article
            for article, one in zip(articles, stored, strict=True)
            if one and Telling.model_validate_json(one).times
        }

    async def settle(
        self, one: DueTelling, judged: TellingVerdict, event: PeopleToBeTold | None
    ) -> bool:
        """Write `event`, if there is one, and what becomes of the telling. False, and nothing is
        written, if something has happened since it was read."""
        answer = await self._tell(
            keys=KEYS | {"stream": "control"},
            args={
                "id": one.id,
                "before": one.stored,
                "due": one.due_ms,
                "after": judged.after.model_dump_json() if judged.after else "",
                "again": _ms(judged.at) if judged.at else None,
                "event": lua.fields(event) if event else "",
            },
        )
        return answer.word is Tell.DONE


def planned(tellings: Sequence[PlannedTelling]) -> list[list[Any]]:
    """What telling.lua keeps."""
    return [[one.id, one.telling.model_dump_json(), _ms(one.at)] for one in tellings]


def look_at_mail(article: str, at: datetime, *, stands: bool) -> Op:
    """What a script writes once a delivery of the article has told how it is at that time: somebody
    looks soon whether staff are to hear of it."""
    due = at + STANDS_AFTER if stands else at
    return ("ZADD", DUE, "LT", _ms(due), mail_telling(article))


def _ms(at: datetime) -> str:
    """Milliseconds since 1970, rounded up: never before `at`."""
    return str(math.ceil(at.timestamp() * 1000))
