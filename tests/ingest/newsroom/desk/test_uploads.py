"""Files beside the text: whatever is wrong with one, what was typed is there."""

import httpx
import pytest

from services.ingest.newsroom import multipart
from services.ingest.newsroom.visit import LANGUAGE
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.desk.steps import FormFields, again, begin, missing
from tests.ingest.newsroom.steps import browser_of, somebody
from tests.ingest.steps import picture, pictures_made

TOO_LARGE = 26 * 1024 * 1024
BESIDE = {"body": "Linje\r\n\r\nto", "alt": "Et brev", "bildetekst": "Brevet.", "foto": "Kari"}


async def test_a_picture_is_taken_in_with_the_text_and_stands_in_it(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari, "nyhet")
        fields = FormFields(kari.page).dict() | {
            "body": "Først.", "alt": "En [lege]", "bildetekst": 'Hun sier "hei".', "foto": "Ola",
        }  # fmt: skip
        file = {"fil": ("Mitt bilde.jpg", picture(), "image/jpeg")}
        await kari.http.post(f"{sak}bilder", data=fields, files=file)
        body = FormFields((await kari.get(f"{sak}skriv/")).text).dict()["body"]
        assert body.startswith("Først.\n\n![En lege](mitt-bilde-")
        assert body.strip().endswith('.jpg "Hun sier ”hei”. Foto: Ola")')
        assert "body" in missing(kari.page)
        assert "Bildet «Mitt bilde.jpg» er ikke klart ennå" in kari.page
        await pictures_made(ingest)
        assert "body" not in missing((await kari.get(f"{sak}skriv/")).text)
        broken = {"fil": ("x.jpg", b"ikke et bilde", "image/jpeg")}
        fields = FormFields(kari.page).dict() | {"lead": "Ny ingress"}
        answer = await kari.http.post(f"{sak}bilder", data=fields, files=broken)
        assert "Bildet ble ikke tatt imot" in answer.text
        assert FormFields(answer.text).dict()["lead"] == "Ny ingress"


async def test_a_script_is_told_a_pictures_address_once_it_can_be_shown_or_what_is_wrong(
    ingest: Ingest,
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari, "nyhet")
        fields, json = FormFields(kari.page).dict(), {"Accept": "application/json"}

        async def upload(raw: bytes) -> httpx.Response:
            file = {"fil": ("Mitt bilde.jpg", raw)}
            return await kari.http.post(f"{sak}bilder", data=fields, files=file, headers=json)

        told = await upload(picture())
        assert told.status_code == 202
        ask = told.json()["ask"]
        assert (await kari.http.get(ask)).json() == {"ask": ask}
        await pictures_made(ingest)
        address = (await kari.http.get(ask)).json()["address"]
        assert (ingest.settings.assets_folder / address).is_file()
        assert (await upload(picture())).json() == {"address": address}
        damaged = await upload(picture(size=(400, 400))[:-200])
        await pictures_made(ingest)
        told = await kari.http.get(damaged.json()["ask"])
        assert told.status_code == 422
        assert told.json()["error"].startswith("bildet «Mitt bilde.jpg» kan ikke leses")
        kari.http.cookies.set(LANGUAGE, "nn", domain="varsel.example.org")
        told = await kari.http.get(damaged.json()["ask"])
        assert told.json()["error"].startswith("biletet «Mitt bilde.jpg» kan ikkje lesast")
        assert (await kari.http.get(f"{sak}bilder/finnes-ikke.jpg")).status_code == 404
        kari.http.cookies.delete("__Host-varsel-staff")
        assert (await kari.http.get(ask)).json() == {"error": "logged_out"}


async def test_nothing_is_submitted_with_a_picture_that_is_not_made_or_cannot_be(
    ingest: Ingest,
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari, "nyhet")
        await again(kari, sak, title="Et brev", lead="Vi fikk et brev.", body="Her er det.")
        await kari.get(f"{sak}skriv/")
        file = {"fil": ("Brev.jpg", picture(size=(400, 400))[:-200])}
        fields = FormFields(kari.page).dict() | {"alt": "Et brev"}
        await kari.http.post(f"{sak}bilder", data=fields, files=file)
        for words in ("er ikke klart ennå; vent litt", "jern bildet fra teksten: bildet «Brev"):
            await kari.get(f"{sak}send-inn/")
            assert words in kari.page
            seen = FormFields((await kari.get(f"{sak}skriv/")).text).dict()["utgave"]
            await kari.send(f"{sak}send-inn/", utgave=seen)
            assert words in kari.page
            assert await ingest.redis.exists(f"ingest:article:{sak.split('/')[3]}") == 0
            await pictures_made(ingest)
        await kari.get(f"{sak}skriv/")
        assert "Fjern bildet fra teksten: bildet «Brev.jpg» kan ikke leses" in kari.page
        await again(kari, sak, body="Her er det ikke.")
        assert "body" not in missing((await kari.get(f"{sak}skriv/")).text)


@pytest.mark.parametrize("size", [TOO_LARGE, 60 * 1024 * 1024])
async def test_a_file_that_is_too_large_is_told_of_and_all_that_was_typed_beside_it_is_there(
    ingest: Ingest, size: int
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari, "nyhet")
        fields = FormFields(kari.page).dict() | BESIDE | {"lead": "En ny ingress"}
        file = {"fil": ("Film.jpg", b"\xff" * size)}
        answer = await kari.http.post(f"{sak}bilder", data=fields, files=file)
        assert answer.status_code == 200
        assert "Bildet «Film.jpg» er over 25 MB; gjør det mindre." in answer.text
        found = FormFields(answer.text).dict()
        assert found["body"].replace("\r", "") == "Linje\n\nto"
        assert {name: found[name] for name in BESIDE if name != "body"} == {
            name: words for name, words in BESIDE.items() if name != "body"
        }
        assert FormFields((await kari.get(f"{sak}skriv/")).text).dict()["lead"] == "En ny ingress"
        json = {"Accept": "application/json"}
        told = await kari.http.post(f"{sak}bilder", data=fields, files=file, headers=json)
        assert told.status_code == 422
        assert "over 25 MB" in told.json()["error"]


async def test_of_more_than_is_read_what_came_before_it_is_shown_again(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multipart, "MOST_READ_BYTES", 3_000_000)
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari, "nyhet")
        fields = FormFields(kari.page).dict() | BESIDE
        file = {"fil": ("Film.jpg", b"\xff" * 5_000_000)}
        answer = await kari.http.post(f"{sak}bilder", data=fields, files=file)
        assert answer.status_code == 413
        assert "Linje\n\nto" in answer.text.replace("\r", "")


async def test_a_document_that_is_too_large_leaves_what_was_pasted(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        await kari.get("/redaksjon/ny/")
        fields = FormFields(kari.page.replace('action="/redaksjon/ny/"', 'id="skjema"')).dict()
        fields |= {"hva": "varsel", "given": "Tilsynet advarer."}
        file = {"fil": ("Brev.docx", b"P" * (11 * 1024 * 1024))}
        answer = await kari.http.post("/redaksjon/ny/", data=fields, files=file)
        assert "Dokumentet er over 10 MB; ta ut bildene, og prøv igjen" in answer.text
        assert "Tilsynet advarer." in answer.text
        file = {"fil": ("Brev.docx", b"P" * (11 * 1024 * 1024))}
        told = await kari.http.post("/redaksjon/lim-inn/docx", data=fields, files=file)
        assert told.status_code == 422
        assert "over 10 MB" in told.json()["error"]


async def test_words_for_a_picture_that_was_not_chosen_stay_and_it_is_asked_for(
    ingest: Ingest,
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari, "nyhet")
        fields = FormFields(kari.page).dict() | BESIDE
        file = {"fil": ("", b"")}
        answer = await kari.http.post(f"{sak}bilder", data=fields, files=file)
        assert "Velg et bilde først." in answer.text
        assert FormFields(answer.text).dict()["alt"] == "Et brev"
