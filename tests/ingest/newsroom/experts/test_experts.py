"""An expert without an account reads one revision and says what they think of it, once."""

import asyncio
import re

import pytest

from services.ingest.audit.trail import Trail
from services.ingest.newsroom.experts import reading
from services.ingest.remarks.remark import LONGEST_REMARK
from services.ingest.remarks.store import Remarks
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.review.cases import form_of, person, waiting, writer
from tests.ingest.newsroom.steps import NewsroomBrowser, browser_of
from tests.ingest.staff_at_work import alert, live, somebody

_LINK = re.compile(r"https://varsel\.example\.org(/redaksjon/fag/[\w-]+/)")


@pytest.fixture
async def held(make_ingest) -> Ingest:  # type: ignore[no-untyped-def]
    return await make_ingest(alert_approvals=1, alert_hold=60)


def remarks(ingest: Ingest) -> Remarks:
    return Remarks(ingest.redis, Trail(ingest.redis))


async def made(kari: NewsroomBrowser, article: str) -> str:
    """The path of a new link."""
    fag = f"/redaksjon/sak/{article}/fag/"
    await kari.get(fag)
    await kari.send(fag, **form_of(kari, fag))
    found = _LINK.search(kari.page)
    assert found
    return found[1]


def once(browser: NewsroomBrowser) -> str:
    return form_of(browser, "#merknader")["nummer"]


async def test_a_link_is_made_shown_once_and_used_by_somebody_without_an_account(
    held: Ingest,
) -> None:
    article = await waiting(held)
    async with browser_of(held, await person(held, "Kari Eksempel")) as kari:
        link = await made(kari, article)
        assert not _LINK.search((await kari.get(f"/redaksjon/sak/{article}/fag/")).text)
        async with browser_of(held) as expert:
            page = (await expert.get(link)).text
            assert "Eksempelinib kan gi alvorlig leverskade hos noen pasienter." in page
            assert "Kari Eksempel i" in page and "Logg ut" not in page
            said = {"navn": "Lise Lege", "merknad": "Dosen er feil.", "lest": "ja"}
            thanks = await expert.send(link, nummer=once(expert), **said)
            assert "Takk!" in thanks.text
        assert "Dosen er feil." in (await kari.get(f"/redaksjon/sak/{article}/fag/")).text
    (kept,) = await remarks(held).of(article)
    assert (kept.name, kept.read, kept.revision) == ("Lise Lege", True, 1)


async def test_a_remark_that_is_sent_twice_is_there_once(held: Ingest) -> None:
    article = await waiting(held)
    async with browser_of(held, await person(held, "Kari Eksempel")) as kari:
        link = await made(kari, article)
    async with browser_of(held) as expert:
        await expert.get(link)
        said = {"nummer": once(expert), "navn": "Lise Lege", "merknad": "Dosen er feil."}
        await asyncio.gather(*(expert.send(link, **said) for _ in range(5)))
    assert len(await remarks(held).of(article)) == 1


async def test_a_link_gives_its_owner_nothing_else(held: Ingest) -> None:
    article, other = await waiting(held), await waiting(held, title="En annen sak")
    async with browser_of(held, await person(held, "Kari Eksempel")) as kari:
        link = await made(kari, article)
    async with browser_of(held) as expert:
        await expert.get(link)
        for path in ("", f"sak/{article}/godkjenn/", f"sak/{article}/fag/", f"sak/{other}/fag/"):
            answer = await expert.http.get(f"/redaksjon/{path}")
            assert answer.status_code in (303, 404)
        elsewhere = link.replace(article, other)
        assert (await expert.get(elsewhere)).status_code == 404


async def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(
    held: Ingest,
) -> None:
    article = await waiting(held)
    async with browser_of(held, await person(held, "Kari Eksempel")) as kari:
        link = await made(kari, article)
    async with browser_of(held) as expert:
        await expert.get(link)
        answer = await expert.send(link, nummer=once(expert), navn="", merknad="Dosen er feil.")
        assert answer.status_code == 422
        assert 'aria-describedby="navn-feil navn-hjelp"' in answer.text
        assert "\nDosen er feil.</textarea>" in answer.text
        nothing = await expert.send(link, nummer=once(expert), navn="Lise Lege", merknad=" ")
        assert nothing.status_code == 422 and 'value="Lise Lege"' in nothing.text
        bad = await expert.send(link, nummer="", navn="Lise\u202e", merknad="x")
        assert bad.status_code == 422
        assert 'id="navn-feil"' in bad.text and 'id="merknad-feil"' not in bad.text
    assert await remarks(held).of(article) == []


@pytest.mark.parametrize("sign", ["x", "–", "ж", "😀"])
async def test_a_remark_within_the_limit_is_taken_whatever_letters_it_has(
    held: Ingest, sign: str
) -> None:
    article = await waiting(held)
    async with browser_of(held, await person(held, "Kari Eksempel")) as kari:
        link = await made(kari, article)
    async with browser_of(held) as expert:
        await expert.get(link)
        text = sign * LONGEST_REMARK
        thanks = await expert.send(link, nummer=once(expert), navn="Lise Lege", merknad=text)
        assert "Takk!" in thanks.text
    (kept,) = await remarks(held).of(article)
    assert kept.text == text


async def test_whoever_approves_sees_who_made_the_link_that_a_remark_came_by(held: Ingest) -> None:
    article = await waiting(held)
    async with browser_of(held, await person(held, "Kari Eksempel")) as kari:
        link = await made(kari, article)
    async with browser_of(held) as expert:
        await expert.get(link)
        await expert.send(link, nummer=once(expert), navn="Lise Lege", merknad="", lest="ja")
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        page = (await ola.get(f"/redaksjon/sak/{article}/godkjenn/")).text
    assert "Lise Lege" in page and "Lenken er laget av Kari Eksempel." in page


async def test_who_has_the_link_reads_the_revision_that_it_was_made_for(held: Ingest) -> None:
    kari = await writer(held)
    article = await waiting(held, kari)
    async with browser_of(held, await person(held, "Kari Eksempel")) as browser:
        link = await made(browser, article)
    seen = await kari.get(article)
    await kari.put(article, alert(title="Noe annet"), seen["etag"])
    async with browser_of(held) as expert:
        page = (await expert.get(link)).text
        assert "Eksempelinib kan skade leveren" in page and "(utgave 1)" in page
        await expert.send(link, nummer=once(expert), navn="Lise Lege", lest="ja")
    (kept,) = await remarks(held).of(article)
    assert kept.revision == 1


async def test_a_link_that_was_ended_keeps_what_was_typed_on_the_page(held: Ingest) -> None:
    article = await waiting(held)
    async with browser_of(held, await person(held, "Kari Eksempel")) as kari:
        link = await made(kari, article)
        async with browser_of(held) as expert:
            await expert.get(link)
            nummer = once(expert)
            await kari.get(f"/redaksjon/sak/{article}/fag/")
            end = f"/redaksjon/sak/{article}/fag/avslutt"
            await kari.send(end, **form_of(kari, end))
            assert "Lenker som virker" not in kari.page
            late = await expert.send(link, nummer=nummer, navn="Lise", merknad="Dosen er feil.")
            assert late.status_code == 404
            assert "Dosen er feil." in late.text and "Lenken virker ikke lenger" in late.text
    assert await remarks(held).of(article) == []


async def test_another_site_can_send_no_remark(held: Ingest) -> None:
    article = await waiting(held)
    async with browser_of(held, await person(held, "Kari Eksempel")) as kari:
        link = await made(kari, article)
    async with browser_of(held) as expert:
        await expert.get(link)
        answer = await expert.http.post(
            link,
            data={"navn": "Lise", "merknad": "x", "skjema": "0" * 32},
            headers={"Sec-Fetch-Site": "cross-site"},
        )
        assert answer.status_code == 403
    assert await remarks(held).of(article) == []


async def test_there_is_no_link_before_anything_was_sent_in(held: Ingest) -> None:
    async with browser_of(held, await person(held, "Kari Eksempel")) as kari:
        answer = await kari.get("/redaksjon/sak/finnesikke12/fag/")
        assert answer.status_code == 404 and "Send inn saken først" in answer.text


async def test_a_text_that_takes_too_long_is_shown_as_it_was_written_and_can_be_remarked_on(
    held: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = await waiting(held, body="Ta *ikke* mer enn 50 mg.\n\n" * 500)
    async with browser_of(held, await person(held, "Kari Eksempel")) as kari:
        link = await made(kari, article)
        async with browser_of(held) as expert:
            assert "Ta <em>ikke</em> mer" in (await expert.get(link)).text
            monkeypatch.setattr(reading, "_READ_SECONDS", 0.0)
            page = await expert.get(link)
            assert page.status_code == 200
            assert "Ta *ikke* mer enn 50 mg." in page.text
            said = {"navn": "Lise Lege", "merknad": "Dosen er feil.", "lest": "ja"}
            assert "Takk!" in (await expert.send(link, nummer=once(expert), **said)).text


async def test_of_an_article_that_is_out_nobody_is_asked_to_read_before_it_is(
    make_ingest,  # type: ignore[no-untyped-def]
) -> None:
    ingest: Ingest = await make_ingest(alert_approvals=1, alert_hold=0)
    ola = await somebody(ingest, "Ola Eksempel", "approver")
    article = await live(await writer(ingest), ola)
    async with browser_of(ingest, await person(ingest, "Kari Eksempel")) as kari:
        await made(kari, article)
        assert "før den" not in kari.page
        assert "som vi har publisert" in kari.page
        assert "Er noe feil, så rett saken." in kari.page
