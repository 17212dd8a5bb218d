"""Searches: an index, what somebody typed and a day become what is shown. Each ends in time."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from services.render.articles.teaser import Teaser
from services.render.search import query
from services.render.search.index import Damaged, SearchIndex, Unwritable

LIMIT_SECONDS = 0.2
"""How long a search may take."""
SHOWN = 30
"""Articles on a page of results."""
FIRST_ALERTS = 3
"""Alerts that hold, at most, before all else."""
SUGGESTED = 6
"""Suggestions for what is being typed."""
_AT_ONCE = 2
"""Searches that run side by side."""
_MOST_WAITING = 20
"""Searches that wait for others; more are refused."""
_STEPS = 1000
"""SQLite's steps between two looks at the clock."""
_ENOUGH = 10
"""Articles that have all that was typed, from which on no others are looked for."""
_WEIGHTS = "8.0, 6.0, 3.0, 1.0, 3.0, 0.6"
"""How much a hit counts in each column of `found`, in their order."""
_T = TypeVar("_T")


class SearchTooSlow(Exception):
    """The search took too long and was ended."""


class TooManySearches(Exception):
    """Too many searches wait already."""


@dataclass(frozen=True)
class SearchResult:
    """What somebody gets to see."""

    alerts: tuple[Teaser, ...] = ()
    """Alerts that hold and have all that was typed in their title, lead or names."""
    teasers: tuple[Teaser, ...] = ()
    """The others, the best first."""
    some: tuple[Teaser, ...] = ()
    """What has some of the words only."""
    day: date = date.min
    """The day on which they hold or do not."""
    is_more: bool = False
    """Whether more have all the words than are shown."""
    meant: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[Teaser, ...]:
        return (*self.alerts, *self.teasers, *self.some)

    @property
    def warns(self) -> bool:
        """Whether an alert that holds is among them."""
        return any(teaser.valid_on(self.day) for teaser in self.all)

    def told_apart(self, teasers: tuple[Teaser, ...]) -> tuple[list[Teaser], list[Teaser]]:
        """Some of them: news and alerts that hold, and alerts that do not."""
        over = [one for one in teasers if one.severity and not one.valid_on(self.day)]
        return [one for one in teasers if one not in over], over


def find(base: sqlite3.Connection, text: str, day: date) -> SearchResult:
    """The articles that `text` asks for, as they are on `day`."""
    asked = query.understood(base, text)
    if not asked.groups:
        return SearchResult(meant=asked.meant, unknown=asked.unknown)
    own, wide, begun = query.whole_matches(asked)
    best: dict[int, int] = {}
    strict = 0
    first: list[Teaser] = []

    def look(match: str, enough: int) -> None:
        if len(best) < enough:
            for number in _numbers(base, match, SHOWN + 1):
                best.setdefault(number, len(best))

    try:
        first = _holding(base, wide, day)
        for match, enough in ((own, SHOWN), (wide, SHOWN), (begun, _ENOUGH)):
            look(match, enough)
            strict = len(best)
        for match in query.part_matches(asked):
            look(match, _ENOUGH)
    except sqlite3.OperationalError:
        if not best:
            raise
        base.set_progress_handler(None, 0)  # what is found is shown: that takes no more time
    numbers = list(best)[: SHOWN + 1]
    teasers = _teasers(base, numbers[:SHOWN])
    ids = {teaser.id for teaser in first}
    others = {n: t for n, t in teasers.items() if t.id not in ids}
    return SearchResult(
        alerts=tuple(first),
        teasers=tuple(t for n, t in others.items() if best[n] < strict),
        some=tuple(t for n, t in others.items() if best[n] >= strict),
        day=day,
        is_more=strict > SHOWN,
        meant=asked.meant,
        unknown=asked.unknown,
    )


def _numbers(base: sqlite3.Connection, match: str, limit: int) -> list[int]:
    rows = base.execute(
        f"SELECT rowid FROM found WHERE found MATCH ? ORDER BY bm25(found, {_WEIGHTS}), "  # noqa: S608
        "rowid DESC LIMIT ?",
        (match, limit),
    )
    return [row[0] for row in rows]


def _teasers(base: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, Teaser]:
    found = {}
    for number in numbers:
        row = base.execute("SELECT teaser FROM article WHERE number = ?", (number,)).fetchone()
        if row:
            found[number] = Teaser.model_validate_json(row[0])
    return found


def _holding(base: sqlite3.Connection, match: str, day: date) -> list[Teaser]:
    """Alerts about what was typed, not those that only name it, that hold on `day`."""
    numbers = _numbers(base, f"{{names title lead}} : ({match})", SHOWN)
    found = _teasers(base, numbers)
    return [t for n in numbers if (t := found.get(n)) and t.valid_on(day)][:FIRST_ALERTS]


def suggest(base: sqlite3.Connection, text: str, day: date) -> list[Teaser]:
    """Articles whose titles or names have the words of `text`, the last one perhaps begun only:
    alerts that hold, then the newest."""
    match = query.begun_words(text)
    if match is None:
        return []
    rows = base.execute(
        "SELECT rowid FROM begins WHERE begins MATCH ? ORDER BY rowid DESC LIMIT 30", (match,)
    )
    found = list(_teasers(base, [row[0] for row in rows]).values())
    found.sort(key=lambda t: (t.valid_on(day), t.updated_at, t.id), reverse=True)
    return found[:SUGGESTED]


class Searcher:
    """Runs searches beside all else, a few at once."""

    def __init__(self, index: SearchIndex, limit: float = LIMIT_SECONDS) -> None:
        """A search ends after `limit` seconds."""
        self._index = index
        self._limit = limit
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="search")
        self._under_way = 0
        self.is_damaged = threading.Event()
        """Set if a search found the index damaged."""

    async def run(
        self, search: Callable[[sqlite3.Connection, str, date], _T], text: str, day: date
    ) -> _T:
        """What `search` finds. SearchTooSlow, TooManySearches; Damaged and Unwritable if the
        index cannot be read. None of them tells what was asked for."""
        if self._under_way >= _AT_ONCE + _MOST_WAITING:
            raise TooManySearches
        self._under_way += 1
        work = asyncio.get_running_loop().run_in_executor(
            self._threads, self._in_time, search, text, day
        )
        work.add_done_callback(self._ended)
        # Asked from outside, too: what FTS5 does within one step no look at the clock ends.
        try:
            async with asyncio.timeout(self._limit * (1 + self._under_way // _AT_ONCE)):
                return await asyncio.shield(work)
        except TimeoutError:
            raise SearchTooSlow from None

    def _ended(self, work: "asyncio.Future[_T]") -> None:
        self._under_way -= 1
        if not work.cancelled():
            work.exception()  # asked for, so that none is told of as forgotten

    def _in_time(
        self, search: Callable[[sqlite3.Connection, str, date], _T], text: str, day: date
    ) -> _T:
        if not self._index.path.exists():
            raise Unwritable("missing")
        end = time.monotonic() + self._limit
        try:
            with self._index.reading() as base:
                base.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
                return search(base, text, day)
        except sqlite3.OperationalError:
            raise SearchTooSlow from None
        except Damaged:
            self.is_damaged.set()
            raise

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
