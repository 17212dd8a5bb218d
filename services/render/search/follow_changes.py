"""Keeps the index in step with the site: follows `pages`, where render says that a page is there.

So nothing waits for the index, and whatever is in it has a page. Each machine has an index and a
place of its own. One that is new, damaged, of other data or behind what `pages` still has is made
anew from Redis: the newest articles first, while what changes meanwhile goes before them.
"""

import asyncio
import time
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.render.articles.store import Store
from services.render.search.find import Searcher
from services.render.search.index import Damaged, IndexPlace, SearchIndex, Unwritable
from services.render.search.texts import Text, names_of, searched
from services.render.subjects.store import SubjectStore
from shared import log
from shared.bus.epoch import Epoch
from shared.revision import Revision

_log = log.get("render")
_STREAM = "pages"
_LOOK_SECONDS = 0.25
"""How often `pages` is looked at: a change is to be found within a second."""
_RETRY_SECONDS = 2.0
_CHANGES = 20
"""Events that are taken at once."""
_WALKED = 20
"""Articles of which an index that is made anew takes so many at once."""
_NAMES_LOOKS = 8
"""Subjects are looked at every so many looks."""
_START = "0-0"
_TYPES = (b"page.published", b"page.withdrawn")


class SearchKeeper:
    """Looks after the index of this machine."""

    def __init__(
        self,
        redis: Redis,
        epoch: Epoch,
        *,
        store: Store,
        subjects: SubjectStore,
        index: SearchIndex,
        searcher: Searcher,
    ) -> None:
        self._redis = redis
        self._epoch = epoch
        self._store = store
        self._subjects = subjects
        self._index = index
        self._searcher = searcher
        self._place: IndexPlace | None = None
        self._generation = ""
        self._names: int | None = None
        self._looks = 0
        self._waits_for: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all articles are in the index, as far as this process knows."""
        return self._place is not None and self._place.walk == 0

    def problems(self) -> list[str]:
        return [f"search not written: {self._waits_for}"] if self._waits_for else []

    async def follow(self) -> None:
        """Keep the index in step. Never returns. What goes wrong with it delays only the search."""
        is_checked = False
        while True:
            try:
                if not is_checked:
                    await self._check()
                    is_checked = True
                while await self._polite_step():
                    pass
                self._waits_for = None
            except Damaged:
                _log.warning("search_damaged")
                self._place = None
                await self._remake_or_wait()
            except Unwritable as error:
                self._wait_for(str(error))
            except (RedisError, OSError) as error:
                self._wait_for(type(error).__name__)
            await asyncio.sleep(_RETRY_SECONDS if self._waits_for else _LOOK_SECONDS)

    async def step(self) -> bool:
        """Take what is next; whether there may be more. Damaged, Unwritable, redis-py's errors."""
        if self._searcher.is_damaged.is_set():
            self._searcher.is_damaged.clear()
            raise Damaged
        if not self._index.path.exists():
            self._place = None
        self._generation = await asyncio.to_thread(self._index.generation)
        place = self._place = self._place or await asyncio.to_thread(self._index.place)
        entries = await self._entries(place.mark) if place else None
        if place is None or entries is None or place.epoch != self._epoch.id:
            await self._make_anew()
            return True
        await self._know_names()
        if entries:
            return await self._take_changes(place, entries)
        return bool(place.walk) and await self._walk(place)

    async def _polite_step(self) -> bool:
        """A step, and as long a rest: whoever publishes meanwhile gets half of the time."""
        began = time.monotonic()
        is_more = await self.step()
        await asyncio.sleep(time.monotonic() - began if is_more else 0)
        return is_more

    async def _check(self) -> None:
        self._generation = await asyncio.to_thread(self._index.generation)
        if self._index.path.exists():
            await asyncio.to_thread(self._index.check)

    async def _remake_or_wait(self) -> None:
        try:
            await self._make_anew()
        except Unwritable as error:
            self._wait_for(str(error))
        except (RedisError, OSError, Damaged) as error:
            self._wait_for(type(error).__name__)

    async def _make_anew(self) -> None:
        last = await self._redis.xrevrange(_STREAM, count=1)
        mark = _text(last[0][0]) if last else _START
        # Read after the mark: what comes in between is read twice, and nothing is left out.
        place = IndexPlace(mark=mark, epoch=self._epoch.id, walk=await self._store.published())
        self._place = self._names = None  # perhaps another process was first
        if await asyncio.to_thread(self._index.make_anew, place, self._generation):
            _log.info("search_made_anew", articles=place.walk)

    async def _entries(self, mark: str) -> list[Any] | None:
        """What came after `mark`; None if the stream no longer reaches back so far."""
        found = await self._redis.xrange(_STREAM, min=mark, count=_CHANGES + 1)
        if found and _text(found[0][0]) == mark:
            return list(found[1:])
        return [] if not found and mark == _START else None

    async def _take_changes(self, place: IndexPlace, entries: list[Any]) -> bool:
        articles = [
            _text(fields[b"subject"])
            for _, fields in entries
            if fields.get(b"type") in _TYPES and b"subject" in fields
        ]
        after = replace(place, mark=_text(entries[-1][0]))
        await self._write(place, after, list(dict.fromkeys(articles)))
        return True

    async def _walk(self, place: IndexPlace) -> bool:
        first = max(place.walk - _WALKED + 1, 1)
        articles = await self._store.articles(first, place.walk)
        after = replace(place, walk=first - 1)
        await self._write(place, after, articles)
        if after.walk == 0:
            _log.info("search_whole")
        return True

    async def _write(self, before: IndexPlace, after: IndexPlace, articles: list[str]) -> None:
        revisions = [found for article in articles if (found := await self._revision(article))]
        await self._epoch.check()

        def write() -> bool:
            texts: list[Text] = []
            gone: list[str] = []
            for revision in revisions:
                text = searched(revision)
                if text:
                    texts.append(text)
                else:
                    gone.append(revision.id)
            return self._index.go_on(before, after, texts, gone)

        # Another process may have been first: its place counts then.
        self._place = after if await asyncio.to_thread(write) else None

    async def _revision(self, article: str) -> Revision | None:
        """The newest revision; None if what Redis holds of it cannot be read."""
        try:
            return await self._store.newest_revision(article)
        except ValidationError:
            _log.error("search_skipped", article=article)
            return None

    async def _know_names(self) -> None:
        """Have the names of subjects in the index, if they have changed."""
        self._looks += 1
        if self._names is not None and self._looks % _NAMES_LOOKS:
            return
        version = await self._subjects.version()
        if version != self._names:
            names = [pair for subject in await self._subjects.all() for pair in names_of(subject)]
            await asyncio.to_thread(self._index.set_names, names)
            self._names = version

    def _wait_for(self, reason: str) -> None:
        self._place = None
        if reason != self._waits_for:
            _log.warning("search_waits", reason=reason)
        self._waits_for = reason


def _text(value: bytes | str | None) -> str:
    return value.decode() if isinstance(value, bytes) else value or ""
