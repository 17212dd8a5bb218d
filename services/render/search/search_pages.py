"""The pages of the search over HTTP: `/sok/`, its suggestions and their script.

What is asked for is in no log, metric or error, and no cache keeps it; no other site learns of it
(Referrer-Policy, as on all pages).
"""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TypeVar

from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from services.render.look.templates import Site, fill
from services.render.pages.fixed import in_own_language
from services.render.search.find import (
    SHOWN,
    Searcher,
    SearchResult,
    SearchTooSlow,
    TooManySearches,
    find,
    suggest,
)
from services.render.search.index import Damaged, Unwritable
from services.render.search.query import LONGEST
from services.render.search.rates import AddressRates
from shared.oslo import oslo_today

PATH = "/sok/"
_SCRIPT = Path(__file__).with_name("suggest.js").read_text()
_CSP = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "Cache-Control": "no-store",
}
_FOUND = {"X-Robots-Tag": "noindex"}
"""Of what was found: search engines show the page to search on, not others' searches."""
_T = TypeVar("_T")
_RETRY = {"Retry-After": "2"}


class SearchPages:
    """Answers from what `searcher` finds, for `site` as `dressed` gives it."""

    def __init__(
        self,
        site: Site,
        dressed: Callable[[], Awaitable[Site]],
        searcher: Searcher,
        is_whole: Callable[[], bool],
        today: Callable[[], date] = oslo_today,
    ) -> None:
        self._site = site
        self._dressed = dressed
        self._searcher = searcher
        self._is_whole = is_whole
        self._today = today
        self._rates = AddressRates()

    def routes(self) -> list[BaseRoute]:
        return [
            Route(PATH, self._page),
            Route(PATH.rstrip("/"), self._with_slash),
            Route(f"{PATH}forslag", self._suggestions),
            Route(f"{PATH}forslag.js", self._script),
        ]

    async def _page(self, request: Request) -> Response:
        text = request.query_params.get("q", "").strip()
        if not text:
            return await self._answer("", None)
        if len(text) > LONGEST:
            return await self._answer(text[:LONGEST], "long", status=400)
        try:
            found = await self._search(request, find, text)
        except TooManySearches:
            return await self._answer(text, "busy", status=429)
        except SearchTooSlow:
            return await self._answer(text, "slow", status=503)
        except (Damaged, Unwritable):
            return await self._answer(text, "away", status=503)
        return await self._answer(text, None, found)

    async def _suggestions(self, request: Request) -> Response:
        text = request.query_params.get("q", "").strip()
        titles: list[dict[str, str]] = []
        if 0 < len(text) <= LONGEST:
            try:
                teasers = await self._search(request, suggest, text)
            except (TooManySearches, SearchTooSlow, Damaged, Unwritable):
                teasers = []
            titles = [{"title": teaser.title, "lang": teaser.lang} for teaser in teasers]
        return JSONResponse(titles, headers=_HEADERS | _FOUND)

    async def _search(
        self,
        request: Request,
        search: Callable[[sqlite3.Connection, str, date], _T],
        text: str,
    ) -> _T:
        if not self._rates.may_ask(request.client.host if request.client else ""):
            raise TooManySearches
        return await self._searcher.run(search, text, self._today())

    async def _answer(
        self, text: str, trouble: str | None, found: SearchResult | None = None, status: int = 200
    ) -> Response:
        page = fill(
            "search.html",
            **in_own_language(await self._now()),
            query=text,
            longest=LONGEST,
            trouble=trouble,
            found=found,
            shown=SHOWN,
            is_whole=self._is_whole(),
        )
        retry = _RETRY if status in (429, 503) else {}
        return HTMLResponse(page, status, _HEADERS | (_FOUND if text else {}) | retry)

    async def _now(self) -> Site:
        """The site as the association has dressed it; while Redis is away, as it was last."""
        with suppress(RedisError):
            self._site = await self._dressed()
        return self._site

    async def _with_slash(self, request: Request) -> Response:
        asked = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(PATH + asked, 308, {"Cache-Control": "no-store"})

    async def _script(self, _: Request) -> Response:
        return Response(
            _SCRIPT,
            headers={"Cache-Control": "public, no-cache"},
            media_type="text/javascript",
        )
