"""Whoever is logged out while they write loses nothing of it."""

import html
import re

import pytest

from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.doors.steps import is_in, log_in, make_passkey, phone
from tests.ingest.newsroom.steps import browser_of, somebody

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_AREA = re.compile(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', re.DOTALL)
TYPED = "Første linje\n\n<b>Andre</b> & «tredje»\n"


async def test_what_was_typed_is_on_the_page_and_can_be_sent_after_logging_in(
    ingest: Ingest,
) -> None:
    mine = phone()
    async with browser_of(ingest, await somebody(ingest, "Kari")) as browser:
        await make_passkey(browser, "/redaksjon/passnokkel/ny/", mine)
        await browser.get("/redaksjon/meg/")
        browser.http.cookies.delete("__Host-varsel-staff")
        page = await browser.send("/redaksjon/maal/", maal="nn", tekst=TYPED)
        assert page.status_code == 403
        assert "Du er logget ut" in page.text
        main = page.text.partition("<main")[2]
        typed = {name: html.unescape(value) for name, value in _HIDDEN.findall(main)}
        typed |= {name: html.unescape(value) for name, value in _AREA.findall(main)}
        assert typed["tekst"].strip() == TYPED.strip()
        await log_in(browser, mine)
        sent = await browser.http.post("/redaksjon/maal/", data=typed, follow_redirects=True)
        assert '<html lang="nn">' in sent.text


async def test_anothers_form_is_not_sent_by_whoever_logs_in_then(ingest: Ingest) -> None:
    kari, ola, his = await somebody(ingest, "Kari"), await somebody(ingest, "Ola"), phone()
    async with browser_of(ingest, ola) as browser:
        await make_passkey(browser, "/redaksjon/passnokkel/ny/", his)
    async with browser_of(ingest, kari) as browser:
        page = (await browser.get("/redaksjon/meg/")).text
        await browser.send("/redaksjon/ut/")
        await log_in(browser, his)
        browser.page = page
        assert (await browser.send("/redaksjon/maal/", maal="nn")).status_code == 403


async def test_what_was_sent_with_a_file_is_there_too(ingest: Ingest) -> None:
    async with browser_of(ingest) as browser:
        page = await browser.http.post(
            "/redaksjon/maal/", data={"tekst": TYPED}, files={"bilde": ("a.png", b"x")}
        )
        [(name, value)] = _AREA.findall(page.text)
        assert (name, html.unescape(value).strip()) == ("tekst", TYPED.strip())


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json"},
        {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Mode": "cors"},
    ],
)
async def test_a_script_is_told_that_it_is_logged_out(
    ingest: Ingest, headers: dict[str, str]
) -> None:
    async with browser_of(ingest) as browser:
        answer = await browser.http.post("/redaksjon/maal/", content=b"{}", headers=headers)
        assert answer.status_code == 401
        assert not await is_in(browser)


async def test_another_site_cannot_have_us_show_a_form_of_its_own(ingest: Ingest) -> None:
    async with browser_of(ingest) as browser:
        answer = await browser.http.post(
            "/redaksjon/maal/", data={"a": "b"}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 403
        assert "Send på nytt" not in answer.text
