"""A person has their own passkeys, and gets out here and everywhere."""

import json
import re
import time

import pytest

from services.ingest.people.passkeys import StaffPasskeys
from shared.visitors import sessions
from shared.visitors.sessions import Proof
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.doors.steps import asked, is_in, log_in, make_passkey, phone
from tests.ingest.newsroom.steps import browser_of, somebody

_IDS = re.compile(r'name="passnokkel" value="([^"]+)"')


async def test_a_second_passkey_lets_in_too_and_the_last_one_cannot_be_removed(
    ingest: Ingest,
) -> None:
    first, second = phone(), phone()
    kari = await somebody(ingest, "Kari")
    async with browser_of(ingest, kari) as browser:
        for one in (first, second):
            page = await make_passkey(browser, "/redaksjon/passnokkel/ny/", one)
        assert "mer enn én" in page.text
        mine = _IDS.findall(page.text)
        assert len(mine) == 2
        page = await browser.send("/redaksjon/passnokkel/fjern/", passnokkel=mine[0])
        assert page.url.path == "/redaksjon/meg/"
        refused = await browser.send("/redaksjon/passnokkel/fjern/", passnokkel=mine[1])
        assert "eneste" in refused.text
        assert list(await StaffPasskeys(ingest.redis).of(kari.id)) == [mine[1]]
    async with browser_of(ingest) as browser:
        assert (await log_in(browser, first)).status_code == 403
        await log_in(browser, second)
        assert await is_in(browser)


_NEW = "/redaksjon/passnokkel/ny/"


async def test_a_browser_that_was_left_open_makes_no_passkey_until_one_that_they_have_answers(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = phone(), phone()
    async with browser_of(ingest, await somebody(ingest, "Kari")) as browser:
        await make_passkey(browser, _NEW, first)
        asked_before = await browser.get(_NEW)
        now = time.time_ns() // 1000 + sessions.FRESH_SECONDS * 1_000_000
        monkeypatch.setattr(sessions, "_now", lambda: now)
        page = await browser.get(_NEW)
        assert "Logg inn på nytt" in page.text
        assert "user" not in json.loads(asked(page.text)), "it has one made"
        back = await browser.send("/redaksjon/inn/", svar=first.use(asked(page.text)), til=_NEW)
        assert back.url.path == _NEW
        stale = await browser.send(_NEW, svar=phone().make(asked(asked_before.text)))
        assert stale.status_code == 403, "it was asked in a session that is over"
        done = await browser.send(_NEW, svar=second.make(asked(back.text)))
        assert "mer enn én" in done.text


async def test_who_has_no_passkey_yet_makes_one_only_right_after_they_came_in(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari"), Proof.OTHER) as browser:
        assert "data-ask" in (await browser.get(_NEW)).text
        now = time.time_ns() // 1000 + sessions.FRESH_SECONDS * 1_000_000
        monkeypatch.setattr(sessions, "_now", lambda: now)
        page = await browser.get(_NEW)
        assert "data-ask" not in page.text
        assert "Det er en stund siden du logget inn" in page.text


async def test_whom_another_log_in_let_in_shows_a_passkey_first_if_they_have_one(
    ingest: Ingest,
) -> None:
    kari = await somebody(ingest, "Kari")
    async with browser_of(ingest, kari) as browser:
        await make_passkey(browser, _NEW, phone())
    async with browser_of(ingest, kari, Proof.OTHER) as browser:
        assert "Logg inn på nytt" in (await browser.get(_NEW)).text


async def test_nobody_removes_anothers_passkey(ingest: Ingest) -> None:
    kari, ola = await somebody(ingest, "Kari"), await somebody(ingest, "Ola")
    passkeys = StaffPasskeys(ingest.redis)
    async with browser_of(ingest, kari) as hers, browser_of(ingest, ola) as his:
        await make_passkey(hers, "/redaksjon/passnokkel/ny/", phone())
        for _ in range(2):
            await make_passkey(his, "/redaksjon/passnokkel/ny/", phone())
        [id_] = await passkeys.of(kari.id)
        await his.send("/redaksjon/passnokkel/fjern/", passnokkel=id_)
    assert list(await passkeys.of(kari.id)) == [id_]


async def test_logging_out_is_here_or_everywhere(ingest: Ingest) -> None:
    kari, ola = await somebody(ingest, "Kari"), await somebody(ingest, "Ola")
    async with (
        browser_of(ingest, kari) as here,
        browser_of(ingest, kari) as there,
        browser_of(ingest, kari) as third,
        browser_of(ingest, ola) as his,
    ):
        await here.get("/redaksjon/meg/")
        await here.send("/redaksjon/ut/")
        assert not await is_in(here)
        assert await is_in(there)
        await there.get("/redaksjon/meg/")
        await there.send("/redaksjon/ut/overalt/")
        assert [await is_in(one) for one in (there, third)] == [False, False]
        assert await is_in(his)


async def test_the_pages_are_in_the_language_that_was_chosen(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as browser:
        await browser.get("/redaksjon/meg/")
        page = await browser.send("/redaksjon/maal/", maal="nn")
        assert '<html lang="nn">' in page.text
        assert "Passnøklar" in page.text
        page = await browser.send("/redaksjon/maal/", maal="nb")
        assert "Passnøkler" in page.text


async def test_the_audit_trail_knows_of_each_passkey(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as browser:
        for _ in range(2):
            page = await make_passkey(browser, "/redaksjon/passnokkel/ny/", phone())
        await browser.send("/redaksjon/passnokkel/fjern/", passnokkel=_IDS.findall(page.text)[0])
    lines = b"".join(await ingest.redis.hvals("ingest:audit"))
    assert lines.count(b'"passkey_made"') == 2
    assert lines.count(b'"passkey_removed"') == 1


async def test_a_session_ends_when_nothing_is_asked_in_it_for_twelve_hours(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as browser:
        [key] = await ingest.redis.keys("ingest:session:*")
        await ingest.redis.expire(key, 10)
        assert await is_in(browser)
        assert 12 * 3600 - 10 <= await ingest.redis.ttl(key) <= 12 * 3600
        await ingest.redis.delete(key)
        assert not await is_in(browser)
