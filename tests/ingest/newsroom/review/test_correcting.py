"""Whoever corrects says first what changed, reads what members will, and sends nothing by it."""

import asyncio
from typing import Any

import pytest

from services.ingest.desk.store import Desk
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.review.cases import form_of, person, previewed, state, waiting, writer
from tests.ingest.newsroom.steps import NewsroomBrowser, browser_of
from tests.ingest.staff_at_work import alert, kinds, news

WHY = "Vi skrev at dosen er 50 mg. Den er 5 mg."


@pytest.fixture
async def at_once(make_ingest: Any) -> Ingest:
    return await make_ingest(alert_approvals=1, alert_hold=0)


def address(article: str, page: str = "rett") -> str:
    return f"/redaksjon/sak/{article}/{page}/"


async def out(ingest: Ingest) -> str:
    """An alert that is out; gives its id."""
    article = await waiting(ingest)
    async with browser_of(ingest, await person(ingest, "Ola Eksempel")) as ola:
        await ola.get(address(article, "godkjenn"))
        await ola.send(address(article, "godkjenn"), **form_of(ola, address(article, "godkjenn")))
    assert await state(ingest, article) == "published"
    return article


async def asked(browser: NewsroomBrowser, article: str, **fields: str) -> Any:
    return await browser.send(address(article), **form_of(browser, address(article)) | fields)


async def test_the_form_opens_with_what_was_said_and_nothing_is_sent(at_once: Ingest) -> None:
    article = await out(at_once)
    kari = await person(at_once, "Kari Eksempel")
    async with browser_of(at_once, kari) as browser:
        await browser.get(address(article))
        page = (await asked(browser, article, slag="correction", hva=WHY, steg="se")).text
        assert "RETTET: Sikkerhetsvarsel: Eksempelinib kan skade leveren" in page
        assert WHY in page and "Ingenting sendes nå." in page
        form = form_of(browser, address(article)) | {"steg": "skriv"}
        answers = [browser.http.post(address(article), data=form) for _ in range(4)]
        places = {one.headers["location"] for one in await asyncio.gather(*answers)}
        assert places == {address(article, "skriv")}
        writing = (await browser.get(address(article, "skriv"))).text
        assert WHY in writing
    copy = await Desk(at_once.redis).find(article)
    assert copy and copy.fields["change"] == {"kind": "correction", "note": WHY}
    assert copy.fields["title"] == "Eksempelinib kan skade leveren"
    assert copy.writers == (kari.id,)
    assert await kinds(at_once) == ["article.submitted", "article.published"]


async def test_what_was_typed_before_stays_in_the_working_copy(at_once: Ingest) -> None:
    article = await out(at_once)
    kari = await person(at_once, "Kari Eksempel")
    desk = Desk(at_once.redis)
    async with browser_of(at_once, kari) as browser:
        await browser.get(address(article))
        await asked(browser, article, slag="edit", steg="se")
        copy = await desk.find(article)
        assert copy and copy.fields["change"] == {"kind": "edit", "note": ""}
        fields = copy.fields | {"lead": "Ny ingress."}
        await desk.save(article, fields, copy.version, kari, sitting="x", base=copy.base)
        await browser.get(address(article))
        await asked(browser, article, slag="correction", hva=WHY, steg="se")
        await asked(browser, article, steg="skriv")
    after = await desk.find(article)
    assert after and after.fields == fields | {"change": {"kind": "correction", "note": WHY}}


async def test_a_correction_without_words_is_not_begun(at_once: Ingest) -> None:
    article = await out(at_once)
    async with browser_of(at_once, await person(at_once, "Kari Eksempel")) as browser:
        await browser.get(address(article))
        none = await asked(browser, article, hva=WHY, steg="se")
        assert none.status_code == 422 and WHY in none.text
        empty = await asked(browser, article, slag="correction", hva="", steg="se")
        assert empty.status_code == 422 and "Skriv noen ord her." in empty.text
        long = await asked(browser, article, slag="correction", hva="x " * 400, steg="skriv")
        assert long.status_code == 422
    assert await Desk(at_once.redis).find(article) is None


async def test_whoever_approves_a_correction_sees_what_changed_and_who_gets_it(
    at_once: Ingest,
) -> None:
    article = await out(at_once)
    kari = await writer(at_once)
    seen = await kari.get(article)
    fields = alert(title="Eksempelinib kan skade nyrene")
    fields["change"] = {"kind": "correction", "note": WHY}
    assert (await kari.put(article, fields, seen["etag"])).status_code == 200
    await previewed(at_once, article, audience=900, first=12, not_owed=300)
    async with browser_of(at_once, await person(at_once, "Åse Eksempel")) as aase:
        page = (await aase.get(address(article, "godkjenn"))).text
        assert "Siden utgave 1, som leserne har nå" in page
        assert "<del>leveren</del><ins>nyrene</ins>" in page
        assert f"<q>{WHY}</q>" in page
        assert "Det er det første de får om saken: 12" in page
        assert "Har aldri fått varselet: 300" in page


async def test_what_is_not_out_is_just_written_on(at_once: Ingest) -> None:
    article = await waiting(at_once)
    async with browser_of(at_once, await person(at_once, "Kari Eksempel")) as browser:
        page = (await browser.get(address(article))).text
        assert "Saken er ikke ute" in page and f'action="{address(article)}"' not in page


async def test_news_is_corrected_on_its_page_alone(at_once: Ingest) -> None:
    kari = await writer(at_once)
    article = str((await kari.new(news())).json()["id"])
    async with browser_of(at_once, await person(at_once, "Kari Eksempel")) as browser:
        assert "Ingen får e-post." in (await browser.get(address(article))).text
        page = (await asked(browser, article, slag="correction", hva=WHY, steg="se")).text
        assert "Dette står øverst på siden" in page
