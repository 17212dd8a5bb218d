"""Gathers what the list shows. Each look reads a bounded number of articles."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.ingest.desk.store import Desk, WorkingCopy
from services.ingest.lifecycle.life import ArticleState, Life
from services.ingest.lifecycle.store import STATES, Articles
from services.ingest.newsroom.desk.listing import SHOWN
from services.ingest.newsroom.lists.searched import address_parts, path_of_old
from services.ingest.telling.store import Tellings
from services.ingest.titles.store import Titles, folded, has_all

_MOST_WAITING = 500
"""Drafts, articles in review and working copies that the overview reads, the newest: what waits for
whoever looks is among them. The others are on the pages of their part."""
_READ: dict[ArticleState, int] = {"draft": _MOST_WAITING, "in_review": _MOST_WAITING}
"""How many are read of a state; of those not named here, no more than the overview shows."""


@dataclass(frozen=True)
class Gathered:
    lives: list[Life]
    copies: list[WorkingCopy]
    """Of these lives, and those of which nothing was submitted."""
    totals: dict[ArticleState, int]
    """How many articles there are in each state, also those that are not among `lives`."""
    standing: set[str]
    """Ids of those of the lives whose mail is owed and does not go out."""


class GatherList:
    """Its methods raise redis-py's errors."""

    def __init__(self, articles: Articles, desk: Desk, titles: Titles, tellings: Tellings) -> None:
        self._articles = articles
        self._desk = desk
        self._titles = titles
        self._tellings = tellings

    async def at_address(self, typed: str) -> str | None:
        """The id of the article whose page is at this address, or was on an old site, or whose case
        it is; none if there is none, or it is no address."""
        parts = address_parts(typed)
        if not parts:
            return None
        if parts[:2] == ["redaksjon", "sak"] and len(parts) > 2:
            return parts[2] if await self._articles.life(parts[2]) else None
        for part in parts[::-1]:
            if found := await self._articles.has_slug(part):
                return found
        old = path_of_old(parts)
        return await self._articles.moved_from(old) if old else None

    async def overview(self) -> Gathered:
        """The newest of each state."""
        listed = {
            state: await self._articles.listed(state, 0, _READ.get(state, SHOWN))
            for state in STATES
        }
        ids = [one for some in listed.values() for _, one in some]
        copies = await self._desk.newest(_MOST_WAITING)
        return await self._gathered(ids, copies, await self._articles.counts())

    async def found(self, search: str) -> Gathered:
        """The newest of each state that have all words of `search`, of all that there are."""
        words = folded(search).split()
        by_state = await self._articles.by_state(await self._titles.search(words))
        ids = [
            one for state, some in by_state.items() for _, one in some[: _READ.get(state, SHOWN)]
        ]
        copies = [
            copy for copy in await self._desk.newest(_MOST_WAITING) if has_all(words, _said(copy))
        ]
        totals = {state: len(some) for state, some in by_state.items()}
        return await self._gathered(ids, copies, totals)

    async def page(self, state: ArticleState, number: int, search: str) -> tuple[Gathered, bool]:
        """One page of all articles in a state, from 1, drafts with those of which nothing was
        submitted; and whether there are older ones."""
        start = (number - 1) * SHOWN
        wanted = start + SHOWN + 1
        words = folded(search).split()
        if search:
            by_state = await self._articles.by_state(await self._titles.search(words))
            some = by_state[state][:wanted]
        else:
            some = await self._articles.listed(state, 0, wanted)
        if state == "draft":
            some = sorted([*some, *await self._unsubmitted(words, wanted)], reverse=True)[:wanted]
        ids = [one for _, one in some[start : start + SHOWN]]
        gathered = await self._gathered(ids, await self._desk.those(ids), {})
        return gathered, len(some) == wanted

    async def _unsubmitted(self, words: Sequence[str], count: int) -> list[tuple[float, str]]:
        if not words:
            listed = await self._desk.listed(max(count, _MOST_WAITING))
        else:
            listed = [
                (copy.at.timestamp() * 1000, copy.id)
                for copy in await self._desk.newest(_MOST_WAITING)
                if has_all(words, _said(copy))
            ]
        known = await self._titles.known([one for _, one in listed])
        return [(at, one) for at, one in listed if one not in known]

    async def _gathered(
        self, ids: Sequence[str], copies: Sequence[WorkingCopy], totals: dict[ArticleState, int]
    ) -> Gathered:
        lives = await self._articles.those(ids)
        known = await self._titles.known([copy.id for copy in copies])
        shown = {life.id for life in lives}
        kept = [copy for copy in copies if copy.id in shown or copy.id not in known]
        standing = await self._tellings.standing([life.id for life in lives])
        return Gathered(lives, kept, totals, standing)


def _said(copy: WorkingCopy) -> str:
    return folded(f"{copy.fields.get('title', '')}\n{copy.names.get(copy.by, '')}")
