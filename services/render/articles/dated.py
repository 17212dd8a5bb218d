"""The lists that go by date, and what is to be written again for them, in Redis.

| key | holds |
|---|---|
| `render:in:{list}`, | the articles in it, by day and sequence |
| `render:in:{kind}:{name}` | |
| `render:feed:{kind}:{name}` | of a topic's or a subject's list the 50 that changed last, by time |
| `render:article:{id}` | `order`, its place by date; `topics` and `subjects`, its lists; |
| | `subjects_of`, the version of the list of subjects that they were found by |
| `render:lists` | hash: list of a topic → the sitemap that its page is in |
| `render:to_write` | marks of what is to be written again, by their number |

place.lua keeps the lists and sets the marks, in the step that keeps a revision. A mark is

    list NAME            the pages and feeds of a list
    around NAME ORDER    pages under which articles stand that are near this place in a list
    article ID           what follows from a new revision, beside its page
    page ID              an article's page
    match ID             the lists of the subjects that an alert is about
    sitemap PART         a sitemap
    picture ID           the picture that is shown where an article is shared
    sizes ID             an article's page, and the lists that show one of its pictures
    subjects             what follows from a change of the list of subjects
"""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from services.render.articles.lists import Near, reach, subject_list
from services.render.articles.reads import Read, Reads
from shared.bus import lua
from shared.bus.entry import Op
from shared.revision import Revision

TO_WRITE = "render:to_write"
PREFIX = "render:in:"
FEED_PREFIX = "render:feed:"
COUNTERS = "render:counters"
_LISTS = "render:lists"
_MARKS_AT_ONCE = 500
"""Of marks that are read: somebody who moves a site leaves tens of thousands."""
_ENDS = ("-inf", "+inf")
_HERE = Path(__file__).parent


class Placing(StrEnum):
    """The answers of place_subjects.lua."""

    PLACED = "placed"
    OLDER = "older"


class DatedLists:
    """The methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._reads = Reads(redis)
        self._place = lua.load(redis, _HERE / "place_subjects.lua", Placing)
        self._forget = lua.load(redis, _HERE / "forget_mark.lua", lua.Done)

    async def place_subjects(
        self, article_key: str, revision: Revision, subjects: Sequence[str], version: int
    ) -> None:
        """An alert is about `subjects`, by the list of subjects of that `version`."""
        await self._place(
            keys={"article": article_key, "counters": COUNTERS, "to_write": TO_WRITE},
            args={
                "id": revision.id,
                "prefix": PREFIX,
                "feed_prefix": FEED_PREFIX,
                "changed_seconds": int(revision.at.timestamp()),
                "revision": revision.revision,
                "version": version,
                "lists": [subject_list(subject) for subject in subjects],
            },
        )

    async def newest(self, name: str, count: int) -> list[str]:
        """The ids of the `count` articles in a list with the newest dates, newest first."""
        return texts(await self._redis.zrange(PREFIX + name, 0, count - 1, desc=True))

    async def changed(self, name: str) -> list[str]:
        """The ids of what a list's feed has, newest change first."""
        return texts(await self._redis.zrange(FEED_PREFIX + name, 0, -1, desc=True))

    async def oldest_first(self, name: str) -> list[str]:
        """The ids of all articles in a list."""
        return texts(await self._redis.zrange(PREFIX + name, 0, -1))

    async def count(self, name: str) -> int:
        return int(await self._redis.zcard(PREFIX + name))

    async def near_each(
        self, asked: Sequence[tuple[Sequence[str], int, str]], *also: Read
    ) -> tuple[list[list[Near]], list[list[str]], list[Any]]:
        """For several articles at once. Each is asked for as the lists in which it stands, its
        place in them, and the name of one more list.

        Gives for each what stands near its place, without what stands at it, and the ids of all
        articles in that list, the oldest first; and what Redis answers to what is `also` read.
        """
        places: list[tuple[int, str]] = []
        reads: list[Read] = []
        for at, (names, order, _) in enumerate(asked):
            for name in names:
                for count, to in zip(reach(name), _ENDS, strict=True):
                    if count:
                        places.append((at, name))
                        way: Read = ("BYSCORE", "REV") if to == "-inf" else ("BYSCORE",)
                        limit: Read = ("LIMIT", 0, count, "WITHSCORES")
                        reads.append(("ZRANGE", PREFIX + name, f"({order}", to, *way, *limit))
        reads += [("ZRANGE", PREFIX + name, 0, -1) for _, _, name in asked]
        found = await self._reads.all([*reads, *also])
        near: list[list[Near]] = [[] for _ in asked]
        for (at, name), several in zip(places, found, strict=False):
            pairs = zip(several[::2], several[1::2], strict=True)
            near[at] += [Near(name, id_.decode(), int(float(order))) for id_, order in pairs]
        rest = found[len(places) :]
        return near, [texts(ids) for ids in rest[: len(asked)]], rest[len(asked) :]

    async def shows(self, name: str, order: int) -> list[str]:
        """The articles on whose pages may stand what is at the place `order` of a list."""
        before, after = reach(name)
        key = PREFIX + name
        # What it stands before looks as far back, and the other way round.
        later = await self._redis.zrange(
            key, f"({order}", "+inf", byscore=True, offset=0, num=before
        )
        earlier = await self._redis.zrange(
            key, f"({order}", "-inf", desc=True, byscore=True, offset=0, num=after
        )
        return [*texts(later), *texts(earlier)]

    async def sitemap_of(self, name: str, newest: int) -> int:
        """The number of the sitemap that has the list's page: `newest`, if it is in none yet."""
        await self._redis.hsetnx(_LISTS, name, str(newest))
        return int(await self._redis.hget(_LISTS, name) or newest)

    async def known(self) -> list[str]:
        """All lists of topics that have, or had, a page."""
        return sorted(texts(await self._redis.hkeys(_LISTS)))

    async def marks(self, after: int = 0) -> list[tuple[str, int]]:
        """What is to be written again, with the marks' numbers, the oldest first: some of those
        with a number above `after`, and none only if there are none."""
        found: Any = await self._redis.zrange(
            TO_WRITE, f"({after}", "+inf", byscore=True, offset=0, num=_MARKS_AT_ONCE,
            withscores=True,
        )  # fmt: skip
        return [(mark.decode(), int(number)) for mark, number in found]

    async def mark(self, *marks: str) -> None:
        """Mark what is to be written again."""
        for mark in marks:
            await self._redis.zadd(TO_WRITE, {mark: await self._number()})

    async def new_mark(self, mark: str) -> Op:
        """The write that sets a mark, for a script that does it with others."""
        return "ZADD", TO_WRITE, await self._number(), mark

    async def _number(self) -> int:
        return int(await self._redis.hincrby(COUNTERS, "marks", 1))

    async def forget(self, mark: str, number: int) -> None:
        """What this mark stands for is written, unless it was set again since."""
        await self._forget(keys={"to_write": TO_WRITE}, args={"mark": mark, "number": number})


def texts(reply: Any) -> list[str]:
    return [text.decode() for text in reply]
