"""What is the same for every page of the newsroom."""

import gzip

import pytest

from services.ingest.newsroom import look
from services.ingest.newsroom.look import STATIC, Files
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.desk.steps import begin
from tests.ingest.newsroom.steps import browser_of, newsroom_routes, somebody


async def test_a_page_that_is_not_there_says_so_in_words_and_gives_a_way_on(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as kari:
        answer = await kari.get("/redaksjon/finnes-ikke/")
        assert answer.status_code == 404
        assert "Vi finner ikke siden" in answer.text
        assert "Kari Eksempel" in answer.text
        assert 'href="/redaksjon/"' in answer.text


_NO_INLINE = {"default-src": "'none'", "script-src": "'self'", "style-src": "'self'"}
_OURS_ALONE = {"form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'"}


async def test_no_page_runs_a_script_of_anybodys_or_stands_in_a_frame_of_anothers(
    ingest: Ingest,
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel", "admin")) as kari:
        case = await begin(kari, "varsel")
        paths = [one.path for one in newsroom_routes() if "{" not in one.path]
        paths = [one for one in paths if one.endswith("/")] + [
            case,
            f"{case}skriv/",
            "/redaksjon/x/",
        ]
        for path in paths:
            answer = await kari.http.get(path)
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            policy = dict(
                one.strip().partition(" ")[::2]
                for one in answer.headers["content-security-policy"].split(";")
            )
            assert policy.items() >= (_NO_INLINE | _OURS_ALONE).items(), path


async def test_a_file_has_an_address_that_changes_with_its_content(ingest: Ingest) -> None:
    async with browser_of(ingest) as stranger:
        page = (await stranger.get("/redaksjon/finnes-ikke/")).text
        address = page.split('rel="stylesheet" href="')[1].split('"')[0]
        answer = await stranger.http.get(address)
        assert answer.text == (STATIC / "redaksjon.css").read_text()
        assert "immutable" in answer.headers["cache-control"]
        assert (await stranger.http.get(address.replace("/fil/", "/fil/0"))).status_code == 404


@pytest.mark.parametrize(
    ("said", "is_packed"),
    [("gzip", True), ("br, GZIP;q=0.5", True), ("", False), ("gzip;q=0, br", False), ("br", False)],
)
async def test_a_file_is_sent_packed_to_whoever_can_unpack_it(
    ingest: Ingest, said: str, is_packed: bool
) -> None:
    async with browser_of(ingest) as stranger:
        address = Files().address("editor.js")
        asked = {"Accept-Encoding": said}
        async with stranger.http.stream("GET", address, headers=asked) as answer:
            raw = b"".join([piece async for piece in answer.aiter_raw()])
        assert answer.headers["vary"] == "Accept-Encoding"
        assert (answer.headers.get("content-encoding") == "gzip") == is_packed
        whole = (STATIC / "editor.js").read_bytes()
        assert (gzip.decompress(raw) if is_packed else raw) == whole
        assert int(answer.headers["content-length"]) == len(raw)
        assert not is_packed or len(raw) < len(whole) / 2


async def test_who_comes_first_after_a_start_waits_for_no_template(ingest: Ingest) -> None:
    cache = look._environment.cache
    assert cache is not None
    cache.clear()
    for step in ingest.service.open:
        await step()
    warm = set(cache.keys())
    anne = await somebody(ingest, "Anne", "admin")
    async with browser_of(ingest) as browser:
        assert (await browser.get("/redaksjon/")).status_code == 200
    async with browser_of(ingest, anne) as browser:
        for page in ("", "ny/", "folk/", "emner/", "tilstand/", "spor/", "meg/"):
            assert (await browser.get(f"/redaksjon/{page}")).status_code == 200
    assert warm
    assert set(cache.keys()) == warm
