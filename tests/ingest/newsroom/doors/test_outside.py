"""Staff come in by the association's own log-in, if an invitation made the account theirs.

The provider is a real one (oidc-provider, by Node), asked over HTTP as a browser does."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from services.ingest.people.invitations import Invitations
from services.ingest.people.store import People
from tests.browsers.provider import provider as running
from tests.docs.privacy import kept_as_said
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.doors.steps import is_in
from tests.ingest.newsroom.steps import SITE, NewsroomBrowser, browser_of, somebody

BACK = f"{SITE}/redaksjon/inn/konto/svar/"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Its address."""
    with running(BACK) as address:
        yield address


@pytest.fixture
async def ingest(make_ingest: Any, provider: str) -> Ingest:
    made: Ingest = await make_ingest(
        oidc_issuer=provider, oidc_client_id="varsel", oidc_client_secret="hemmelig"
    )
    return made


async def _start(browser: NewsroomBrowser, page: str, **fields: str) -> str:
    """Press the button on a page; where the browser goes."""
    await browser.get(page)
    answer = await browser.send("/redaksjon/inn/konto/", **fields)
    assert answer.status_code == 200, answer.text
    return answer.headers["refresh"].partition("url=")[2]


async def _at_provider(address: str, login: str) -> str:
    """Log in there, and agree; the address that the provider sends the browser back to."""
    async with httpx.AsyncClient() as http:
        answer = await http.get(address)
        for _ in range(10):
            if answer.is_redirect:
                to = urljoin(str(answer.url), answer.headers["location"])
                if to.startswith(SITE):
                    return to
                answer = await http.get(to)
                continue
            action = re.search(r'action="([^"]+)"', answer.text)
            assert action, answer.text
            fields = dict(re.findall(r'name="(prompt)" value="(\w+)"', answer.text))
            if fields["prompt"] == "login":
                fields |= {"login": login, "password": "x"}
            answer = await http.post(urljoin(str(answer.url), action[1]), data=fields)
    raise AssertionError("the provider did not send the browser back")


async def _log_in(browser: NewsroomBrowser, login: str) -> httpx.Response:
    back = await _at_provider(await _start(browser, "/redaksjon/inn/", til="/redaksjon/"), login)
    return await browser.get(back)


async def _invited(browser: NewsroomBrowser, ingest: Ingest, name: str, login: str) -> str:
    person = await People(ingest.redis).named(name) or await somebody(ingest, name)
    token = await Invitations(ingest.redis).make(person.id)
    address = await _start(browser, f"/redaksjon/inn/{token}/", invitasjon=token)
    return await _at_provider(address, login)


async def test_an_invitation_makes_an_account_somebodys_and_then_it_lets_them_in(
    ingest: Ingest,
) -> None:
    async with browser_of(ingest) as browser:
        await browser.get(await _invited(browser, ingest, "Kari", "kari"))
        assert await is_in(browser)
    async with browser_of(ingest) as another:
        await _log_in(another, "kari")
        assert "Kari" in (await another.get("/redaksjon/meg/")).text


async def test_an_account_of_nobody_lets_nobody_in(ingest: Ingest) -> None:
    await somebody(ingest, "Kari")
    async with browser_of(ingest) as browser:
        answer = await _log_in(browser, "kari")
        assert answer.status_code == 403
        assert "ikke knyttet til noen" in answer.text
        assert not await is_in(browser)


async def test_what_comes_back_counts_once_and_in_the_browser_that_asked(ingest: Ingest) -> None:
    async with browser_of(ingest) as browser, browser_of(ingest) as other:
        back = await _invited(browser, ingest, "Kari", "kari")
        assert await kept_as_said(ingest.redis, "ingest:oidc:{hash}")
        await other.get("/redaksjon/inn/")
        assert (await other.get(back)).status_code == 403
        assert not await is_in(other)
        await browser.get(back)
        assert await is_in(browser)
        await browser.get("/redaksjon/meg/")
        await browser.send("/redaksjon/ut/")
        assert (await browser.get(back)).status_code == 403
        assert not await is_in(browser)


async def test_a_code_that_the_provider_did_not_give_lets_nobody_in(ingest: Ingest) -> None:
    async with browser_of(ingest) as browser:
        back = await _invited(browser, ingest, "Kari", "kari")
        forged = re.sub(r"code=[^&]+", "code=oppdiktet", back)
        assert (await browser.get(forged)).status_code == 403
        assert not await is_in(browser)


async def test_a_code_of_anothers_log_in_does_not_fit(ingest: Ingest) -> None:
    """PKCE and nonce: who steals a code, or slips one in, gets nowhere."""
    async with browser_of(ingest) as mine, browser_of(ingest) as theirs:
        back = await _invited(mine, ingest, "Kari", "kari")
        other = await _invited(theirs, ingest, "Ola", "ola")
        code = re.search(r"code=([^&]+)", other)
        assert code
        mixed = re.sub(r"code=[^&]+", f"code={code[1]}", back)
        assert (await mine.get(mixed)).status_code == 403
        assert not await is_in(mine)


async def test_one_account_is_not_two_persons(ingest: Ingest) -> None:
    async with browser_of(ingest) as browser:
        await browser.get(await _invited(browser, ingest, "Kari", "kari"))
    async with browser_of(ingest) as browser:
        answer = await browser.get(await _invited(browser, ingest, "Ola", "kari"))
        assert answer.status_code == 403
        assert not await is_in(browser)


async def test_an_account_ends_with_the_person(ingest: Ingest) -> None:
    people = People(ingest.redis)
    async with browser_of(ingest) as browser:
        await browser.get(await _invited(browser, ingest, "Kari", "kari"))
        kari = await people.named("Kari")
        assert kari
        await people.revoke(kari.id)
        assert not await is_in(browser)
        await people.add("Kari", "editor")
        assert (await _log_in(browser, "kari")).status_code == 403


async def test_a_provider_that_is_away_keeps_nobody_from_using_a_passkey(make_ingest: Any) -> None:
    ingest = await make_ingest(
        oidc_issuer="http://127.0.0.1:1", oidc_client_id="varsel", oidc_client_secret="x"
    )
    async with browser_of(ingest) as browser:
        page = await browser.get("/redaksjon/inn/")
        assert "Logg inn med passnøkkel" in page.text
        answer = await browser.send("/redaksjon/inn/konto/")
        assert answer.status_code == 503
        assert "svarer ikke" in answer.text


async def test_where_none_is_set_none_is_offered(make_ingest: Any) -> None:
    ingest = await make_ingest()
    async with browser_of(ingest) as browser:
        page = await browser.get("/redaksjon/inn/")
        assert "/konto/" not in page.text
        assert (await browser.send("/redaksjon/inn/konto/")).status_code in (404, 405)
