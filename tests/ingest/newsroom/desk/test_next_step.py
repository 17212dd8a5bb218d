"""What is typed on an article never hides where it is, and what whoever looks can do about it."""

import re
from typing import Any

import pytest

from services.ingest.desk.store import Desk
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.desk.steps import begin, write
from tests.ingest.newsroom.review.cases import form_of, person, state, waiting, writer
from tests.ingest.newsroom.steps import NewsroomBrowser, browser_of

_STEP = re.compile(r'<a class="button main" href="([^"]+)">')
_TYPED = "Det står ikke i det som er sendt inn."
NAMES = ("Kari Eksempel", "Ola Eksempel", "Per Eksempel")


@pytest.fixture
async def held(make_ingest: Any) -> Ingest:
    """Where an alert needs one approval, and then waits for a minute."""
    return await make_ingest(alert_approvals=1, alert_hold=60)


def address(article: str, page: str = "") -> str:
    return f"/redaksjon/sak/{article}/{page}"


async def step_of(browser: NewsroomBrowser, article: str) -> str:
    """Where the one step leads that the article's page offers."""
    page = (await browser.get(address(article))).text
    (href,) = _STEP.findall(page)
    return str(href).removeprefix(address(article))


async def approved(browser: NewsroomBrowser, article: str) -> None:
    await browser.get(address(article, "godkjenn/"))
    form = form_of(browser, address(article, "godkjenn/"))
    await browser.send(address(article, "godkjenn/"), **form)


@pytest.mark.parametrize("types", NAMES)
async def test_what_is_typed_on_what_was_sent_in_hides_no_way_to_approve_it(
    held: Ingest, types: str
) -> None:
    article = await waiting(held, await writer(held))
    kari, ola, per = [await person(held, name) for name in NAMES]
    async with (
        browser_of(held, next(one for one in (kari, ola, per) if one.name == types)) as typist,
        browser_of(held, ola) as browser,
        browser_of(held, kari) as author,
    ):
        assert await step_of(browser, article) == "godkjenn/"
        assert _TYPED not in browser.page
        await write(typist, address(article), title="En bokstav til")
        assert await step_of(browser, article) == "godkjenn/"
        assert _TYPED in browser.page
        assert types in browser.page
        assert "Venter på deg" in browser.page
        assert await step_of(author, article) == "vis/"
        assert "Til godkjenning" in author.page
        assert "Utkast" not in author.page
        # What was sent in is what is approved, whatever is typed.
        await approved(browser, article)
        assert await state(held, article) == "approved"
        for one in (browser, author):
            assert await step_of(one, article) == "stopp/"
            assert "Den går ut" in one.page
            assert _TYPED in one.page
            assert "Bare dere i redaksjonen ser den" not in one.page


async def test_what_is_typed_on_what_is_out_is_the_next_step_until_it_is_sent_in(
    make_ingest: Any,
) -> None:
    at_once = await make_ingest(alert_approvals=1, alert_hold=0)
    article = await waiting(at_once, await writer(at_once))
    async with browser_of(at_once, await person(at_once, "Ola Eksempel")) as ola:
        await approved(ola, article)
        assert await step_of(ola, article) == "kvittering/"
        await write(ola, address(article), title="Rettet")
        assert await step_of(ola, article) == "skriv/"
        assert "Leserne ser den gamle teksten" in ola.page


async def test_a_letter_that_is_typed_and_taken_away_again_leaves_nothing(held: Ingest) -> None:
    article = await waiting(held, await writer(held))
    desk = Desk(held.redis)
    async with (
        browser_of(held, await person(held, "Ola Eksempel")) as ola,
        browser_of(held, await person(held, "Kari Eksempel")) as kari,
    ):
        await ola.get(address(article, "skriv/"))
        was = re.findall(r'id="title" name="title" type="text" value="([^"]*)"', ola.page)[0]
        await write(ola, address(article), title=f"{was}x")
        await write(ola, address(article), title=was)
        assert await desk.find(article) is None
        assert "Ingenting er endret ennå" in (await ola.get(address(article, "skriv/"))).text
        assert "Kast det som ikke er sendt inn" not in (await ola.get(address(article))).text
        # Whoever typed nothing that is left may approve.
        await approved(ola, article)
        assert await state(held, article) == "approved"
        # The other one's text is no part of that: it stays, and whoever took theirs away is told.
        await write(kari, address(article), title=f"{was}y")
        await ola.get(address(article, "skriv/"))
        await write(kari, address(article), title=f"{was}z")
        copy = await desk.find(article)
        assert copy
        assert copy.fields["title"] == f"{was}z"


async def next_of_preview(browser: NewsroomBrowser, article: str) -> str:
    """Where the page on which one sees an article leads next."""
    page = (await browser.get(address(article, "vis/"))).text
    (href,) = re.findall(r'<a class="button[^"]*" href="([^"]+)" data-next>', page)
    return str(href).removeprefix(address(article))


async def test_whoever_has_seen_how_it_will_be_finds_the_next_step_there(held: Ingest) -> None:
    ola = await person(held, "Ola Eksempel")
    async with (
        browser_of(held, await person(held, "Per Eksempel")) as per,
        browser_of(held, ola) as browser,
    ):
        draft = (await begin(per)).split("/")[-2]
        assert await next_of_preview(per, draft) == "send-inn/"
        assert "Send inn …" in per.page
        article = await waiting(held, await writer(held))
        async with browser_of(held, await person(held, "Kari Eksempel")) as kari:
            assert await next_of_preview(kari, article) == ""  # where it says who can approve it
            assert await next_of_preview(browser, article) == "godkjenn/"
            await approved(browser, article)
            assert await next_of_preview(kari, article) == "stopp/"
            await write(kari, address(article), title="En bokstav til")
            assert await next_of_preview(kari, article) == "send-inn/"
