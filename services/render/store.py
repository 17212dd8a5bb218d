"""Render's state in Redis: the newest revision of each article, and what lists read.

| key | holds |
|---|---|
| `render:article:{id}` | hash: `revision`, `sequence`, `data`, `teaser`, `emitted` |
| `render:articles` | all articles by sequence, the order of first publication |
| `render:listed` | those that lists show, by sequence |
| `render:changed` | those that lists show, by latest change |
| `render:sitemap:{n}` | hash: path → time of its last change |
| `render:counters` | hash: `articles`, `changes`, `alerts_changed` |
| `render:alert:{id}` | hash: revision → each published revision of an alert |
| `render:warnings` | alerts that hold, by their last day (days since year 1) |

Beside it: seals.py, previews.py.

The files of the site are projections of this and can all be made from it again.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from services.render.listing import SITEMAP
from services.render.previews import Previews
from services.render.seals import Seals
from services.render.teaser import Teaser
from shared.bus import lua
from shared.events import Preview
from shared.revision import Revision

_ARTICLES, _LISTED, _CHANGED = "render:articles", "render:listed", "render:changed"
_COUNTERS, _SITEMAP = "render:counters", "render:sitemap:"
_WARNINGS = "render:warnings"


def article_key(article: str) -> str:
    return f"render:article:{article}"


def _alert_key(article: str) -> str:
    return f"render:alert:{article}"


class Keeping(StrEnum):
    """The answers of store_revision.lua."""

    NEWER = "newer"
    SAME = "same"
    OLDER = "older"


@dataclass(frozen=True)
class Kept:
    """What became of a revision that was handed to `Store.keep`."""

    outcome: Keeping
    """Beside what was stored before."""
    sequence: int


class Store:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._keep = lua.load(redis, Path(__file__).with_name("store_revision.lua"), Keeping)
        self.previews = Previews(redis)
        self.seals = Seals(redis)

    async def keep(self, revision: Revision) -> Kept:
        """Store `revision` unless this one or a newer one is stored; of an alert each."""
        teaser = Teaser.of(revision)
        answer = await self._keep(
            keys={
                "article": article_key(revision.id),
                "articles": _ARTICLES,
                "listed": _LISTED,
                "changed": _CHANGED,
                "counters": _COUNTERS,
                "alert": _alert_key(revision.id),
                "warnings": _WARNINGS,
            },
            args={
                "id": revision.id,
                "revision": revision.revision,
                "data": revision.model_dump_json(),
                "teaser": teaser.model_dump_json(),
                "is_listed": teaser.listed,
                "sitemap": _SITEMAP,
                "sitemap_size": SITEMAP,
                "path": revision.path,
                "changed_at": teaser.updated_at.isoformat(timespec="seconds"),
                "is_alert": revision.article.alert is not None,
                "last_day": teaser.last_day.toordinal() if teaser.last_day else None,
                "changed_seconds": int(teaser.updated_at.timestamp()),
            },
        )
        return Kept(answer.word, answer.values[0])

    async def newest_revision(self, article: str) -> Revision:
        """The newest revision of `article`, which must be stored."""
        data = await self._redis.hget(article_key(article), "data")
        return Revision.model_validate_json(data or b"")

    async def preview(self, article: str, day: date) -> Preview | None:
        """The preview of `article` that is to be seen on `day`."""
        published = await self._redis.hget(article_key(article), "revision")
        return await self.previews.shown(article, day, published=int(published or 0))

    async def alert_revision(self, article: str, revision: int) -> Revision:
        """A published revision of an alert, which must be stored."""
        data = await self._redis.hget(_alert_key(article), str(revision))
        return Revision.model_validate_json(data or b"")

    async def alert_revisions(self, article: str) -> list[int]:
        """The numbers of all published revisions with an alert."""
        return sorted(int(number) for number in await self._redis.hkeys(_alert_key(article)))

    async def valid(self, day: date) -> list[Teaser]:
        """The alerts that hold on `day`, newest change first."""
        ids = await self._redis.zrange(_WARNINGS, day.toordinal(), "+inf", byscore=True)
        valid = [teaser for teaser in await self._teasers(_ids(ids)) if teaser.valid_on(day)]
        return sorted(valid, key=lambda teaser: (teaser.updated_at, teaser.id), reverse=True)

    async def alerts_changed(self) -> datetime | None:
        """When a listed alert last changed; None if there is none."""
        changed = await self._redis.hget(_COUNTERS, "alerts_changed")
        return datetime.fromtimestamp(int(changed), UTC) if changed else None

    async def published(self) -> int:
        """How many articles have ever been published; the newest one's sequence number."""
        return int(await self._redis.hget(_COUNTERS, "articles") or 0)

    async def articles(self, first: int, last: int) -> list[str]:
        """Ids of all articles with sequence numbers from `first` to `last`."""
        return _ids(await self._redis.zrange(_ARTICLES, first, last, byscore=True))

    async def sequence(self, article: str) -> int:
        """The article's sequence number; if it was never published, the next one."""
        sequence = await self._redis.hget(article_key(article), "sequence")
        return int(sequence) if sequence else await self.published() + 1

    async def newest(self, count: int) -> list[Teaser]:
        """The `count` listed articles published last, newest first."""
        return await self._teasers(_ids(await self._redis.zrange(_LISTED, 0, count - 1, desc=True)))

    async def before(self, sequence: int, count: int) -> list[Teaser]:
        """The up to `count` listed articles published just before `sequence`, newest first."""
        ids = await self._redis.zrange(
            _LISTED, f"({sequence}", "-inf", desc=True, byscore=True, offset=0, num=count
        )
        return await self._teasers(_ids(ids))

    async def after(self, sequence: int, count: int) -> list[str]:
        """Ids of the up to `count` listed articles published just after `sequence`."""
        return _ids(
            await self._redis.zrange(
                _LISTED, f"({sequence}", "+inf", byscore=True, offset=0, num=count
            )
        )

    async def listed(self, first: int, last: int) -> list[Teaser]:
        """The listed articles with sequence numbers from `first` to `last`, newest first."""
        ids = await self._redis.zrange(_LISTED, last, first, desc=True, byscore=True)
        return await self._teasers(_ids(ids))

    async def changed(self, count: int) -> list[Teaser]:
        """The `count` listed articles that changed last, newest change first."""
        ids = await self._redis.zrange(_CHANGED, 0, count - 1, desc=True)
        return await self._teasers(_ids(ids))

    async def sitemap(self, part: int) -> dict[str, str]:
        """Paths and times of their last change in sitemap number `part`, in order of path."""
        places: dict[bytes, bytes] = await self._redis.hgetall(f"{_SITEMAP}{part}")  # type: ignore[assignment]
        return {path.decode(): places[path].decode() for path in sorted(places)}

    async def _teasers(self, ids: list[str]) -> list[Teaser]:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for article in ids:
                pipeline.hget(article_key(article), "teaser")
            return [Teaser.model_validate_json(teaser) for teaser in await pipeline.execute()]


def _ids(reply: Any) -> list[str]:
    return [article.decode() for article in reply]
