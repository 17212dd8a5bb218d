"""The receipt in the newsroom: what has become of an alert, and what can be done about it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.ingest.audit.entries import TrailEntry
from services.ingest.audit.trail import Trail
from shared.event_data import Post
from shared.events import DeliveryWanted, from_fields
from tests import make
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.live.steps import an_alert, half_way, stands
from tests.ingest.newsroom.steps import NewsroomBrowser, browser_of, somebody
from tests.ingest.statuses import status

HIDDEN = re.compile(r'name="(utsending|fordi)" value="([^"]*)"')


@pytest.fixture
async def ingest(make_ingest: Any) -> Ingest:
    return await make_ingest(alert_approvals=0)


def at(article: str, more: str = "") -> str:
    return f"/redaksjon/sak/{article}/kvittering/{more}"


async def wanted(ingest: Ingest) -> list[DeliveryWanted]:
    events = [from_fields(fields) for _, fields in await ingest.redis.xrange("control")]
    return [event for event in events if isinstance(event, DeliveryWanted)]


async def press(browser: NewsroomBrowser, article: str, what: str) -> Any:
    """Press a button of the last page."""
    return await browser.send(at(article, what), **dict(HIDDEN.findall(browser.page)))


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def test_it_shows_how_far_it_is_and_why_some_have_it_not(ingest: Ingest) -> None:
    article = await an_alert(ingest)
    later = datetime.now(UTC) + timedelta(hours=1)
    await stands(
        ingest,
        status(
            article, 3, 900, audience=1500, failed=30, suppressed=20, open=550, bounced=4,
            failed_by={"no_address": 20, "full": 10}, bounced_by={"closed": 4},
            put_off_until=later,
        ),
    )  # fmt: skip
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as kari:
        page = text_of((await kari.get(at(article))).text)
    for said in (
        "Varselet: ",
        "900 av 1 500 er sendt",
        "Siden er ute. Varsel så den slik leserne ser den",
        "Gjenstår 550",
        "Adressen finnes ikke: 20",
        "Postkassen er full: 10",
        "4 av de sendte",
        "Postkassen er stengt: 4",
        "Ikke sendt 20",
    ):
        assert said in page, said
    assert "De som er bedt om å vente, prøves igjen" in page


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("operator", "Ingen flere får e-post før noen lar den gå videre"),
        ("stale", "Les saken igjen"),
        ("page_wrong other_page", "Leserne ser ikke siden: den viser en annen side"),
        ("page_wrong 404", "Leserne ser ikke siden: den svarer 404"),
        ("page_unseen dns", "navnet på nettstedet finnes ikke"),
        ("rcpt 5.7.1 550", "Den tar ikke imot akkurat nå"),
        ("unsafe", "Rett saken"),
    ],
)
async def test_why_it_waits_is_said_with_what_to_do(ingest: Ingest, cause: str, said: str) -> None:
    article = await half_way(ingest, state="paused", cause=cause)
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as kari:
        page = text_of((await kari.get(at(article))).text)
    assert said in page
    assert cause.startswith("rcpt") == (cause in page), "codes are for whoever runs the system"


@pytest.mark.parametrize(
    ("cause", "button", "is_first"),
    [
        ("operator", "La den gå videre", True),
        ("stale", "La den gå videre", True),
        ("page_wrong 404", "Send likevel", False),
        ("no connection", "Prøv igjen", False),
        ("too_large", "Prøv igjen", False),
    ],
)
async def test_letting_it_go_on_says_what_that_comes_to(
    ingest: Ingest, cause: str, button: str, is_first: bool
) -> None:
    article = await half_way(ingest, state="paused", cause=cause)
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as kari:
        page = (await kari.get(at(article))).text
    shown = re.search(r'<button id="gjor-resume"([^>]*)>([^<]*)<', page)
    assert shown
    assert (shown[2], "main" in shown[1]) == (button, is_first)


async def test_a_pause_is_asked_for_and_shown_until_it_is_heard_and_then_it_can_go_on(
    ingest: Ingest,
) -> None:
    article = await half_way(ingest)
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as kari:
        await kari.get(at(article))
        answer = await press(kari, article, "pause")
        assert answer.url.path == at(article)
        assert "Kari Eksempel ba om pause. Venter på svar" in answer.text
        assert "Sett på pause" not in answer.text
        (event,) = await wanted(ingest)
        assert (event.data.command, event.data.delivery) == ("hold", f"{article}.1")
        heard = {"state": "paused", "cause": "operator", "heeded": event.data.sequence}
        await stands(ingest, status(article, 4, 4, **heard))
        page = (await kari.get(at(article))).text
        assert "Venter på svar" not in page
        await press(kari, article, "videre")
    first, second = await wanted(ingest)
    assert (second.data.command, second.data.seen) == ("resume", "operator")
    assert second.data.sequence > first.data.sequence
    entries = [TrailEntry.of(line) async for line in Trail(ingest.redis).read()]
    said = [(one.actor, one.what) for one in entries if one.what.startswith("delivery_")]
    assert said == [("Kari Eksempel", "delivery_held"), ("Kari Eksempel", "delivery_resumed")]


async def test_a_cancel_asks_once_and_only_its_button_does_it(ingest: Ingest) -> None:
    article = await half_way(ingest)
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as kari:
        page = (await kari.get(at(article))).text
        assert f'href="{at(article, "avbryt/")}"' in page
        question = text_of((await kari.get(at(article, "avbryt/"))).text)
        assert "Det kan ikke gjøres om" in question
        assert "6 har ikke fått den ennå, og får den aldri" in question
        assert await wanted(ingest) == []
        await press(kari, article, "avbryt")
        (event,) = await wanted(ingest)
        assert event.data.command == "cancel"
        ended_as = {"state": "complete", "cause": "cancelled", "open": 0, "suppressed": 6}
        await stands(ingest, status(article, 9, 4, heeded=event.data.sequence, **ended_as))
        ended = (await kari.get(at(article))).text
        assert "Avbrutt" in text_of(ended)
        assert "gjor-" not in ended
        assert 'http-equiv="refresh"' not in ended
        # Nothing to ask any more.
        assert (await kari.get(at(article, "avbryt/"))).url.path == at(article)


async def test_those_who_failed_are_tried_again_also_after_its_end(ingest: Ingest) -> None:
    article = await an_alert(ingest)
    await stands(ingest, status(article, 9, 8, state="complete", failed=2, open=0,
                                failed_by={"full": 2}))  # fmt: skip
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as kari:
        page = await kari.get(at(article))
        assert "Ferdig, men ikke alle har fått den" in page.text
        await press(kari, article, "igjen")
    assert [event.data.command for event in await wanted(ingest)] == ["again"]


async def test_whoever_writes_may_only_pause_where_alerts_are_approved(make_ingest: Any) -> None:
    ingest = await make_ingest(alert_approvals=0)
    article = await half_way(ingest)
    strict = await make_ingest(alert_approvals=1)
    async with browser_of(strict, await somebody(strict, "Kari Eksempel")) as kari:
        page = (await kari.get(at(article))).text
        assert 'id="gjor-hold"' in page
        assert 'id="gjor-cancel"' not in page
        assert (await press(kari, article, "avbryt")).status_code == 403
        assert await wanted(strict) == []
    async with browser_of(strict, await somebody(strict, "Ola Eksempel", "approver")) as ola:
        assert 'id="gjor-cancel"' in (await ola.get(at(article))).text


async def test_what_changed_while_the_page_was_open_is_told_and_nothing_is_done(
    ingest: Ingest,
) -> None:
    article = await half_way(ingest, state="paused", cause="operator")
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as kari:
        await kari.get(at(article))
        await stands(ingest, status(article, 5, 4, state="paused", cause="stale"))
        answer = await press(kari, article, "videre")
    assert answer.status_code == 409
    assert "Noe annet stanser utsendingen nå" in answer.text
    assert "Se hvordan det står" in answer.text
    assert await wanted(ingest) == []


async def test_a_form_of_another_site_does_nothing_nor_does_a_get(ingest: Ingest) -> None:
    article = await half_way(ingest)
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as kari:
        page = await kari.get(at(article))
        fields = dict(HIDDEN.findall(page.text)) | {"skjema": "0" * 32}
        assert (await kari.http.post(at(article, "pause"), data=fields)).status_code == 403
        assert (await kari.http.get(at(article, "pause"))).status_code == 405
    assert await wanted(ingest) == []


async def test_without_a_script_it_loads_again_by_itself_until_it_has_ended(
    ingest: Ingest,
) -> None:
    article = await half_way(ingest)
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as kari:
        page = (await kari.get(at(article))).text
        assert '<noscript><meta http-equiv="refresh" content="5; url=?selv"></noscript>' in page
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", page)
        await stands(ingest, status(article, 9, 10, state="complete"))
        ended = (await kari.get(at(article))).text
        assert "refresh" not in ended
        assert "Alle har fått den" in ended


async def test_followers_and_earlier_deliveries_are_shown(ingest: Ingest) -> None:
    article = await an_alert(ingest)
    await stands(ingest, status(article, 9, 9, state="complete", failed=1, open=0))
    await stands(
        ingest,
        status(article, 2, 3, delivery=f"{article}.2", revision=2, kind="correction"),
    )
    for name, code, final in (("a", 200, True), ("b", 500, False), ("c", 410, True)):
        post = Post(
            post=name, article=article, revision=1, follower=f"{name}.example.org", attempt=1,
            status=code, final=final,
        )  # fmt: skip
        key = f"ingest:posts:{article}"
        await ingest.redis.hset(key, f"post:{name}", post.model_dump_json())
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as kari:
        page = text_of((await kari.get(at(article))).text)
    assert "Rettelsen: Sendes nå" in page
    assert "Varselet (utgave 1): 9 av 10 er sendt, 1 kom ikke fram." in page
    assert "1 har fått beskjed. 1 svarer ikke og prøves igjen. Gitt opp: c.example.org." in page


async def test_news_mails_nobody_and_what_is_not_there_is_said(ingest: Ingest) -> None:
    news = (await ingest.post(make.news().model_dump(mode="json"))).json()["id"]
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as kari:
        page = (await kari.get(at(news))).text
        assert "Denne saken blir ikke sendt til noen på e-post" in page
        assert (await kari.get(at("finnesikke99"))).status_code == 404
    async with browser_of(ingest) as stranger:
        answer = await stranger.http.get(at(news))
        assert answer.status_code == 303


async def test_it_is_there_in_nynorsk(ingest: Ingest) -> None:
    article = await half_way(ingest)
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as kari:
        page = (await kari.get(at(article), headers={"Cookie": "varsel-maal=nn"})).text
        kari.http.cookies.set("varsel-maal", "nn", domain="varsel.example.org")
        page = (await kari.get(at(article))).text
    assert "Set på pause" in page
    assert "Blir send no" in page
