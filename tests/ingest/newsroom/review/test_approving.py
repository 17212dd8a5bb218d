"""What is approved is exactly what was on the page, and nothing happens twice or by mistake."""

import asyncio
from typing import Any

import pytest

from services.ingest.audit.entries import TrailEntry
from services.ingest.audit.trail import Trail
from services.ingest.lifecycle.store import Articles
from services.ingest.newsroom.review import gather_case
from services.ingest.remarks.store import Remarks
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.review.cases import form_of, person, previewed, state, waiting, writer
from tests.ingest.newsroom.steps import browser_of
from tests.ingest.staff_at_work import alert, kinds, news


@pytest.fixture
async def held(make_ingest: Any) -> Ingest:
    """Where an alert needs one approval, and then waits for a minute."""
    return await make_ingest(alert_approvals=1, alert_hold=60)


def address(article: str, page: str = "godkjenn") -> str:
    return f"/redaksjon/sak/{article}/{page}/"


PAGES = (
    *("", "skriv", "vis", "send-inn", "historikk", "fag", "kvittering"),
    *("godkjenn", "avvis", "stopp", "trekk", "rett"),
)
"""Every page of an article."""


async def whats(ingest: Ingest) -> list[str]:
    return [TrailEntry.of(line).what async for line in Trail(ingest.redis).read()]


async def test_whoever_approves_sees_how_many_it_reaches_and_how_many_not_and_why(
    held: Ingest,
) -> None:
    article = await waiting(held)
    why_not = {"gone": 7, "chose_others": 400, "not_owed": 3, "no_address": 6}
    await previewed(held, article, audience=1234, **why_not)
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        page = (await ola.get(address(article))).text
    assert "Går til 1\u00a0234 medlemmer." in page
    assert "Har meldt seg av, eller er slettet: 7" in page
    assert "Har valgt andre emner: 400" in page
    assert "Får ikke øvelser: 3" in page
    assert "Har en e-postadresse som ikke finnes lenger: 6" in page
    assert "Ingen har godkjent noe av denne saken før." in page
    assert "/godkjenn/epost" in page


async def test_an_approved_alert_waits_and_the_page_says_how_long(held: Ingest) -> None:
    article = await waiting(held)
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        await ola.get(address(article))
        answer = await ola.send(address(article), **form_of(ola, address(article)))
        assert answer.url.path == address(article, "stopp")
        assert 'data-seconds="60"' in answer.text or 'data-seconds="59"' in answer.text
        assert 'http-equiv="refresh"' in answer.text
    assert await state(held, article) == "approved"


async def test_what_was_saved_meanwhile_is_not_approved(held: Ingest) -> None:
    kari = await writer(held)
    article = await waiting(held, kari)
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        await ola.get(address(article))
        form = form_of(ola, address(article))
        seen = await kari.get(article)
        await kari.put(article, alert(title="Noe helt annet"), seen["etag"])
        await previewed(held, article)
        answer = await ola.send(address(article), **form)
        assert answer.status_code == 412
        assert "Saken er endret i mellomtiden" in answer.text
        assert f'href="{address(article)}"' in answer.text
    assert await state(held, article) == "in_review"


async def test_a_form_without_what_was_seen_approves_nothing(held: Ingest) -> None:
    article = await waiting(held)
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        await ola.get(address(article))
        for wrong in ("", "*", '"1-00000000', '"99-0123456789abcdef"'):
            form = form_of(ola, address(article)) | {"utgave": wrong}
            answer = await ola.send(address(article), **form)
            assert answer.status_code in (412, 428)
            await ola.get(address(article))
    assert await state(held, article) == "in_review"


async def test_a_double_click_approves_once_and_leads_to_one_page(held: Ingest) -> None:
    article = await waiting(held)
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        await ola.get(address(article))
        form = form_of(ola, address(article))
        answers = await asyncio.gather(*(ola.send(address(article), **form) for _ in range(5)))
        assert {answer.status_code for answer in answers} == {200}
        again = await ola.send(address(article), **form)
        assert again.url.path == address(article, "stopp")
    assert (await whats(held)).count("approved") == 1


async def test_two_who_approve_at_once_do_no_harm(held: Ingest) -> None:
    article = await waiting(held)
    ola, aase = await person(held, "Ola Eksempel"), await person(held, "Åse Eksempel")
    async with browser_of(held, ola) as one, browser_of(held, aase) as other:
        await one.get(address(article))
        await other.get(address(article))
        answers = await asyncio.gather(
            one.send(address(article), **form_of(one, address(article))),
            other.send(address(article), **form_of(other, address(article))),
        )
        codes = sorted(answer.status_code for answer in answers)
        assert codes == [200, 409]
        late = max(answers, key=lambda answer: answer.status_code)
        assert "Saken er alt godkjent" in late.text
        assert f'href="{address(article, "stopp")}"' in late.text
    assert (await whats(held)).count("approved") == 1


async def test_whoever_wrote_it_has_no_button_and_is_told_why(held: Ingest) -> None:
    kari = await writer(held)
    article = await waiting(held, kari)
    other = await waiting(held, await writer(held, "Ola Eksempel"), title="En annen sak")
    async with browser_of(held, await person(held, "Kari Eksempel")) as browser:
        page = (await browser.get(address(article))).text
        assert "Du har selv skrevet på saken" in page
        assert f'action="{address(article)}"' not in page
        await browser.get(address(other))
        # An editor who is no approver sends the form all the same.
        answer = await browser.send(address(other), utgave='"1-0123456789abcdef"', nummer="")
        assert answer.status_code == 403
        assert "bare en godkjenner" in answer.text


async def test_nobody_approves_before_the_mail_is_there(held: Ingest) -> None:
    kari = await writer(held)
    article = str((await kari.new(alert())).json()["id"])
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        page = (await ola.get(address(article))).text
        assert f'action="{address(article)}"' not in page
        assert "data-reload" in page and 'http-equiv="refresh"' in page
        etag = (await kari.get(article))["etag"]
        answer = await ola.send(address(article, "godkjenn"), utgave=etag)
        assert answer.status_code in (403, 409)
    assert await state(held, article) == "in_review"


async def test_a_page_that_somebody_reads_is_never_loaded_anew_by_itself(held: Ingest) -> None:
    article = await waiting(held)
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        page = (await ola.get(address(article))).text
        assert "data-reload" not in page and "http-equiv" not in page
        before = (await ola.http.get(f"{address(article)}merke")).json()["mark"]
        assert f'data-mark="{before}"' in page
        await ola.send(address(article), **form_of(ola, address(article)))
        assert (await ola.http.get(f"{address(article)}merke")).json()["mark"] != before


async def test_the_mail_is_shown_in_a_frame_that_can_do_nothing(held: Ingest) -> None:
    article = await waiting(held)
    await previewed(held, article, html="<p>Hei <script>alert(1)</script></p>")
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        answer = await ola.get(f"{address(article)}epost")
        policy = answer.headers["content-security-policy"]
        assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy.split("; ")
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy
    async with browser_of(held) as stranger:
        for part in ("", "epost", "merke"):
            answer = await stranger.http.get(f"{address(article)}{part}")
            after = "" if part else f"?til={address(article)}"
            assert answer.headers["location"] == f"/redaksjon/inn/{after}"


async def test_whoever_rejects_says_why_and_the_writer_reads_it(held: Ingest) -> None:
    kari = await writer(held)
    article = await waiting(held, kari)
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        await ola.get(address(article, "avvis"))
        form = form_of(ola, address(article, "avvis"))
        empty = await ola.send(address(article, "avvis"), **form, hvorfor=" ")
        assert empty.status_code == 422 and "Skriv noen ord her." in empty.text
        long = await ola.send(address(article, "avvis"), **form, hvorfor="ord " * 200)
        assert long.status_code == 422 and "ord ord" in long.text
        said = "Dosen er feil.\r\n\r\nSe tabell 2."
        answer = await ola.http.post(
            address(article, "avvis"), data=form | {"hvorfor": said}, follow_redirects=False
        )
        assert answer.headers["location"] == f"/redaksjon/sak/{article}/"
        page = (await ola.get(address(article))).text
        assert "Dosen er feil. Se tabell 2." in page
    assert (await kari.get(article))["returned"]["note"] == "Dosen er feil. Se tabell 2."


async def test_what_was_typed_is_on_the_page_that_says_why_it_did_nothing(held: Ingest) -> None:
    article = await waiting(held)
    ola, aase = await person(held, "Ola Eksempel"), await person(held, "Åse Eksempel")
    async with browser_of(held, ola) as one, browser_of(held, aase) as other:
        await one.get(address(article, "avvis"))
        form = form_of(one, address(article, "avvis"))
        await other.get(address(article))
        await other.send(address(article), **form_of(other, address(article)))
        late = await one.send(address(article, "avvis"), **form, hvorfor="Dosen er feil.")
        assert late.status_code == 409
        assert "Dosen er feil." in late.text and "Saken er alt godkjent" in late.text


async def test_exactly_what_changed_since_the_last_approval_is_shown(held: Ingest) -> None:
    kari = await writer(held)
    article = await waiting(held, kari, body="Ta 50 mg om dagen, og ikke mer enn det.")
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        await ola.get(address(article))
        await ola.send(address(article), **form_of(ola, address(article)))
        await ola.send(address(article, "stopp"), **form_of(ola, address(article, "stopp")))
        await kari.take("submit", article)
        await previewed(held, article)
        same = (await ola.get(address(article))).text
        assert "Akkurat denne teksten er godkjent før, og så stoppet." in same
        seen = await kari.get(article)
        changed = alert(body="Ta 500 mg om dagen, og ikke mer enn det.")
        await kari.put(article, changed, seen["etag"])
        await previewed(held, article)
        page = (await ola.get(address(article))).text
        assert "Siden utgave 1, som sist ble godkjent" in page
        assert "Ta <del>50</del><ins>500</ins> mg om dagen" in page


async def test_what_was_mended_since_a_rejection_is_shown(held: Ingest) -> None:
    kari = await writer(held)
    article = await waiting(held, kari)
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        await ola.get(address(article, "avvis"))
        form = form_of(ola, address(article, "avvis"))
        await ola.send(address(article, "avvis"), **form, hvorfor="Tittelen er feil.")
        seen = await kari.get(article)
        await kari.put(article, alert(title="Eksempelinib kan skade nyrene"), seen["etag"])
        await previewed(held, article)
        page = (await ola.get(address(article))).text
        assert "Siden utgave 1, som ble avvist" in page
        assert "<del>leveren</del><ins>nyrene</ins>" in page


async def test_what_cannot_be_compared_is_to_be_read_whole_and_can_be_approved(
    held: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However dear the comparison is, it keeps nobody from what is urgent."""
    kari = await writer(held)
    article = await waiting(held, kari, body="Ta 50 mg. " * 2000)
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        await ola.get(address(article))
        await ola.send(address(article), **form_of(ola, address(article)))
        await ola.send(address(article, "stopp"), **form_of(ola, address(article, "stopp")))
        seen = await kari.get(article)
        await kari.put(article, alert(body="Ta 5 mg. " * 2000), seen["etag"])
        await previewed(held, article)
        monkeypatch.setattr(gather_case, "_COMPARE_SECONDS", 0.0)
        page = (await ola.get(address(article))).text
        assert "Utgavene kunne ikke sammenlignes." in page
        await ola.send(address(article), **form_of(ola, address(article)))
    assert await state(held, article) == "approved"


async def test_live_alerts_that_are_alike_are_named(make_ingest: Any) -> None:
    ingest = await make_ingest(alert_approvals=1, alert_hold=0)
    first = await waiting(ingest)
    async with browser_of(ingest, await person(ingest, "Ola Eksempel")) as ola:
        await ola.get(address(first))
        await ola.send(address(first), **form_of(ola, address(first)))
        second = await waiting(ingest, title="Eksempelinib kan skade nyrene")
        page = (await ola.get(address(second))).text
        assert "Ligner på noe som er ute" in page
        assert "Eksempelinib kan skade leveren" in page
        assert f'href="/redaksjon/sak/{first}/"' in page


async def test_an_experts_remark_is_before_the_approver_with_the_revision_it_is_of(
    held: Ingest,
) -> None:
    kari = await writer(held)
    article = await waiting(held, kari)
    life = await Articles(held.redis).life(article)
    assert life
    remarks = Remarks(held.redis, Trail(held.redis))
    token = await remarks.make_link(article, 1, life.sha256, "Kari Eksempel")
    await remarks.add(token, "one", "Lise Lege", "Dosen i <b>punkt 2</b> er feil.", read=True)
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        page = (await ola.get(address(article))).text
        assert "Dosen i &lt;b&gt;punkt 2&lt;/b&gt; er feil." in page
        assert "faglig lest" in page and "Lise Lege" in page
        assert "Gjelder utgave" not in page
        seen = await kari.get(article)
        await kari.put(article, alert(title="Eksempelinib kan skade nyrene"), seen["etag"])
        page = (await ola.get(address(article))).text
        assert "Gjelder utgave 1, ikke denne." in page


async def test_who_let_whom_in_is_named_before_approval(held: Ingest) -> None:
    kari = await writer(held)
    author = await person(held, "Kari Eksempel")
    article = await waiting(held, kari)
    from services.ingest.people.store import People

    ola = await People(held.redis).add("Ola Eksempel", "approver", author)
    async with browser_of(held, ola) as browser:
        page = (await browser.get(address(article))).text
    assert "Ola Eksempel ble invitert av Kari Eksempel, som har skrevet på denne saken." in page


async def test_an_author_who_could_come_in_as_the_approver_is_named_before_approval(
    held: Ingest,
) -> None:
    from services.ingest.people.store import People

    article = await waiting(held, await writer(held))
    people = People(held.redis)
    kari = await people.set_role((await person(held, "Kari Eksempel")).id, "admin")
    anne = await people.add("Anne Eksempel", "editor")
    async with browser_of(held, kari) as admin:
        await admin.get("/redaksjon/folk/")
        await admin.send("/redaksjon/folk/rolle/", person=anne.id, rolle="approver")
        await admin.send("/redaksjon/folk/lenke/", person=anne.id)
        await admin.get("/redaksjon/nokler/")
        await admin.send("/redaksjon/nokler/ny/", person=anne.id)
    async with browser_of(held, anne) as browser:
        page = (await browser.get(address(article))).text
    wrote = "Kari Eksempel, som har skrevet på denne saken."
    assert f"Anne Eksempel fikk rollen sin av {wrote}" in page
    assert f"Anne Eksempel fikk en ny lenke inn av {wrote}" in page
    assert f"Anne Eksempel har en nøkkel som er laget av {wrote}" in page


async def test_an_exercise_is_marked_on_every_page(held: Ingest) -> None:
    fields = alert()
    fields["alert"]["mode"] = "exercise"
    article = await waiting(held, alert=fields["alert"])
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        for page in PAGES:
            at = address(article, page).replace("//", "/")
            text = (await ola.get(at)).text
            assert "<title>ØVELSE: " in text, page
            assert text.count("ØVELSE – går bare til de ansatte") == 1, page


async def test_news_is_approved_by_nobody_and_its_page_says_so(make_ingest: Any) -> None:
    ingest = await make_ingest(alert_approvals=1, alert_hold=60)
    kari = await writer(ingest)
    article = str((await kari.new(news())).json()["id"])
    async with browser_of(ingest, await person(ingest, "Ola Eksempel")) as ola:
        page = (await ola.get(address(article))).text
        assert "Ingenting venter på godkjenning her." in page
    assert "article.published" in await kinds(ingest)


async def test_an_article_that_is_not_there_is_told_in_words(held: Ingest) -> None:
    async with browser_of(held, await person(held, "Ola Eksempel")) as ola:
        for page in ("godkjenn", "avvis", "stopp", "trekk"):
            answer = await ola.get(address("finnesikke12", page))
            assert answer.status_code == 404
            assert "Det er ingen sak" in answer.text
