"""What nobody foresaw is answered in words, and takes nothing with it that was typed."""

import html
import re

import pytest
from structlog.testing import capture_logs

from services.ingest.desk.shape import NAMES, joined
from services.ingest.lifecycle.store import Articles
from services.ingest.people.store import People
from services.ingest.subjects.store import Subjects
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.steps import browser_of, somebody

SECRET = "ola@example.org"
INVITE = "/redaksjon/folk/inviter/"
TYPED = "Første linje\n\n<b>Andre</b> & «tredje»"


async def broken(*_: object, **__: object) -> None:
    raise ValueError(f"{SECRET} is no number")


def typed_in(page: str) -> dict[str, str]:
    main = page.partition("<main")[2]
    found = re.findall(r'<input [^>]*name="([^"]+)" (?:type="text" )?value="([^"]*)"', main)
    areas = re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', main, re.DOTALL)
    return {name: html.unescape(value).strip() for name, value in [*found, *areas]}


async def test_a_form_that_failed_is_answered_in_words_and_can_be_sent_again(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel", "admin")) as kari:
        await kari.get("/redaksjon/folk/")
        with monkeypatch.context() as patch, capture_logs() as lines:
            patch.setattr(People, "add", broken)
            answer = await kari.send(INVITE, navn="Ola Eksempel", rolle="editor", tekst=TYPED)
        assert answer.status_code == 500
        assert answer.headers["cache-control"] == "no-store"
        for said in ("Noe gikk galt hos oss", "Det er ikke borte", "si fra til den som drifter"):
            assert said in answer.text
        for unsaid in ("Traceback", "ValueError", SECRET, "Internal Server Error"):
            assert unsaid not in answer.text
        assert typed_in(answer.text)["tekst"] == TYPED
        (line,) = [line for line in lines if line["event"] == "request_failed"]
        assert line["cause"].startswith("ValueError at test_unforeseen.py:")
        assert line["log_level"] == "error"
        assert SECRET not in str(lines)
        # Once it is mended the same form does what it was sent for.
        again = await kari.http.post(INVITE, data=typed_in(answer.text), follow_redirects=True)
        assert again.status_code == 200, again.text
        assert await People(ingest.redis).named("Ola Eksempel")


async def test_a_fault_before_the_form_was_read_takes_nothing_of_it(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel", "admin")) as kari:
        await kari.get("/redaksjon/folk/")
        with monkeypatch.context() as patch:
            patch.setattr(People, "find", broken)
            answer = await kari.send(INVITE, navn="Ola Eksempel", rolle="editor", tekst=TYPED)
        assert answer.status_code == 500
        assert "Det er ikke borte" in answer.text
        assert typed_in(answer.text)["tekst"] == TYPED
        again = await kari.http.post(INVITE, data=typed_in(answer.text), follow_redirects=True)
        assert again.status_code == 200, again.text
        assert await People(ingest.redis).named("Ola Eksempel")


async def test_as_much_is_kept_as_the_form_that_is_written_in_takes(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel", "admin")) as kari:
        await kari.get("/redaksjon/folk/")
        monkeypatch.setattr(People, "add", broken)
        monkeypatch.setattr(People, "find", broken)
        rows = {f"alert.what_to_do.{row}": f"Råd {row}" for row in range(4_000)}
        body = "Ta ikke mer.\n" + "ø" * 600_000
        answer = await kari.send(INVITE, body=body, **rows)
        typed = typed_in(answer.text)
        assert typed["body"] == body
        assert rows.items() <= typed.items()
        with_picture = await kari.http.post(
            INVITE, data={"body": body} | rows, files={"bilde": ("b.jpg", b"\xff" * 2_000_000)}
        )
        typed = typed_in(with_picture.text)
        assert typed["body"] == body
        assert rows.items() <= typed.items()


async def test_what_is_sent_again_keeps_its_empty_lines(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel", "admin")) as kari:
        await kari.get("/redaksjon/folk/")
        monkeypatch.setattr(People, "find", broken)
        stored = joined(["Insulin 100 E/ml, 3 ml", "Exempla"], NAMES)
        answer = await kari.send(INVITE, topics=stored)
    # A browser takes the first line break of a textarea away.
    found = re.search(r'<textarea name="topics" hidden>\n(.*?)</textarea>', answer.text, re.DOTALL)
    assert found
    assert html.unescape(found[1]) == stored


async def test_a_page_that_failed_says_so_in_nynorsk_too_and_a_script_is_told(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel", "admin")) as kari:
        kari.http.cookies.set("varsel-maal", "nn", domain="varsel.example.org")
        await kari.get("/redaksjon/emner/")
        monkeypatch.setattr(Subjects, "all", broken)
        page = await kari.get("/redaksjon/emner/")
        assert page.status_code == 500
        assert "Noko gjekk gale hos oss" in page.text
        assert "Vent litt, og last sida på nytt" in page.text
        monkeypatch.setattr(People, "find", broken)
        mode = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
        told = await kari.http.post(INVITE, data={"skjema": "x"}, headers=mode)
        assert (told.status_code, told.text) == (500, "fault")


async def test_another_site_cannot_have_us_show_a_form_of_its_own(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel", "admin")) as kari:
        monkeypatch.setattr(People, "find", broken)
        answer = await kari.http.post(
            INVITE, data={"tekst": TYPED}, headers={"Sec-Fetch-Site": "cross-site"}
        )
    assert answer.status_code == 500
    assert "Noe gikk galt hos oss" in answer.text
    assert "tredje" not in answer.text


async def test_the_api_answers_with_a_problem_document(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Articles, "find", broken)
    with capture_logs() as lines:
        answer = await ingest.http.get("/api/articles/a1b2c3d4e5f6")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["type"], told["status"]) == ("urn:varsel:problem:internal", 500)
    assert SECRET not in answer.text
    assert [line["event"] for line in lines] == ["request_failed"]
