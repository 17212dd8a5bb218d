"""Whoever writes can open a Word document, and nobody else."""

import re

import httpx

from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.steps import NewsroomBrowser, browser_of, somebody
from tests.ingest.word.documents import docx, paragraph, text

PATH = "/redaksjon/lim-inn/docx"


async def _sent(browser: NewsroomBrowser, raw: bytes, token: str | None = None) -> httpx.Response:
    if token is None:
        await browser.get("/redaksjon/ny/")
        found = re.search(r'name="skjema" value="([0-9a-f]+)"', browser.page)
        token = found[1] if found else ""
    return await browser.http.post(PATH, data={"skjema": token}, files={"fil": ("a.docx", raw)})


async def test_a_document_is_given_back_as_markdown(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        answer = await _sent(kari, docx(paragraph(text("Råd"), style="Heading1")))
        assert answer.status_code == 200
        assert answer.json() == {"markdown": "## Råd", "notes": []}


async def test_what_is_no_document_is_refused_in_words(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        answer = await _sent(kari, b"Hei")
        assert answer.status_code == 422
        assert answer.json()["error"].startswith("Filen er ikke et Word-dokument")


async def test_a_stranger_and_another_site_open_nothing(ingest: Ingest) -> None:
    async with browser_of(ingest) as nobody:
        answer = await _sent(nobody, docx(), token="")
        assert (answer.status_code, answer.json()) == (401, {"error": "logged_out"})
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        answer = await _sent(kari, docx(), token="0" * 32)
        assert (answer.status_code, answer.json()) == (403, {"error": "stale_form"})
