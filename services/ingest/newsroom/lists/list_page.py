"""`/redaksjon/`: the list, a page of one part of it, and the search."""

from starlette.requests import Request
from starlette.responses import Response

from services.ingest.lifecycle.life import ArticleState
from services.ingest.newsroom.desk.desk_parts import DeskParts
from services.ingest.newsroom.desk.listing import PARTS, ListEyes, listing, part_page
from services.ingest.newsroom.lists.gather_list import GatherList
from services.ingest.newsroom.visit import StaffVisit, to
from services.ingest.telling.store import Tellings
from services.ingest.titles.store import Titles

_LONGEST_SEARCH = 500
"""Characters: an address may be pasted."""
_LAST_PAGE = 10_000
"""A higher number of a page is taken for this one."""


class ListPage:
    def __init__(self, desk: DeskParts) -> None:
        self._desk = desk
        self._parts = desk.parts
        redis = desk.parts.redis
        self._gather = GatherList(desk.parts.articles, desk.desk, Titles(redis), Tellings(redis))

    async def show(self, request: Request) -> Response:
        visit = await self._desk.door.staff(request)
        search = request.query_params.get("q", "")[:_LONGEST_SEARCH].strip()
        if article := await self._gather.at_address(search):
            return to(f"/redaksjon/sak/{article}/")
        state = PARTS.get(request.query_params.get("del", ""))
        eyes = ListEyes(visit.who, self._parts.rules, await self._parts.articles.now())
        if state:
            return await self._part(visit, eyes, state, search)
        gathered = await (self._gather.found(search) if search else self._gather.overview())
        parts = listing(gathered.lives, gathered.copies, eyes, gathered.totals, gathered.standing)
        return self._desk.look.page(visit, "desk/list.html", parts=parts, search=search, number=0)

    async def _part(
        self, visit: StaffVisit, eyes: ListEyes, state: ArticleState, search: str
    ) -> Response:
        request = visit.request
        part = request.query_params["del"]
        number = _page_number(request.query_params.get("side", ""))
        gathered, has_older = await self._gather.page(state, number, search)
        return self._desk.look.page(
            visit,
            "desk/list.html",
            parts=part_page(gathered.lives, gathered.copies, eyes, part, gathered.standing),
            search=search,
            number=number,
            has_older=has_older,
            named=part,
        )


def _page_number(typed: str) -> int:
    return min(max(int(typed), 1), _LAST_PAGE) if typed.isascii() and typed.isdigit() else 1
