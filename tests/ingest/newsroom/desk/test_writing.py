"""An editor writes without script: nothing typed is lost, and it becomes the article."""

import asyncio
import re
from typing import Any

import httpx
import pytest

from services.ingest.desk.judge import JudgedCopy
from services.ingest.desk.judge_copy import JudgeCopy
from services.ingest.lifecycle.store import Articles
from tests import make
from tests.ingest import staff_at_work
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.desk.steps import WHOLE_ALERT, FormFields, again, begin, missing, write
from tests.ingest.newsroom.steps import NewsroomBrowser, browser_of, somebody
from tests.wait import until


async def test_an_alert_is_written_submitted_and_has_all_who_typed_as_authors(
    make_ingest: Any,
) -> None:
    ingest: Ingest = await make_ingest(alert_approvals=1)
    three = [await somebody(ingest, name, "approver") for name in ("Kari", "Ola", "Per")]
    async with (
        browser_of(ingest, three[0]) as kari,
        browser_of(ingest, three[1]) as ola,
        browser_of(ingest, three[2]) as per,
    ):
        sak = await begin(kari)
        assert "alert.stop_advice.code" in missing(kari.page)
        assert 'name="alert.stop_advice.code" value="do_not_stop" id' in kari.page
        assert "alert.stop_advice.code" not in FormFields(kari.page).dict()
        whole = {**WHOLE_ALERT}
        title = whole.pop("title")
        await write(kari, sak, **whole)
        await write(ola, sak, title=title)
        answer = await write(per, sak, knapp="send-inn")
        assert missing(per.page) == []
        assert "godkjent" in answer.text
        seen = FormFields(per.page.replace('action="', 'id="skjema" x="', 9)).dict()["utgave"]
        answer = await per.send(f"{sak}send-inn/", utgave=seen)
        assert answer.url.path == sak, answer.text
        id_ = sak.split("/")[-2]
        stored = await Articles(ingest.redis).find(id_)
        assert stored
        assert stored.life.state == "in_review"
        assert {one.name for one in stored.life.authors} == {"Kari", "Ola", "Per"}
        assert stored.head.article.body == WHOLE_ALERT["body"].replace("\r\n", "\n")
        assert "Eksempelinib kan skade leveren" in (await kari.get("/redaksjon/")).text
        again_ = FormFields((await ola.get(f"{sak}skriv/")).text).dict()
        assert (again_["utgave"], again_["grunnlag"]) == ("0", "1")


async def test_what_is_missing_keeps_it_from_being_submitted_and_is_named(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari, "nyhet")
        answer = await write(kari, sak, knapp="send-inn", title="Møte")
        assert answer.url.path == f"{sak}send-inn/"
        assert missing(kari.page) == ["lead", "del-tekst"]
        answer = await kari.send(f"{sak}send-inn/", utgave="1")
        assert answer.status_code == 409
        assert "Noen har skrevet siden" in answer.text


async def test_rows_are_added_and_removed_by_buttons_and_every_word_stays(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari)
        answer = await write(kari, sak, title="Halvskrevet", knapp="ny:sources")
        assert FormFields(answer.text).dict()["sources.1.url"] == ""
        answer = await again(kari, sak, sources__1__publisher="Tilsynet", knapp="bort:sources.0")
        fields = FormFields(answer.text).dict()
        assert (fields["title"], fields["sources.0.publisher"]) == ("Halvskrevet", "Tilsynet")
        block = "Ring 113 hvis noen blir bevisstløs eller får kramper."
        answer = await again(kari, sak, knapp=f"sett:alert.seek_help_if={block}")
        assert FormFields(answer.text).dict()["alert.seek_help_if.0"] == block


async def test_a_medicine_used_before_is_picked_with_its_brands(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari)
        await write(kari, sak, **WHOLE_ALERT)
        await kari.get(f"{sak}send-inn/")
        seen = kari.page.split('name="utgave" value="')[1].split('"')[0]
        await kari.send(f"{sak}send-inn/", utgave=seen)
        new = await begin(kari)
        fields = FormFields(kari.page).dict()
        assert fields["alert.report.patient"] == "https://meld.example.org/pasient"
        chip = "medisin:alert.medicines.0=eksempelinib"
        assert f'value="{chip}"' in kari.page
        fields = FormFields((await write(kari, new, knapp=chip)).text).dict()
        assert fields["alert.medicines.0.substance"] == "eksempelinib"
        assert fields["alert.medicines.0.brands"] == "Exempla"


async def test_the_first_alert_has_where_to_report_and_sentences_to_pick(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari)
        fields = FormFields(kari.page).dict()
        assert fields["alert.report.patient"].startswith("https://www.dmp.no/")
        assert fields["alert.report.health_personnel"] == "https://melde.no/"
        assert 'value="sett:alert.what_to_do=' in kari.page
        assert fields["alert.what_to_do.0"] == "", "advice that nobody has thought of"
        page = (await write(kari, sak, alert__medicines__0__substance="eksempelinib")).text
        assert 'value="sett:topics=eksempelinib"' in page
        page = (await again(kari, sak, knapp="sett:topics=eksempelinib")).text
        assert 'value="sett:topics=eksempelinib"' not in page, "offered though it is there"
        await write(kari, sak, **WHOLE_ALERT | {"topics": "lever, IBD"})
        await kari.get(f"{sak}send-inn/")
        seen = kari.page.split('name="utgave" value="')[1].split('"')[0]
        await kari.send(f"{sak}send-inn/", utgave=seen)
        await begin(kari)
        assert 'value="sett:alert.what_to_do=Bestill time hos legen."' in kari.page
        await begin(kari, "nyhet")
        assert 'value="sett:topics=IBD"' in kari.page


@pytest.mark.parametrize("what", ["an exercise", "waits for approval", "was withdrawn"])
async def test_nothing_is_filled_in_from_what_readers_were_not_told_in_earnest(
    make_ingest: Any, what: str
) -> None:
    ingest: Ingest = await make_ingest(alert_approvals=int(what == "waits for approval"))
    kari = await staff_at_work.somebody(ingest, "Kari")
    fields = make.alert_fields() | {
        "mode": "exercise" if what == "an exercise" else "actual",
        "medicines": [{"substance": "provostatin", "brands": ["Provo"]}],
        "what_to_do": ["Gjør ingenting."],
        "report": {
            "patient": "https://feil.example.org/",
            "health_personnel": "https://feil.example.org/",
        },
    }
    answer = await kari.new(staff_at_work.alert(alert=fields, topics=["bare-prat"]))
    assert answer.status_code < 300, answer.text
    if what == "was withdrawn":
        ola = await staff_at_work.somebody(ingest, "Ola", "approver")
        gone = await ola.take("withdraw", answer.json()["id"], note="Feil.")
        assert gone.json()["status"] == "withdrawn", gone.text
    async with browser_of(ingest, await somebody(ingest, "Per")) as per:
        await begin(per)
        for word in ("feil.example.org", "provostatin", "Gjør ingenting", "bare-prat"):
            assert word not in per.page, word


async def test_the_page_of_a_case_has_a_mark_that_changes_with_the_case(ingest: Ingest) -> None:
    async with (
        browser_of(ingest, await somebody(ingest, "Kari")) as kari,
        browser_of(ingest, await somebody(ingest, "Ola")) as ola,
    ):
        sak = await begin(kari)
        await ola.get(sak)
        mark = re.findall(r'data-mark="([^"]+)"', ola.page)
        assert mark == [(await ola.http.get(f"{sak}merke")).json()["mark"]]
        await write(kari, sak, title="Noe nytt")
        assert mark != [(await ola.http.get(f"{sak}merke")).json()["mark"]]
        assert "elste av hvert slag" not in (await kari.get("/redaksjon/")).text


async def test_a_script_saves_with_if_match_and_is_told_of_another_who_writes(
    ingest: Ingest,
) -> None:
    async with (
        browser_of(ingest, await somebody(ingest, "Kari")) as kari,
        browser_of(ingest, await somebody(ingest, "Ola")) as ola,
    ):
        sak = await begin(kari, "nyhet")
        fields = FormFields(kari.page).dict()
        first = await kari.http.post(
            f"{sak}lagre",
            data=fields | {"title": "En"},
            headers={"If-Match": f'"{fields["utgave"]}"'},
        )
        told = first.json()
        assert told["here"] == []
        assert {one["id"] for one in told["missing"]} == {"lead", "body"}
        await ola.get(f"{sak}skriv/")
        mine = FormFields(ola.page).dict() | {"title": "Olas"}
        etag = {"If-Match": f'"{fields["utgave"]}"'}
        refused = await ola.http.post(f"{sak}lagre", data=mine, headers=etag)
        assert (refused.status_code, refused.json()["who"]) == (412, "Kari")
        assert refused.json()["here"] == ["Kari"]
        assert "En" in (await kari.get(f"{sak}skriv/")).text
        ola.http.cookies.delete("__Host-varsel-staff")
        assert (await ola.http.post(f"{sak}lagre", data=mine)).status_code == 401


async def test_looking_changes_nothing(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari)
        before = {key: await ingest.redis.dump(key) for key in await ingest.redis.keys()}
        for path in ("", "skriv/", "historikk/", "send-inn/", "kast/"):
            assert (await kari.get(f"{sak}{path}")).status_code == 200
        assert (await kari.get("/redaksjon/?q=sak")).status_code == 200
        session = {key for key in before if b"session" in key}
        for key in set(before) - session:
            assert await ingest.redis.dump(key) == before[key]


async def test_a_draft_is_thrown_away_only_as_it_was_seen(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari, "nyhet")
        await kari.get(f"{sak}kast/")
        seen = kari.page.split('name="utgave" value="')[1].split('"')[0]
        await write(kari, sak, title="Skrevet imens")
        await kari.get(f"{sak}kast/")
        assert (await kari.send(f"{sak}kast/", utgave=seen)).status_code == 409
        seen = kari.page.split('name="utgave" value="')[1].split('"')[0]
        assert (await kari.send(f"{sak}kast/", utgave=seen)).url.path == "/redaksjon/"
        assert (await kari.get(sak)).status_code == 404


async def test_what_was_saved_by_command_meanwhile_is_seen_before_it_is_submitted(
    ingest: Ingest,
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        posted = (await ingest.post(make.news().model_dump(mode="json"))).json()
        sak = f"/redaksjon/sak/{posted['id']}/"
        await write(kari, sak, title="Karis tittel", change__kind="edit")
        newer = make.news(lead="Endret ved kommando.").model_dump(mode="json")
        answer = await ingest.http.put(
            f"/api/articles/{posted['id']}",
            json=newer | {"change": {"kind": "edit"}},
            headers={"If-Match": posted["etag"]},
        )
        assert answer.status_code == 200, answer.text
        await kari.get(f"{sak}send-inn/")
        seen = kari.page.split('name="utgave" value="')[1].split('"')[0]
        answer = await kari.send(f"{sak}send-inn/", utgave=seen)
        assert answer.status_code == 412
        assert "endret i mellomtiden" in answer.text
        await kari.get(f"{sak}velg/?tekst=utgave")
        assert 'id="min-title" required checked' in kari.page
        assert 'id="deres-lead" required checked' in kari.page
        seen = kari.page.split('name="utgave" value="')[1].split('"')[0]
        chosen = {"valg:title": "mine", "valg:lead": "theirs", "valg:change.kind": "mine"}
        answer = await kari.send(f"{sak}velg/", sitting="utgave", utgave=seen, **chosen)
        fields = FormFields(answer.text).dict()
        assert (fields["title"], fields["lead"]) == ("Karis tittel", "Endret ved kommando.")
        await kari.get(f"{sak}send-inn/")
        seen = kari.page.split('name="utgave" value="')[1].split('"')[0]
        answer = await kari.send(f"{sak}send-inn/", utgave=seen)
        assert answer.url.path == sak, answer.text
        stored = await Articles(ingest.redis).find(posted["id"])
        assert stored and stored.head.article.title == "Karis tittel"


async def test_a_rejected_alert_comes_back_with_the_reason_and_its_text_and_goes_in_again(
    make_ingest: Any,
) -> None:
    ingest: Ingest = await make_ingest(alert_approvals=1)
    approver = await staff_at_work.somebody(ingest, "Ola", "approver")
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari)
        await write(kari, sak, **WHOLE_ALERT)
        await _send_in(kari, sak)
        id_ = sak.split("/")[-2]
        answer = await approver.take("reject", id_, note="Dosen er feil.")
        assert answer.status_code == 200, answer.text
        listed = (await kari.get("/redaksjon/")).text
        assert "Venter på deg" in listed
        assert "Dosen er feil." in listed
        page = (await kari.get(sak)).text
        assert "Avvist" in page
        assert "Rett den" in page
        page = (await kari.get(f"{sak}skriv/")).text
        assert "Ola avviste den" in page
        assert "Dosen er feil." in page
        assert FormFields(page).dict()["body"] == WHOLE_ALERT["body"].replace("\r\n", "\n")
        await again(kari, sak, lead="Nå er dosen rett.")
        answer = await _send_in(kari, sak)
        assert answer.url.path == sak, answer.text
        stored = await Articles(ingest.redis).find(id_)
        assert stored
        assert (stored.life.state, stored.life.revision) == ("in_review", 2)
        history = (await kari.get(f"{sak}historikk/?utgave=2")).text
        assert "Dosen er feil." in history
        assert "Nå er dosen rett." in history


async def test_an_exercise_is_marked_on_every_page_and_stays_one(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari, "ovelse")
        await write(kari, sak, **WHOLE_ALERT)
        for path in ("", "skriv/", "send-inn/"):
            assert "ØVELSE" in (await kari.get(f"{sak}{path}")).text
        await _send_in(kari, sak)
        stored = await Articles(ingest.redis).find(sak.split("/")[-2])
        assert stored and stored.life.mode == "exercise"
        assert "Øvelse" in (await kari.get("/redaksjon/")).text


async def _send_in(browser: NewsroomBrowser, sak: str) -> httpx.Response:
    await browser.get(f"{sak}send-inn/")
    seen = browser.page.split('name="utgave" value="')[1].split('"')[0]
    return await browser.send(f"{sak}send-inn/", utgave=seen)


async def test_what_only_submitting_can_refuse_is_said_at_its_place_in_the_form(
    ingest: Ingest,
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari)
        await write(kari, sak, **WHOLE_ALERT)
        await _send_in(kari, sak)
        other = await begin(kari)
        await write(kari, other, **WHOLE_ALERT)
        answer = await _send_in(kari, other)
        assert answer.status_code == 409
        assert "Saken finnes allerede" in answer.text
        assert f'<a href="{sak}">Se saken</a>' in answer.text
        long = {f"alert__medicines__{row}__substance": "𝛼" * 300 for row in range(40)}
        long |= {
            f"alert__medicines__{row}__brands": "\r\n".join(["𝛼" * 299] * 20) for row in range(40)
        }
        await write(kari, other, **long)
        answer = await _send_in(kari, other)
        assert answer.status_code == 422
        assert f'href="{other}skriv/#' in answer.text
        assert "for stor" in answer.text or "kort" in answer.text


async def test_a_save_waits_for_no_judgement_of_a_long_text_which_comes_later(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, real = asyncio.Event(), JudgeCopy.__call__

    async def slowly(self: JudgeCopy, *args: Any) -> JudgedCopy:
        await goes_on.wait()
        return await real(self, *args)

    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari)
        form = FormFields(kari.page).dict()
        monkeypatch.setattr(JudgeCopy, "__call__", slowly)
        headers = {"If-Match": f'"{form["utgave"]}"'}
        saved = await kari.http.post(
            f"{sak}lagre", data=form | {"body": "Et ord. " * 5000}, headers=headers
        )
        assert saved.status_code == 200
        told = saved.json()
        assert told["later"]
        assert "missing" not in told
        question = {"skjema": form["skjema"], "bare": "sjekk"}
        later = (await kari.http.post(f"{sak}lagre", data=question)).json()
        assert later == {"later": True, "version": told["version"]}
        goes_on.set()

        async def judgement() -> dict[str, Any] | None:
            found: dict[str, Any] = (await kari.http.post(f"{sak}lagre", data=question)).json()
            return None if "later" in found else found

        judged = await until(judgement, timeout=60)
        assert [one for one in judged["missing"] if one["id"] == "title"]
        assert judged["version"] == told["version"]
