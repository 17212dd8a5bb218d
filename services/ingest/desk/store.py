"""Working copies in Redis.

`ingest:desk:copy:{article}` is a working copy, `ingest:desk:copies` lists them by their last save,
`ingest:desk:aside:{article}` has what was typed and not taken because another was faster, and
`ingest:desk:here:{article}` who has the form open.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from redis.asyncio import Redis

from services.ingest.desk.shape import Fields
from services.ingest.lifecycle.submit_article import new_article_id
from services.ingest.people.person import Person
from shared.bus import lua
from shared.bus.streams import text

HERE_SECONDS = 30
"""How long somebody whose browser says nothing more counts as having the form open."""
_COPIES = "ingest:desk:copies"
_HERE = Path(__file__).parent


class SaveWord(StrEnum):
    """The answers of save.lua."""

    SAVED = "saved"
    CONFLICT = "conflict"


class RemoveWord(StrEnum):
    """The answers of remove.lua."""

    REMOVED = "removed"
    NEWER = "newer"


@dataclass(frozen=True)
class WorkingCopy:
    """What is being written of one article."""

    id: str
    """The article's, also before there is an article."""
    version: int
    """Grows with each save, and no number comes twice. 0 if nothing is saved."""
    fields: Fields
    """As they were typed; see shape.py."""
    names: Mapping[str, str]
    """All people who typed in it: their names by their ids, in the order in which they began."""
    by: str
    """Id of whoever saved last."""
    at: datetime
    base: int
    """The number of the revision that it began from; 0 if it is of a new article."""

    @property
    def writers(self) -> tuple[str, ...]:
        """The ids of all people who typed in it."""
        return tuple(self.names)


@dataclass(frozen=True)
class Conflict:
    """Somebody else saved first. What was typed is laid aside."""

    theirs: WorkingCopy | None
    """None if the copy is gone: it became a revision, or was thrown away."""


@dataclass(frozen=True)
class Aside:
    """What somebody typed and could not save, because another's text was there."""

    sitting: str
    by: str
    """A person's id."""
    name: str
    at: datetime
    base: int
    marks: str
    """Of the fields as they were seen before; see differences.py."""
    fields: Fields


class Desk:
    """All working copies. The methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._save = lua.load(redis, _HERE / "save.lua", SaveWord)
        self._remove = lua.load(redis, _HERE / "remove.lua", RemoveWord)

    async def create(self, person: Person, fields: Fields) -> str:
        """Begin a new article with these fields, written by `person`. Gives the id that the
        article will have."""
        article = new_article_id()
        await self.save(article, fields, 0, person, sitting=secrets.token_hex(8))
        return article

    async def find(self, article: str) -> WorkingCopy | None:
        """The working copy of an article; None if nothing was typed since its
        newest revision."""
        return _copy(article, await self._redis.hgetall(_key(article)))

    async def save(
        self,
        article: str,
        fields: Fields,
        version: int,
        person: Person,
        *,
        sitting: str,
        marks: str = "",
        base: int = 0,
    ) -> WorkingCopy | Conflict:
        """Save what `person` typed in the form with the name `sitting`, after having seen
        `version` (0: none), in a text that began from the revision `base`.

        Gives a Conflict, and lays aside what was typed, if somebody else saved meanwhile.
        """
        answer = await self._save(
            keys={"copy": _key(article), "aside": _aside(article), "copies": _COPIES},
            args={
                "id": article,
                "seen": version,
                "person": person.id,
                "name": person.name,
                "sitting": sitting,
                "fields": json.dumps(fields, ensure_ascii=True, sort_keys=True),
                "marks": marks,
                "base": base,
            },
        )
        flat = answer.values[0]
        found = _copy(article, dict(zip(flat[::2], flat[1::2], strict=True)))
        if answer.word is SaveWord.CONFLICT:
            return Conflict(found)
        assert found
        return found

    async def remove(self, copy: WorkingCopy, base: int = 0) -> bool:
        """Remove this working copy, of which revision `base` was made (0: none). False, and it
        stays, if somebody has saved since; their text then counts as begun from that revision."""
        answer = await self._remove(
            keys={"copy": _key(copy.id), "copies": _COPIES},
            args={"id": copy.id, "version": copy.version, "base": base},
        )
        return answer.word is RemoveWord.REMOVED

    async def listed(self, count: int) -> list[tuple[float, str]]:
        """At most `count` articles that are written on, the one that was saved last first: when
        that was, in ms since 1970, and its id."""
        found = cast(
            "list[tuple[bytes, float]]",
            await self._redis.zrange(_COPIES, 0, count - 1, desc=True, withscores=True),
        )
        return [(at, text(article)) for article, at in found]

    async def newest(self, count: int) -> list[WorkingCopy]:
        """At most `count` working copies, the one that was saved last first."""
        return await self.those([article for _, article in await self.listed(count)])

    async def those(self, ids: Sequence[str]) -> list[WorkingCopy]:
        """The working copies of those of these articles that have one, in this order."""
        async with self._redis.pipeline(transaction=False) as all_of_them:
            for article in ids:
                all_of_them.hgetall(_key(article))
            stored = await all_of_them.execute()
        copies = (_copy(article, one) for article, one in zip(ids, stored, strict=True))
        return [copy for copy in copies if copy]

    async def asides(self, article: str) -> list[Aside]:
        """What was typed and not taken, the newest first."""
        stored = await self._redis.hgetall(_aside(article))
        found = [_laid_aside(text(sitting), json.loads(one)) for sitting, one in stored.items()]
        return sorted(found, key=lambda one: one.at, reverse=True)

    async def drop_aside(self, article: str, sitting: str) -> None:
        """Whoever typed it has seen it beside the other text, and chosen."""
        await self._redis.hdel(_aside(article), sitting)

    async def beat(self, article: str, person: str) -> list[str]:
        """The person with this id has the form open. Gives the ids of the others who have."""
        now = datetime.now(UTC).timestamp()
        key = f"ingest:desk:here:{article}"
        async with self._redis.pipeline(transaction=True) as all_of_them:
            all_of_them.zadd(key, {person: now})
            all_of_them.zremrangebyscore(key, "-inf", now - HERE_SECONDS)
            all_of_them.expire(key, HERE_SECONDS)
            all_of_them.zrange(key, 0, -1)
            *_, here = await all_of_them.execute()
        return [one for one in map(text, here) if one != person]


def _key(article: str) -> str:
    return f"ingest:desk:copy:{article}"


def _aside(article: str) -> str:
    return f"ingest:desk:aside:{article}"


def _copy(article: str, stored: Mapping[Any, Any]) -> WorkingCopy | None:
    if not stored:
        return None
    record = {text(name): text(value) for name, value in stored.items()}
    return WorkingCopy(
        id=article,
        version=int(record["version"]),
        fields=json.loads(record["fields"]),
        names={one["id"]: one["name"] for one in json.loads(record["writers"])},
        by=record["by"],
        at=_time(int(record["at"])),
        base=int(record["base"]),
    )


def _laid_aside(sitting: str, record: dict[str, Any]) -> Aside:
    return Aside(
        sitting=sitting,
        by=record["by"],
        name=record["name"],
        at=_time(record["at"]),
        base=int(record["base"]),
        marks=record["marks"],
        fields=json.loads(record["fields"]),
    )


def _time(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
