"""Whoever holds a passkey of the staff gets in; nobody else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.newsroom.doors.log_in import HOME, page_of_ours
from services.ingest.people.passkeys import StaffPasskeys
from shared.passkeys.ceremonies import Passkey
from tests.authenticator import Authenticator
from tests.docs.privacy import kept_as_said
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.doors.steps import asked, is_in, log_in, make_passkey, phone
from tests.ingest.newsroom.steps import SITE, browser_of, somebody


async def _with_passkey(ingest: Ingest, name: str = "Kari") -> Authenticator:
    mine = phone()
    async with browser_of(ingest, await somebody(ingest, name)) as browser:
        await make_passkey(browser, "/redaksjon/passnokkel/ny/", mine)
    return mine


async def test_whoever_has_a_passkey_gets_in_and_goes_on_to_where_they_were(ingest: Ingest) -> None:
    mine = await _with_passkey(ingest)
    async with browser_of(ingest) as browser:
        page = await browser.get("/redaksjon/meg/")
        assert (page.url.path, page.url.query) == ("/redaksjon/inn/", b"til=/redaksjon/meg/")
        assert 'name="til" value="/redaksjon/meg/"' in page.text
        page = await log_in(browser, mine, after="/redaksjon/meg/")
        assert page.url.path == "/redaksjon/meg/"
        assert "Kari" in page.text


async def test_an_answer_counts_once_and_in_its_own_browser(ingest: Ingest) -> None:
    mine = await _with_passkey(ingest)
    async with browser_of(ingest) as browser, browser_of(ingest) as other:
        page = await browser.get("/redaksjon/inn/")
        answer = mine.use(asked(page.text))
        await other.get("/redaksjon/inn/")
        assert (await other.send("/redaksjon/inn/", svar=answer)).status_code == 403
        assert not await is_in(other)
        await browser.send("/redaksjon/inn/", svar=answer)
        assert await is_in(browser)
        assert await kept_as_said(ingest.redis, "ingest:challenge:{id}")
        browser.http.cookies.delete("__Host-varsel-staff")
        await browser.get("/redaksjon/inn/")
        assert (await browser.send("/redaksjon/inn/", svar=answer)).status_code == 403
        assert not await is_in(browser)


async def test_what_was_asked_to_make_a_passkey_lets_nobody_in(ingest: Ingest) -> None:
    mine, kari = await _with_passkey(ingest), await somebody(ingest, "Ola")
    async with browser_of(ingest, kari) as browser:
        page = await browser.get("/redaksjon/passnokkel/ny/")
        ask = asked(page.text).replace('"rp"', '"rpId": "varsel.example.org", "rp"')
        await browser.send("/redaksjon/ut/")
        await browser.get("/redaksjon/inn/")
        assert (await browser.send("/redaksjon/inn/", svar=mine.use(ask))).status_code == 403


@pytest.mark.parametrize(
    "stranger",
    [Authenticator(SITE, verifies=False), Authenticator("https://annen.example.net"), None],
    ids=["its holder was not checked", "another site", "nobody knows it"],
)
async def test_nobody_else_gets_in(ingest: Ingest, stranger: Authenticator | None) -> None:
    mine = await _with_passkey(ingest)
    if stranger:
        stranger.credentials = mine.credentials
    else:
        stranger = phone()
        stranger.make('{"user": {"id": "YQ"}, "rp": {"id": "x"}, "challenge": "YQ"}')
    async with browser_of(ingest) as browser:
        page = await log_in(browser, stranger)
        assert page.status_code == 403
        assert "slapp deg ikke inn" in page.text
        assert not await is_in(browser)


async def test_a_passkey_that_was_removed_meanwhile_lets_nobody_in(ingest: Ingest) -> None:
    passkeys, kari = StaffPasskeys(ingest.redis), await somebody(ingest, "Kari")
    await passkeys.add(kari, Passkey("YWJj", "ZGVm", 1, is_synced=False))
    held = await passkeys.find("YWJj")
    assert held
    assert await passkeys.note_use(held, 2)
    assert not await passkeys.note_use(held, 2), "two log-ins by one count"
    held = await passkeys.find("YWJj")
    assert held
    await passkeys.remove("YWJj", kari)
    assert not await passkeys.note_use(held, 3)
    assert await passkeys.find("YWJj") is None


@given(st.text() | st.text("/.:\\@abc-?#", max_size=20).map(lambda rest: "/redaksjon/" + rest))
def test_nobody_is_sent_elsewhere_after_logging_in(path: str) -> None:
    found = page_of_ours(path)
    assert found.startswith(HOME)
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789-/")
    assert "//" not in found
