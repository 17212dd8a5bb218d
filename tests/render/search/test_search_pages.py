"""`/sok/` over HTTP: what it shows, what it refuses, and that nothing of a query is kept."""

import asyncio
import json
import logging
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import date
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis
from structlog.testing import capture_logs

from services.render.look.templates import Site
from services.render.search import rates, search_pages
from services.render.search.find import LIMIT_SECONDS, Searcher, SearchTooSlow, find, suggest
from services.render.search.index import IndexPlace, SearchIndex
from services.render.search.search_pages import SearchPages
from services.render.search.texts import searched
from services.render.site.static_site import static_site
from tests.make import settings
from tests.render.running import kept, running
from tests.render.search.corpus import corpus
from tests.wait import until

DAY = date(2026, 11, 28)
START = IndexPlace("0-0", "", 0)
SITE = Site("Eksempelforeningen", "https://site.example", ())


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    index = SearchIndex(tmp_path_factory.mktemp("search") / "search/index.sqlite")
    index.make_anew(START, "")
    texts = [text for revision in corpus().revisions if (text := searched(revision))]
    index.go_on(START, IndexPlace("1-0", "", 0), texts, [])
    return index


@asynccontextmanager
async def web(
    tmp_path: Path, index: SearchIndex, *, limit: float = 5.0, whole: bool = True
) -> AsyncIterator[httpx.AsyncClient]:
    searcher = Searcher(index, limit)

    async def dressed() -> Site:
        return SITE

    pages = SearchPages(SITE, dressed, searcher, lambda: whole, lambda: DAY)
    app = static_site(tmp_path / "site", tmp_path / "assets", pages.routes())
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://site.example") as client:
        yield client
    await searcher.close()


async def test_a_search_shows_marked_alerts_first_with_title_date_and_teaser(
    tmp_path: Path, index: SearchIndex
) -> None:
    async with web(tmp_path, index) as client:
        page = (await client.get("/sok/", params={"q": "Flerox"})).text
        assert page.index("Varsler som gjelder nå") < page.index("Flerotinib kan gi økt risiko")
        assert 'href="/nyheter/flerotinib-blodpropp/"' in page
        assert "Tilsynet advarer mot blodpropp" in page
        assert "<time datetime=" in page
        assert 'value="Flerox"' in page
        assert '<meta name="robots" content="noindex">' in page


async def test_search_engines_show_the_page_to_search_on_and_nobody_s_searches(
    tmp_path: Path, index: SearchIndex
) -> None:
    async with web(tmp_path, index) as client:
        bare = await client.get("/sok/")
        asked = await client.get("/sok/", params={"q": "Flerox"})
        suggested = await client.get("/sok/forslag", params={"q": "Flerox"})
    assert "x-robots-tag" not in bare.headers
    assert "noindex" not in bare.text
    assert f'<link rel="canonical" href="{SITE.address}/sok/">' in bare.text
    assert '<meta name="description"' in bare.text
    for answer in (asked, suggested):
        assert answer.headers["x-robots-tag"] == "noindex"
    assert 'rel="canonical"' not in asked.text


async def test_without_results_a_reader_is_told_what_to_do(
    tmp_path: Path, index: SearchIndex
) -> None:
    async with web(tmp_path, index) as client:
        page = (await client.get("/sok/", params={"q": "qqxxyyzz"})).text
        assert "Ingen treff på «qqxxyyzz»" in page
        assert 'href="/varsler/"' in page
        assert 'href="tel:113"' in page
        page = (await client.get("/sok/", params={"q": "kalvetrexxat"})).text
        assert "Ingen saker har ordet «kalvetrexxat»" in page
        assert "kalvetreksat-ukedose" in page


async def test_what_is_typed_is_text_wherever_it_is_shown(
    tmp_path: Path, index: SearchIndex
) -> None:
    async with web(tmp_path, index) as client:
        for typed in ('"><script>alert(1)</script>', "' OR 1=1 --", 'a" OR title : b', "NEAR(a b)"):
            answer = await client.get("/sok/", params={"q": typed})
            assert answer.status_code == 200
            assert "<script>alert" not in answer.text


@given(st.text(max_size=220))
def test_whatever_is_typed_is_a_search_and_no_operator(typed: str) -> None:
    with _BASE() as base:
        find(base, typed, DAY)
        suggest(base, typed, DAY)


@pytest.fixture(autouse=True)
def _base(index: SearchIndex) -> None:
    global _BASE  # noqa: PLW0603 (hypothesis takes no fixture of a function)
    _BASE = index.reading


_BASE: Callable[[], AbstractContextManager[sqlite3.Connection]]


async def test_no_cache_log_error_or_other_site_gets_what_is_searched_for(
    tmp_path: Path,
    index: SearchIndex,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    secret = "hemmeligsykdom"
    caplog.set_level(logging.DEBUG)
    broken = SearchIndex(tmp_path / "search/index.sqlite")
    broken.path.parent.mkdir()
    broken.path.write_bytes(b"no database" * 1000)
    for one, status in ((index, 200), (broken, 503)):
        async with web(tmp_path, one) as client:
            answer = await client.get("/sok/", params={"q": secret}, headers={"Cookie": "a=b"})
            assert answer.status_code == status
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert "set-cookie" not in answer.headers
            assert "form-action 'self'" in answer.headers["content-security-policy"]
            moved = await client.get("/sok", params={"q": secret})
            assert moved.headers["location"] == f"/sok/?q={secret}"
    ours = [one for one in caplog.records if not one.name.startswith(("httpx", "httpcore"))]
    assert secret not in " ".join(one.getMessage() for one in ours)
    said = capfd.readouterr()
    assert secret not in said.out + said.err
    assert secret not in index.path.read_bytes().decode("latin-1")


async def test_a_query_that_is_too_long_and_a_source_that_asks_too_often_are_refused(
    tmp_path: Path, index: SearchIndex
) -> None:
    async with web(tmp_path, index) as client:
        answer = await client.get("/sok/", params={"q": "a" * 201})
        assert answer.status_code == 400
        assert "for langt" in answer.text
        statuses = [
            (await client.get("/sok/", params={"q": "kurs"})).status_code
            for _ in range(rates.AT_ONCE * 3)
        ]
        assert 429 in statuses
        assert (await client.post("/sok/")).status_code == 405


async def test_a_search_that_takes_too_long_is_ended_and_others_are_answered(
    tmp_path: Path, index: SearchIndex
) -> None:
    searcher = Searcher(index, 0.2)
    let_go = threading.Event()
    began = time.monotonic()
    with pytest.raises(SearchTooSlow):
        await searcher.run(_endless(let_go), "kurs", DAY)
    assert await asyncio.to_thread(let_go.wait, 10)  # SQLite was ended, not only left alone
    assert time.monotonic() - began < 10
    assert (await searcher.run(find, "kursleder", DAY)).all
    await searcher.close()


def _endless(let_go: threading.Event) -> Callable[[sqlite3.Connection, str, date], None]:
    """A search that ends when SQLite ends it."""

    def endless(base: sqlite3.Connection, text: str, day: date) -> None:
        try:
            base.execute(
                "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
                "SELECT max(x) FROM n"
            ).fetchone()
        finally:
            let_go.set()

    return endless


async def test_the_running_service_ends_a_search_at_200_ms_and_says_so(
    redis_url: str, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()
    assert LIMIT_SECONDS == 0.2
    async with running(settings(), redis_url) as service, kept(service.loops):
        transport = httpx.ASGITransport(service.http)
        async with httpx.AsyncClient(transport=transport, base_url=SITE.address) as client:

            async def answers() -> bool:
                return (await client.get("/sok/", params={"q": "kurs"})).status_code == 200

            await until(answers)
            monkeypatch.setattr(search_pages, "find", _endless(let_go))
            began = time.monotonic()
            answer = await client.get("/sok/", params={"q": "kurs"})
            took = time.monotonic() - began
        assert await asyncio.to_thread(let_go.wait, 10)
    assert answer.status_code == 503
    assert "Søket tok for lang tid" in answer.text
    assert LIMIT_SECONDS <= took < 10 * LIMIT_SECONDS  # this machine has other things to do


async def test_suggestions_are_titles_that_go_on_as_typed(
    tmp_path: Path, index: SearchIndex
) -> None:
    async with web(tmp_path, index) as client:
        for typed, title in (
            ("somm", "Sommerleir for ungdom"),
            ("ars", "Velkommen til årsmøte i april"),
        ):
            found = json.loads((await client.get("/sok/forslag", params={"q": typed})).text)
            assert title in [one["title"] for one in found]
        assert json.loads((await client.get("/sok/forslag", params={"q": "a"})).text) == []
        script = await client.get("/sok/forslag.js")
        assert script.headers["content-type"].startswith("text/javascript")


async def test_an_index_that_is_being_made_anew_says_so(tmp_path: Path, index: SearchIndex) -> None:
    async with web(tmp_path, index, whole=False) as client:
        assert "bygges opp på nytt" in (await client.get("/sok/", params={"q": "kurs"})).text


async def test_a_fault_is_told_in_words_with_the_headers_of_all_pages(
    tmp_path: Path, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError("metotreksat")

    monkeypatch.setattr(Searcher, "run", broken)
    async with web(tmp_path, index) as http:
        with capture_logs() as lines:
            answer = await http.get("/sok/?q=metotreksat")
    assert answer.status_code == 500
    assert "Vent litt, og last siden på nytt" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert [line["event"] for line in lines] == ["request_failed"]
    assert "metotreksat" not in answer.text + str(lines)
