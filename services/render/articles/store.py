"""Render's state in Redis: the newest revision of each article, and what lists read.

| key | holds |
|---|---|
| `render:article:{id}` | hash: `revision`, `sequence`, `data`, `teaser`, `emitted` |
| `render:articles` | all articles by sequence, the order of first publication |
| `render:listed` | those that lists show, by sequence |
| `render:changed` | those that lists show, by latest change |
| `render:sitemap:{n}` | hash: path → time of its last change |
| `render:counters` | hash: `articles`, `changes`, `alerts_changed`, `marks`, `day` |
| `render:alert:{id}` | hash: revision → each published revision of an alert |
| `render:warnings` | alerts that hold, by their last day (days since year 1) |
| `render:exercises` | exercises and tests, by latest change |

Beside it: dated.py, change_log.py, seals.py, previews.py, sizes.py, rebuilds.py, and
`render:identity` (shared/frame/kept.py).

`data` and an alert's revisions are compact (shared/compact.py).

The files of the site are projections of this and can all be made from it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from services.render.articles.change_log import ChangeLog
from services.render.articles.dated import (
    COUNTERS,
    FEED_PREFIX,
    PREFIX,
    TO_WRITE,
    DatedLists,
    texts,
)
from services.render.articles.listing import SITEMAP
from services.render.articles.lists import ALL, lists_of
from services.render.articles.page_states import PageStates
from services.render.articles.previews import Previews
from services.render.articles.rebuilds import Rebuilds
from services.render.articles.seals import Seals
from services.render.articles.sizes import Sizes
from services.render.articles.teaser import Teaser
from services.render.articles.teasers import ARTICLE, Teasers
from services.render.subjects.store import SubjectStore
from shared.bus import lua
from shared.compact import compact, json_of
from shared.event_data import Preview
from shared.frame.kept import KeptIdentity
from shared.revision import Revision

_ARTICLES, _LISTED, _CHANGED = "render:articles", "render:listed", "render:changed"
_SITEMAP = "render:sitemap:"
_WARNINGS, _EXERCISES = "render:warnings", "render:exercises"
PREVIEW_DAYS = 30
SKETCH_DAYS = 1


def article_key(article: str) -> str:
    return ARTICLE + article


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
        self.previews = Previews(
            redis, key="render:preview:", articles="render:previews", days=PREVIEW_DAYS
        )
        self.sketches = Previews(
            redis, key="render:sketch:", articles="render:sketches", days=SKETCH_DAYS
        )
        self.seals = Seals(redis)
        self.changes = ChangeLog(redis)
        self.dated = DatedLists(redis)
        self.subjects = SubjectStore(redis)
        self.identity = KeptIdentity(redis, "render:identity")
        self.sizes = Sizes(redis)
        self.rebuilds = Rebuilds(redis)
        self._teasers = Teasers(redis)
        self.pages = PageStates(redis, self.dated, self.subjects, self._teasers)

    async def keep(self, revision: Revision) -> Kept:
        """Store `revision` unless this one or a newer one is stored; of an alert each."""
        teaser, data = Teaser.of(revision), compact(revision.model_dump_json())
        answer = await self._keep(
            keys={
                "article": article_key(revision.id),
                "articles": _ARTICLES,
                "listed": _LISTED,
                "changed": _CHANGED,
                "counters": COUNTERS,
                "alert": _alert_key(revision.id),
                "warnings": _WARNINGS,
                "exercises": _EXERCISES,
                "to_write": TO_WRITE,
            },
            args={
                "id": revision.id,
                "revision": revision.revision,
                "data": data,
                "teaser": teaser.model_dump_json(),
                "is_listed": teaser.listed,
                "is_found": teaser.is_found,
                "sitemap": _SITEMAP,
                "sitemap_size": SITEMAP,
                "path": revision.path,
                "changed_at": teaser.updated_at.isoformat(timespec="seconds"),
                "is_moved": revision.imported,
                "is_alert": revision.article.alert is not None,
                "is_exercise": teaser.mode != "actual",
                "last_day": teaser.last_day.toordinal() if teaser.last_day else None,
                "changed_seconds": int(teaser.updated_at.timestamp()),
                "day": teaser.published_on.toordinal(),
                "prefix": PREFIX,
                "feed_prefix": FEED_PREFIX,
                "lists": lists_of(revision, listed=teaser.listed),
            },
        )
        self.pages.remember(data, revision)
        return Kept(answer.word, answer.values[0])

    async def newest_revision(self, article: str) -> Revision:
        """The newest revision of `article`, which must be stored."""
        data = await self._redis.hget(article_key(article), "data")
        return Revision.model_validate_json(json_of(data))

    async def preview(self, article: str, day: date) -> Preview | None:
        """The preview of `article` that is to be seen on `day`."""
        passed = await self._published(article)
        return await self.previews.shown(article, day, passed=passed)

    async def sketch(self, article: str, day: date) -> Preview | None:
        """What is being written of `article`, if it is to be seen on `day`. It is not once it was
        submitted or published."""
        waiting = await self.preview(article, day)
        submitted = waiting.revision.revision if waiting else 0
        passed = max(submitted, await self._published(article))
        return await self.sketches.shown(article, day, passed=passed)

    async def _published(self, article: str) -> int:
        """The newest published revision; 0 if none is."""
        return int(await self._redis.hget(article_key(article), "revision") or 0)

    async def alert_revision(self, article: str, revision: int) -> Revision:
        """A published revision of an alert, which must be stored."""
        data = await self._redis.hget(_alert_key(article), str(revision))
        return Revision.model_validate_json(json_of(data))

    async def alert_revisions(self, article: str) -> list[int]:
        """The numbers of all published revisions with an alert."""
        return sorted(int(number) for number in await self._redis.hkeys(_alert_key(article)))

    async def valid(self, day: date) -> list[Teaser]:
        """The alerts that hold on `day`, newest change first."""
        ids = await self._redis.zrange(_WARNINGS, day.toordinal(), "+inf", byscore=True)
        valid = [teaser for teaser in await self.teasers(texts(ids)) if teaser.valid_on(day)]
        return sorted(valid, key=lambda teaser: (teaser.updated_at, teaser.id), reverse=True)

    async def ended(self, since: date, before: date) -> list[str]:
        """The ids of alerts whose last day is `since` or a later one `before` that."""
        days = since.toordinal(), before.toordinal() - 1
        return texts(await self._redis.zrange(_WARNINGS, *days, byscore=True))

    async def day(self) -> date | None:
        """The day for which all alerts' pages were marked last; None if they never were."""
        day = await self._redis.hget(COUNTERS, "day")
        return date.fromordinal(int(day)) if day else None

    async def note_day(self, day: date) -> None:
        """The pages of all alerts that ended before `day` are marked, or written."""
        await self._redis.hset(COUNTERS, "day", str(day.toordinal()))

    async def alerts_changed(self) -> datetime | None:
        """When a listed alert last changed; None if there is none."""
        changed = await self._redis.hget(COUNTERS, "alerts_changed")
        return datetime.fromtimestamp(int(changed), UTC) if changed else None

    async def published(self) -> int:
        """How many articles have ever been published; the newest one's sequence number."""
        return int(await self._redis.hget(COUNTERS, "articles") or 0)

    async def articles(self, first: int, last: int) -> list[str]:
        """Ids of all articles with sequence numbers from `first` to `last`."""
        return texts(await self._redis.zrange(_ARTICLES, first, last, byscore=True))

    async def newest(self, count: int) -> list[Teaser]:
        """The `count` listed articles with the newest dates, newest first."""
        return await self.in_list(ALL, count)

    async def in_list(self, name: str, count: int) -> list[Teaser]:
        """The `count` newest of a list that goes by date, newest first."""
        return await self.teasers(await self.dated.newest(name, count))

    async def in_feed(self, name: str) -> list[Teaser]:
        """Those that changed last of a list that has a feed, newest change first."""
        return await self.teasers(await self.dated.changed(name))

    async def latest(self, count: int) -> list[str]:
        """The ids of the `count` listed articles that were published last, newest first."""
        return texts(await self._redis.zrange(_LISTED, 0, count - 1, desc=True))

    async def place_subjects(
        self, revision: Revision, subjects: Sequence[str], version: int
    ) -> None:
        """An alert is about `subjects`, by the list of subjects of that `version`; for lists that
        show it."""
        listed = subjects if Teaser.of(revision).listed else ()
        await self.dated.place_subjects(article_key(revision.id), revision, listed, version)

    async def sequence(self, article: str) -> int:
        """The sequence number of an article, which must be stored."""
        return int(await self._redis.hget(article_key(article), "sequence") or 0)

    async def is_known(self, article: str) -> bool:
        """Whether a revision of it is stored."""
        return bool(await self._redis.hexists(article_key(article), "data"))

    async def lists_of(self, article: str) -> tuple[int, list[str]]:
        """The article's place in the lists that go by date, and the names of those it is in."""
        fields = ("order", "topics", "subjects")
        found: Any = await self._redis.hmget(article_key(article), fields)
        order, *names = found
        return int(order or 0), [one.decode() for text in names for one in (text or b"").split()]

    async def listed(self, first: int, last: int) -> list[Teaser]:
        """The listed articles with sequence numbers from `first` to `last`, newest date first."""
        ids = await self._redis.zrange(_LISTED, last, first, desc=True, byscore=True)
        found = await self.teasers(texts(ids))
        return sorted(found, key=lambda teaser: teaser.published_on, reverse=True)

    async def changed(self, count: int) -> list[Teaser]:
        """The `count` listed articles that changed last, newest change first."""
        ids = await self._redis.zrange(_CHANGED, 0, count - 1, desc=True)
        return await self.teasers(texts(ids))

    async def exercises(self, count: int) -> list[Teaser]:
        """The `count` exercises and tests that changed last, newest change first."""
        ids = await self._redis.zrange(_EXERCISES, 0, count - 1, desc=True)
        return await self.teasers(texts(ids))

    async def is_told_of(self, revision: Revision) -> bool:
        """Whether the page of this revision, or of a newer one, was told to be there."""
        emitted = await self._redis.hget(article_key(revision.id), "emitted")
        return int(emitted or 0) >= revision.revision

    async def sitemap(self, part: int | str) -> dict[str, str]:
        """Paths and times of their last change in the sitemap `part`, in order of path."""
        places: dict[bytes, bytes] = await self._redis.hgetall(f"{_SITEMAP}{part}")  # type: ignore[assignment]
        return {path.decode(): places[path].decode() for path in sorted(places)}

    async def put_in_sitemap(self, part: str, path: str, changed: datetime | None) -> None:
        """That a page changed then, to the second; None if it is gone."""
        key = f"{_SITEMAP}{part}"
        if changed is None:
            await self._redis.hdel(key, path)
        else:
            await self._redis.hset(key, path, changed.isoformat(timespec="seconds"))

    async def teasers(self, ids: Sequence[str]) -> list[Teaser]:
        """The teasers of these articles, with what is known of their pictures. One that cannot be
        read is left out, and is in `spoilt`."""
        found = list((await self._teasers.of(ids)).values())
        sizes = await self.sizes.of(one.picture for one in found if one.picture)
        return [
            one.model_copy(update={"sizes": sizes[one.picture]}) if one.picture in sizes else one
            for one in found
        ]

    @property
    def spoilt(self) -> set[str]:
        """Articles whose teasers cannot be read: no list shows them."""
        return self._teasers.spoilt
