"""What waits can be stopped by anybody until it is out, and what is out can be withdrawn."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.newsroom.review.first_words import first_words
from services.ingest.newsroom.review.holding import clock
from services.ingest.newsroom.review.reach import told_of_the_end
from services.ingest.receipts.store import status_seen
from services.notify.mail.text import Letterhead, words_of
from shared.event_data import DeliveryStatus
from shared.revision import Change
from tests import make
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.review.cases import form_of, person, state, waiting, writer
from tests.ingest.newsroom.steps import NewsroomBrowser, browser_of
from tests.ingest.staff_at_work import kinds, news


@pytest.fixture
async def held(make_ingest: Any) -> Ingest:
    return await make_ingest(alert_approvals=1, alert_hold=60)


@pytest.fixture
async def at_once(make_ingest: Any) -> Ingest:
    """Where an approved alert is out at once."""
    return await make_ingest(alert_approvals=1, alert_hold=0)


def address(article: str, page: str) -> str:
    return f"/redaksjon/sak/{article}/{page}/"


async def approved(ola: NewsroomBrowser, article: str) -> None:
    await ola.get(address(article, "godkjenn"))
    await ola.send(address(article, "godkjenn"), **form_of(ola, address(article, "godkjenn")))


async def test_anybody_stops_what_waits_and_the_page_says_that_nothing_went_out(
    held: Ingest,
) -> None:
    kari = await writer(held)
    article = await waiting(held, kari)
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        await approved(ola, article)
    async with browser_of(held, await person(held, "Kari Eksempel")) as browser:
        await browser.get(address(article, "stopp"))
        form = form_of(browser, address(article, "stopp"))
        sent = [browser.send(address(article, "stopp"), **form) for _ in range(4)]
        answers = await asyncio.gather(*sent)
        assert {answer.status_code for answer in answers} == {200}
        assert "Ingen har fått noe." in answers[0].text
        assert f'href="{address(article, "skriv")}"' in answers[0].text
    assert await state(held, article) == "draft"
    assert "article.published" not in await kinds(held)


async def test_a_stop_takes_no_reason_and_may_have_one_that_the_writer_reads(held: Ingest) -> None:
    kari = await writer(held)
    article = await waiting(held, kari)
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        await approved(ola, article)
        page = (await ola.get(address(article, "stopp"))).text
        assert "<textarea" not in page  # the page is loaded anew by itself
        page = (await ola.get(address(article, "stopp") + "?hvorfor")).text
        assert "http-equiv" not in page
        form = form_of(ola, address(article, "stopp"))
        await ola.send(address(article, "stopp"), **form, hvorfor="Feil dose.")
        assert "«Feil dose.»" in ola.page
    assert (await kari.get(article))["returned"]["note"] == "Feil dose."


async def test_a_stop_that_comes_too_late_says_what_can_be_done(at_once: Ingest) -> None:
    article = await waiting(at_once)
    async with browser_of(at_once, await person(at_once, "Ola Eksempel")) as ola:
        await ola.get(address(article, "stopp"))
        form = form_of(ola, address(article, "stopp"))
        await approved(ola, article)
        answer = await ola.send(address(article, "stopp"), **form)
        assert answer.status_code == 409
        assert "Saken er alt publisert" in answer.text
        assert f'href="{address(article, "trekk")}"' in answer.text
        assert f'href="{address(article, "rett")}"' in answer.text
        shown = await ola.http.get(address(article, "stopp"))
        assert shown.headers["location"] == address(article, "kvittering")


async def test_the_script_is_told_how_long_it_waits_and_when_it_is_over(held: Ingest) -> None:
    article = await waiting(held)
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        await approved(ola, article)
        told = (await ola.http.get(f"{address(article, 'stopp')}naa")).json()
        assert 50 <= told["seconds"] <= 60 and f'data-mark="{told["mark"]}"' in ola.page
        await ola.send(address(article, "stopp"), **form_of(ola, address(article, "stopp")))
        after = (await ola.http.get(f"{address(article, 'stopp')}naa")).json()
        assert after["seconds"] == 0 and after["mark"] != told["mark"]


@given(st.integers(0, 10**6))
def test_a_clock_says_all_of_its_seconds(seconds: int) -> None:
    days, _, rest = clock(seconds).rpartition(" d ")
    total = int(days or 0) * 86400
    for place, part in enumerate(reversed(rest.split(":"))):
        total += int(part) * 60**place
    assert total == seconds


async def test_whoever_withdraws_reads_first_what_members_will_and_is_asked_once(
    at_once: Ingest,
) -> None:
    article = await waiting(at_once)
    async with browser_of(at_once, await person(at_once, "Ola Eksempel")) as ola:
        await approved(ola, article)
        for op in status_seen(delivery(article, handed_over=900, open_=100), []).ops:
            await at_once.redis.execute_command(*op)
        trekk = address(article, "trekk")
        page = (await ola.get(trekk)).text
        assert "Så langt er det 900." in page and "100 står for tur" in page
        assert 'value="trekk"' not in page
        empty = await ola.send(trekk, **form_of(ola, trekk), hvorfor="", steg="se")
        assert empty.status_code == 422 and "Skriv noen ord her." in empty.text
        why = "Tilsynet tok feil."
        page = (await ola.send(trekk, **form_of(ola, trekk), hvorfor=why, steg="se")).text
        assert "TRUKKET: Sikkerhetsvarsel: Eksempelinib kan skade leveren" in page
        assert "Varselet gjelder ikke lenger" in page and why in page
        assert await state(at_once, article) == "published"
        form = form_of(ola, trekk)
        back = (await ola.send(trekk, **form, steg="tilbake")).text
        assert f"\n{why}</textarea>" in back
        answers = await asyncio.gather(
            *(ola.http.post(trekk, data=form | {"steg": "trekk"}) for _ in range(3))
        )
        assert {answer.headers["location"] for answer in answers} <= {
            address(article, "kvittering"),
            trekk,
        }
    assert await state(at_once, article) == "withdrawn"
    assert (await kinds(at_once)).count("article.withdrawn") == 1


def delivery(article: str, handed_over: int, open_: int) -> DeliveryStatus:
    return DeliveryStatus(
        delivery=f"{article}.1",
        article=article,
        revision=1,
        state="sending",
        audience=handed_over + open_,
        handed_over=handed_over,
        failed=0,
        suppressed=0,
        open=open_,
        sequence=1,
    )


async def test_an_editor_is_told_who_can_withdraw(at_once: Ingest) -> None:
    article = await waiting(at_once)
    async with browser_of(at_once, await person(at_once, "Ola Eksempel")) as ola:
        await approved(ola, article)
    async with browser_of(at_once, await person(at_once, "Per Eksempel", "editor")) as per:
        page = (await per.get(address(article, "trekk"))).text
        assert "Bare en godkjenner kan trekke et varsel." in page
        answer = await per.send(
            address(article, "trekk"), hvorfor="Feil.", steg="trekk", utgave="", nummer=""
        )
        assert answer.status_code == 403 and "Feil." in answer.text
    assert await state(at_once, article) == "published"


async def test_news_is_withdrawn_and_nobody_is_mailed(at_once: Ingest) -> None:
    kari = await writer(at_once)
    article = str((await kari.new(news())).json()["id"])
    async with browser_of(at_once, await person(at_once, "Kari Eksempel")) as browser:
        trekk = address(article, "trekk")
        assert "Ingen får e-post om det." in (await browser.get(trekk)).text
        await browser.send(trekk, **form_of(browser, trekk), hvorfor="Avlyst.", steg="se")
        await browser.send(trekk, **form_of(browser, trekk), steg="trekk")
    assert await state(at_once, article) == "withdrawn"


HEAD = Letterhead(site="https://varsel.example.org", site_name="Foreningen", sender="a@example.org")


@pytest.mark.parametrize("mode", ["actual", "exercise", "test"])
@pytest.mark.parametrize("lang", ["nb", "nn"])
@pytest.mark.parametrize("kind", ["correction", "withdrawal"])
def test_the_first_words_are_those_that_the_mail_has(lang: Any, kind: Any, mode: Any) -> None:
    article = make.alert(lang=lang, alert=make.alert_fields() | {"mode": mode})
    note = "Dosen var feil."
    revision = make.revision(
        article,
        revision=2,
        revised_at=datetime(2026, 9, 2, tzinfo=UTC),
        change=Change(kind=kind, note=note),
    )
    mail = words_of(revision, kind, HEAD, unsubscribe="https://varsel.example.org/x")
    said = first_words(article, kind, note)
    assert said and said.subject == mail.subject
    text, place = " ".join(mail.text.split()).casefold(), 0
    for line in (said.heading, *said.lines, said.note):
        place = text.index(line.casefold(), place) + len(line)
    assert place < len(text) / 2


async def test_a_schedule_is_shown_as_a_day_and_an_hour(held: Ingest) -> None:
    kari = await writer(held)
    at = datetime.now(UTC) + timedelta(days=3)
    article = await waiting(held, kari, publish_at=at.isoformat(timespec="seconds"))
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        await approved(ola, article)
        assert "2 d 23:59:" in ola.page or "3 d 0:00:" in ola.page
        assert 'content="60; url=?selv"' in ola.page


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=4))
def test_nobody_is_promised_silence_who_may_have_got_the_alert(sums: list[Any]) -> None:
    deliveries = [delivery("a1b2c3d4e5f6", one, other) for one, other in sums]
    told = told_of_the_end(deliveries)
    nobody = any("Ingen har fått" in one.text for one in told)
    waits = bool(sums) and sums[0][1] > 0
    assert nobody == (not waits and all(handed_over == 0 for handed_over, _ in sums))
