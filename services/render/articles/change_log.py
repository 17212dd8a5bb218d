"""The changes that followers ask for, in Redis: one for each revision whose page is there, in the
order in which they were told.

| key | holds |
|---|---|
| `render:changes` | zset: the names of changes by their place |
| `render:changes:exercises` | the same of exercises and tests |
| `render:changes:said` | hash: name of a change → what is told of it, as JSON with paths |
| `render:counters` | `told`, the last place that was given; `told_from`, once what was |
| | published before there were changes is among them |

A place is given by the step that emits the page's event, which Redis does as one. So whoever has
seen a place has seen, or can ask for, all before it. No place leaves this module: after a backup
was put back the same ones are given again. What followers keep is the name of a change, and that
is never given twice (shared/for_followers.py).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from redis.asyncio import Redis

from services.render.articles.dated import COUNTERS, texts
from shared.bus.entry import AnswerBefore, Op
from shared.events import PageEvent
from shared.for_followers import HeardBy, change_id, change_told, heard_by
from shared.revision import Revision

_LOGS: dict[HeardBy, str] = {"all": "render:changes", "exercises": "render:changes:exercises"}
_SAID = "render:changes:said"
_BEFORE = -1_000_000_000
"""Where the places begin of what was published before there were changes."""


class UnknownChange(Exception):
    """No change of this name was told, as far as is known here."""


@dataclass(frozen=True)
class Changes:
    """Some of what was told, oldest first."""

    told: Sequence[dict[str, Any]]
    """With paths in the place of addresses."""
    last: str | None
    """The name to go on from; none if nothing was told ever."""
    is_more: bool


class ChangeLog:
    """The methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    @staticmethod
    def writes(event: PageEvent) -> list[Op]:
        """The writes by which the page of `event` is told of, to be done with its event."""
        heard = heard_by(event.data)
        if heard is None:
            return []
        name = change_id(event.data)
        return [
            ("HSET", _SAID, name, _json(event.data, event.type, event.time)),
            ("HINCRBY", COUNTERS, "told", 1),
            ("ZADD", _LOGS[heard], AnswerBefore.NUMBER, name),
        ]

    async def after(self, heard: HeardBy, name: str | None, most: int) -> Changes:
        """At most `most` changes after the one with this name; without a name from the first.
        UnknownChange if there is none of this name."""
        place: Any = "-inf"
        if name is not None:
            found = await self._redis.zscore(_LOGS[heard], name)
            if found is None:
                raise UnknownChange
            place = f"({int(found)}"
        names = texts(
            await self._redis.zrange(
                _LOGS[heard], place, "+inf", byscore=True, offset=0, num=most + 1
            )
        )
        shown = names[:most]
        said: list[bytes | None] = await self._redis.hmget(_SAID, shown) if shown else []  # type: ignore[assignment]
        return Changes(
            [json.loads(one) for one in said if one],
            shown[-1] if shown else name,
            len(names) > most,
        )

    async def newest(self, heard: HeardBy) -> str | None:
        """The name of the newest change; none if there is none."""
        names = texts(await self._redis.zrange(_LOGS[heard], 0, 0, desc=True))
        return names[0] if names else None

    async def is_whole(self) -> bool:
        """Whether what was published before there were changes is among them."""
        return bool(await self._redis.hexists(COUNTERS, "told_from"))

    async def put_before(self, revision: Revision, sequence: int) -> None:
        """Put a revision that was published before there were changes before all of them; nothing
        if it is among them. Nobody may be answered before `note_whole`: who asked in between would
        miss it."""
        heard, name = heard_by(revision), change_id(revision)
        if heard is None:
            return
        withdrawn = revision.change is not None and revision.change.kind == "withdrawal"
        type_ = "page.withdrawn" if withdrawn else "page.published"
        await self._redis.hsetnx(_SAID, name, _json(revision, type_, revision.at))
        await self._redis.zadd(_LOGS[heard], {name: _BEFORE + sequence}, nx=True)

    async def note_whole(self) -> None:
        """All that was published before is among the changes."""
        await self._redis.hset(COUNTERS, "told_from", "1")


def _json(revision: Revision, type_: str, at: datetime) -> str:
    told = change_told(revision, type_, at)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
