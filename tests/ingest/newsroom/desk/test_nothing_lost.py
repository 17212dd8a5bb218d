"""Nothing typed is lost: whoever else writes, whatever ends, and whatever is away."""

import re

import httpx
import pytest

from services.ingest import app
from services.ingest.newsroom import app as newsroom
from services.ingest.newsroom.visit import key_of
from services.ingest.pictures.take_picture import TakePicture
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.desk.steps import FormFields, again, begin
from tests.ingest.newsroom.steps import SITE, NewsroomBrowser, browser_of, somebody


async def test_two_on_one_article_see_both_texts_and_choose(ingest: Ingest) -> None:
    async with (
        browser_of(ingest, await somebody(ingest, "Kari")) as kari,
        browser_of(ingest, await somebody(ingest, "Ola")) as ola,
    ):
        sak = await begin(kari, "nyhet")
        await ola.get(f"{sak}skriv/")
        await again(kari, sak, title="Karis tittel", lead="Karis ingress")
        answer = await again(ola, sak, title="Olas tittel", body="Olas tekst")
        assert answer.url.path == f"{sak}velg/"
        for said in ("Kari har lagret", "Karis tittel", "Olas tittel", "Olas tekst"):
            assert said in answer.text
        sitting, seen = (
            ola.page.split(f'name="{name}" value="')[1].split('"')[0]
            for name in ("sitting", "utgave")
        )
        chosen = {"valg:title": "mine", "valg:lead": "theirs", "valg:body": "mine"}
        answer = await ola.send(f"{sak}velg/", sitting=sitting, utgave=seen, **chosen)
        fields = FormFields(answer.text).dict()
        assert (fields["title"], fields["lead"]) == ("Olas tittel", "Karis ingress")
        assert fields["body"] == "Olas tekst"


async def test_a_session_that_ended_takes_no_text_with_it(ingest: Ingest) -> None:
    person = await somebody(ingest, "Kari")
    async with browser_of(ingest, person) as kari, browser_of(ingest, person) as later:
        sak = await begin(kari, "nyhet")
        kari.http.cookies.delete("__Host-varsel-staff")
        answer = await again(kari, sak, title="Langt og godt", body="Mange\r\n\r\nord")
        assert answer.status_code == 403
        assert "Langt og godt" in answer.text
        assert "Mange\n\nord" in answer.text.replace("\r", "")
        kari.http.cookies.update(later.http.cookies)
        answer = await kari.send(f"{sak}skriv/", **_kept(kari, sak))
        fields = FormFields(answer.text).dict()
        assert (fields["title"], fields["body"]) == ("Langt og godt", "Mange\n\nord")


async def test_whoever_logs_in_after_another_is_told_and_keeps_what_was_typed(
    ingest: Ingest,
) -> None:
    async with (
        browser_of(ingest, await somebody(ingest, "Kari")) as kari,
        browser_of(ingest, await somebody(ingest, "Ola")) as ola,
    ):
        sak = await begin(kari, "nyhet")
        kari.http.cookies.delete("__Host-varsel-staff")
        kari.http.cookies.update(ola.http.cookies)
        answer = await again(kari, sak, title="Karis ord")
        assert answer.status_code == 403
        assert "Noen andre har logget inn" in answer.text
        answer = await kari.send(f"{sak}skriv/", **_kept(kari, sak))
        assert FormFields(answer.text).dict()["title"] == "Karis ord"
        assert "Ola" in (await kari.get(sak)).text


async def test_what_another_site_sends_is_neither_saved_nor_shown(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari, "nyhet")
        fields = FormFields(kari.page).dict() | {"title": "Ondsinnet"}
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://ond.example.com"}):
            for token in (fields["skjema"], ""):
                answer = await kari.http.post(
                    f"{sak}skriv/", data=fields | {"skjema": token}, headers=headers
                )
                assert answer.status_code == 403
                assert "Ondsinnet" not in answer.text
        assert "Ondsinnet" not in (await kari.get(f"{sak}skriv/")).text


def _kept(browser: NewsroomBrowser, sak: str) -> dict[str, str]:
    """What the page with a text that is not saved sends."""
    return FormFields(browser.page.replace(f'action="{sak}skriv/"', 'id="skjema"')).dict()


async def test_what_another_could_not_save_is_for_that_person_to_choose(ingest: Ingest) -> None:
    async with (
        browser_of(ingest, await somebody(ingest, "Kari")) as kari,
        browser_of(ingest, await somebody(ingest, "Ola")) as ola,
    ):
        sak = await begin(kari, "nyhet")
        await ola.get(f"{sak}skriv/")
        await again(kari, sak, title="Karis")
        answer = await again(ola, sak, title="Olas")
        velg = str(answer.url.copy_with(scheme="https"))
        assert "Olas" not in (await kari.get(velg)).text
        assert "velg/?tekst=" not in (await kari.get(f"{sak}historikk/")).text
        assert "velg/?tekst=" in (await ola.get(f"{sak}historikk/")).text
        assert "velg/?tekst=" in (await ola.get(f"{sak}skriv/")).text


async def test_whoever_goes_on_writing_on_a_draft_that_was_thrown_away_has_it_again(
    ingest: Ingest,
) -> None:
    async with (
        browser_of(ingest, await somebody(ingest, "Kari")) as kari,
        browser_of(ingest, await somebody(ingest, "Ola")) as ola,
    ):
        sak = await begin(kari, "nyhet")
        await ola.get(f"{sak}kast/")
        seen = ola.page.split('name="utgave" value="')[1].split('"')[0]
        await ola.send(f"{sak}kast/", utgave=seen)
        answer = await again(kari, sak, title="Jeg var ikke ferdig")
        assert FormFields(answer.text).dict()["title"] == "Jeg var ikke ferdig"
        unknown = await kari.http.post(
            "/redaksjon/sak/finnesikke12/lagre",
            data=FormFields(kari.page).dict() | {"utgave": "0"},
        )
        assert unknown.status_code == 404


async def test_no_text_is_lost_while_redis_is_away(ingest: Ingest) -> None:
    nowhere = app.create(ingest.settings, "unix:///nowhere").http.api.state.parts  # type: ignore[attr-defined]
    away = newsroom.create(nowhere, await key_of(ingest.redis))
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari, "nyhet")
        fields = FormFields(kari.page).dict() | {
            "title": "Skrevet imens",
            "body": "Linje\r\n\r\nto",
        }
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(away), base_url=SITE, cookies=kari.http.cookies
        ) as http:
            answer = await http.post(f"{sak}skriv/", data=fields)
        assert answer.status_code == 503
        assert "Skrevet imens" in answer.text
        kept = FormFields(answer.text.replace(f'action="{sak}skriv/"', 'id="skjema"')).dict()
        answer = await kari.send(f"{sak}skriv/", **kept)
        assert FormFields(answer.text).dict()["body"] == "Linje\n\nto"


@pytest.mark.parametrize("size", [3_000_000, 8_000_000])
async def test_no_text_is_lost_with_a_picture_that_comes_while_redis_is_away(
    ingest: Ingest, size: int
) -> None:
    nowhere = app.create(ingest.settings, "unix:///nowhere").http.api.state.parts  # type: ignore[attr-defined]
    away = newsroom.create(nowhere, await key_of(ingest.redis))
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari, "nyhet")
        fields = FormFields(kari.page).dict() | {"body": "Linje\r\n\r\nto"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(away), base_url=SITE, cookies=kari.http.cookies
        ) as http:
            answer = await http.post(f"{sak}bilder", data=fields, files=picture(size))
        assert answer.status_code == 503
        kept = FormFields(answer.text.replace(f'action="{sak}bilder"', 'id="skjema"')).dict()
        answer = await kari.send(f"{sak}bilder", **kept)
        assert FormFields(answer.text).dict()["body"] == "Linje\n\nto"


@pytest.mark.parametrize("size", [3_000_000, 8_000_000])
async def test_no_text_is_lost_with_a_picture_that_nobody_foresaw(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError("a picture like no other")

    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari, "nyhet")
        fields = FormFields(kari.page).dict() | {"body": "Linje\r\n\r\nto"}
        monkeypatch.setattr(TakePicture, "__call__", broken)
        answer = await kari.http.post(f"{sak}bilder", data=fields, files=picture(size))
        assert answer.status_code == 500
        assert "Det er ikke borte" in answer.text
        found = re.search(
            r'<textarea [^>]*name="body"[^>]*>\n(.*?)</textarea>', answer.text, re.DOTALL
        )
        assert found
        assert found[1].replace("\r\n", "\n") == "Linje\n\nto"
        other = await kari.http.post(
            f"{sak}bilder",
            data=fields,
            files=picture(size),
            headers={"Sec-Fetch-Site": "cross-site"},
        )
        assert "Linje" not in other.text


def picture(size: int) -> dict[str, tuple[str, bytes]]:
    return {"bilde": ("brev.jpg", b"\xff\xd8" + b"\xff" * size)}
