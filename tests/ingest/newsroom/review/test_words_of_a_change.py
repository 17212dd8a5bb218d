"""Whoever corrects what is out reads of a correction at each step, and never of a first alert:
readers see what they saw until it is approved."""

from typing import Any

import pytest

from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.desk.steps import write
from tests.ingest.newsroom.review.cases import form_of, person, previewed, state, waiting, writer
from tests.ingest.newsroom.steps import NewsroomBrowser, browser_of
from tests.ingest.staff_at_work import alert

_WHY = "Vi skrev at dosen er 50 mg. Den er 5 mg."
_OF_A_FIRST_ALERT = (
    "utkast igjen",
    "Ingen har fått den ennå",
    "Varselet er godkjent",
    "Saken er godkjent",
    "Saken er et utkast",
    "Ingen lesere ser den",
    "Send ut varselet",
)


def address(article: str, page: str = "") -> str:
    return f"/redaksjon/sak/{article}/{page}"


async def decided(browser: NewsroomBrowser, article: str, page: str, **typed: str) -> None:
    await browser.get(address(article, page))
    await browser.send(address(article, page), **form_of(browser, address(article, page)), **typed)


async def changed(make_ingest: Any, kind: str) -> tuple[Ingest, str]:
    """An alert that is out, of which a change is in review, where what is approved waits for a
    minute; and its id."""
    at_once = await make_ingest(alert_approvals=1, alert_hold=0)
    kari = await writer(at_once)
    article = await waiting(at_once, kari)
    async with browser_of(at_once, await person(at_once, "Ola Eksempel")) as ola:
        await decided(ola, article, "godkjenn/")
    seen = await kari.get(article)
    fields = alert(title="Eksempelinib: ny dose") | {"change": {"kind": kind, "note": _WHY}}
    answer = await kari.put(article, fields, seen["etag"])
    assert answer.status_code == 200, answer.text
    if await state(at_once, article) == "draft":
        await kari.take("submit", article)
    await previewed(at_once, article)
    return await make_ingest(alert_approvals=1, alert_hold=60), article


def of_a_change(page: str, word: str) -> str:
    """What of a page is about a first alert, or is not about a change of this name."""
    wrong = [one for one in _OF_A_FIRST_ALERT if one in page]
    return ", ".join([*wrong, *([] if word in page else [f"no {word}"])])


@pytest.mark.parametrize(("kind", "word"), [("correction", "ettelse"), ("edit", "ndring")])
async def test_each_page_of_a_change_says_that_readers_see_what_is_out(
    make_ingest: Any, kind: str, word: str
) -> None:
    held, article = await changed(make_ingest, kind)
    async with (
        browser_of(held, await person(held, "Ola Eksempel")) as ola,
        browser_of(held, await person(held, "Kari Eksempel")) as kari,
    ):
        whom = (await ola.get(address(article, "godkjenn/"))).text
        assert "melder seg på" not in whom, "who joins now never had the alert"
        for page in ("godkjenn/", "avvis/", "stopp/"):
            text = (await ola.get(address(article, page))).text
            assert not of_a_change(text, word), page
        assert "Leserne ser fortsatt utgaven som er ute." in (await kari.get(address(article))).text
        await decided(ola, article, "godkjenn/")
        assert await state(held, article) == "approved"
        for page in ("godkjenn/", "stopp/"):
            text = (await ola.get(address(article, page))).text
            assert not of_a_change(text, word), page
        await decided(kari, article, "stopp/")
        assert await state(held, article) == "draft"
        for page in ("", "godkjenn/", "stopp/"):
            text = (await ola.get(address(article, page))).text
            assert not of_a_change(text, ""), page
            assert "utgave" in text or "det som er ute" in text, page


async def test_whoever_joins_is_not_said_to_get_a_correction_that_nobody_gets(
    make_ingest: Any,
) -> None:
    held, article = await changed(make_ingest, "correction")
    await previewed(held, article, audience=0)
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        page = (await ola.get(address(article, "godkjenn/"))).text
        assert "så ingen får rettelsen" in page
        assert "melder seg på" not in page


@pytest.mark.parametrize(
    ("kind", "word", "button"),
    [
        ("correction", "Rettelsen går ut om", "Send ut rettelsen"),
        ("edit", "Ingen får e-post", "Publiser"),
    ],
)
async def test_before_it_is_sent_in_a_change_is_no_first_alert(
    make_ingest: Any, kind: str, word: str, button: str
) -> None:
    held, article = await changed(make_ingest, kind)
    free = await make_ingest(alert_approvals=0, alert_hold=120)
    async with browser_of(held, await person(held, "Kari Eksempel")) as kari:
        await write(kari, address(article), title="Eksempelinib: enda en dose")
        page = (await kari.get(address(article, "send-inn/"))).text
        assert not of_a_change(page, "går til godkjenning. Leserne ser det som er ute")
    async with browser_of(free, await person(free, "Kari Eksempel")) as kari:
        page = (await kari.get(address(article, "send-inn/"))).text
        assert not of_a_change(page, word)
        assert f'<button class="main">{button}</button>' in page
