"""An editor who reads nynorsk finds what is said of the text in it, and no codes."""

from typing import Any

from tests.ingest import staff_at_work
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.desk.steps import WHOLE_ALERT, FormFields, begin, write
from tests.ingest.newsroom.steps import NewsroomBrowser, browser_of, somebody
from tests.ingest.steps import picture, pictures_made


def reads_nynorsk(browser: NewsroomBrowser) -> None:
    browser.http.cookies.set("varsel-maal", "nn", domain="varsel.example.org")


async def send_in(browser: NewsroomBrowser, sak: str) -> None:
    page = (await browser.get(f"{sak}send-inn/")).text
    seen = FormFields(page.replace('action="', 'id="skjema" x="', 9)).dict()["utgave"]
    answer = await browser.send(f"{sak}send-inn/", utgave=seen)
    assert answer.url.path == sak, answer.text


async def test_the_form_and_its_script_say_in_nynorsk_what_is_wrong(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        reads_nynorsk(kari)
        sak = await begin(kari)
        said = {**WHOLE_ALERT, "title": "Viktig beskjed", "sources__0__url": "tilsyn"}
        page = (await write(kari, sak, **said)).text
        assert "Tittelen nemner ingen av medisinane" in page
        assert "Kjelder, nr. 1: Adressa" in page
        assert "nevner" not in page
        fields = FormFields(page).dict() | {"bare": "sjekk"}
        told = (await kari.send(f"{sak}skriv/", **fields)).text
        assert "Tittelen nemner ingen av medisinane" in told
        assert "nevner" not in told


async def test_what_a_revision_changed_is_said_in_words_of_the_readers_standard(
    make_ingest: Any,
) -> None:
    ingest: Ingest = await make_ingest(alert_approvals=1)
    approver = await staff_at_work.somebody(ingest, "Ola", "approver")
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari)
        await write(kari, sak, **WHOLE_ALERT)
        await send_in(kari, sak)
        await approver.take("reject", sak.split("/")[-2], note="Er det så ille?")
        await write(kari, sak, alert__severity="extreme")
        await send_in(kari, sak)
        page = (await kari.get(f"{sak}historikk/?utgave=2")).text
        assert "<del>alvorlig</del>" in page and "<ins>svært alvorlig</ins>" in page
        reads_nynorsk(kari)
        page = (await kari.get(f"{sak}historikk/?utgave=2")).text
        assert "<del>alvorleg</del>" in page and "<ins>svært alvorleg</ins>" in page
        assert "Kor alvorleg er det" in page


async def test_the_history_tells_pictures_in_words_of_the_readers_standard(
    make_ingest: Any,
) -> None:
    ingest: Ingest = await make_ingest(alert_approvals=1)
    approver = await staff_at_work.somebody(ingest, "Ola", "approver")
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari)
        await write(kari, sak, **WHOLE_ALERT)
        await send_in(kari, sak)
        await approver.take("reject", sak.split("/")[-2], note="Vis brevet.")
        await kari.get(f"{sak}skriv/")
        fields, file = FormFields(kari.page).dict(), {"fil": ("brev.jpg", picture())}
        told = await kari.http.post(
            f"{sak}bilder", data=fields, files=file, headers={"Accept": "application/json"}
        )
        await pictures_made(ingest)
        name = (await kari.http.get(told.json()["ask"])).json()["address"]
        line = f'![Et brev]({name} "Brevet. Foto: Ida")'
        await write(kari, sak, body=f"{WHOLE_ALERT['body']}\n\n{line}")
        await send_in(kari, sak)
        page = (await kari.get(f"{sak}historikk/?utgave=2")).text
        said = f"Et brev | Bildetekst: Brevet. | Foto: Ida | Fil: {name}]"
        assert f"<ins>+[Bilde: {said}</ins>" in page
        assert "![" not in page
        reads_nynorsk(kari)
        page = (await kari.get(f"{sak}historikk/?utgave=2")).text
        assert "<ins>+[Bilete: Et brev | Bilettekst: Brevet." in page
