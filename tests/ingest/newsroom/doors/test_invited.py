"""An invitation lets one person in, once, by a button and a passkey."""

from contextlib import suppress
from typing import Any

import httpx
import pytest

from services.ingest.audit.entries import TrailEntry
from services.ingest.people.invitations import Invitations
from services.ingest.people.passkeys import StaffPasskeys
from services.ingest.people.store import People
from shared.visitors.cookies import STAFF_COOKIES
from tests.authenticator import Authenticator
from tests.dying import Killed, dying
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.doors.steps import asked, is_in, log_in, make_passkey, phone
from tests.ingest.newsroom.steps import browser_of, somebody


async def _invite(ingest: Ingest, name: str = "Kari") -> str:
    person = await somebody(ingest, name)
    return f"/redaksjon/inn/{await Invitations(ingest.redis).make(person.id)}/"


async def test_whoever_is_invited_makes_a_passkey_and_is_logged_in_and_can_log_in_again(
    ingest: Ingest,
) -> None:
    link, mine = await _invite(ingest), phone()
    async with browser_of(ingest) as browser:
        page = await make_passkey(browser, link, mine)
        assert page.url.path == "/redaksjon/meg/"
        assert "Lag en passnøkkel til" in page.text, "no second one is offered"
        assert await is_in(browser)
    async with browser_of(ingest) as another:
        await log_in(another, mine)
        assert "Kari" in (await another.get("/redaksjon/meg/")).text


async def test_opening_the_link_lets_nobody_in_and_does_not_use_it_up(ingest: Ingest) -> None:
    link = await _invite(ingest)
    async with browser_of(ingest) as scanner:
        for _ in range(3):
            await scanner.http.get(link)
            await scanner.http.head(link)
        assert not await is_in(scanner)
    async with browser_of(ingest) as browser:
        await make_passkey(browser, link, phone())
        assert await is_in(browser)


async def test_it_lets_in_once(ingest: Ingest) -> None:
    link = await _invite(ingest)
    async with browser_of(ingest) as slow, browser_of(ingest) as browser:
        await slow.get(link)
        page = slow.page
        await make_passkey(browser, link, phone())
        slow.page = page
        again = await slow.send(link, svar="{}")
        assert again.status_code == 404
        assert "virker ikke lenger" in (await browser.get(link)).text


@pytest.mark.parametrize("what", ["unchecked", "another page's", "another browser's", "nothing"])
async def test_an_answer_that_is_not_this_pages_lets_nobody_in(ingest: Ingest, what: str) -> None:
    link, other = await _invite(ingest), await _invite(ingest, "Ola")
    mine = Authenticator("https://varsel.example.org", verifies=what != "unchecked")
    async with browser_of(ingest) as browser, browser_of(ingest) as elsewhere:
        here = await browser.get(link)
        ask = {
            "unchecked": here,
            "another page's": await browser.get(other),
            "another browser's": await elsewhere.get(link),
            "nothing": here,
        }[what]
        answer = "" if what == "nothing" else mine.make(asked(ask.text))
        await browser.get(link)
        refused = await browser.send(link, svar=answer)
        assert refused.status_code == 403
        assert "ikke laget" in refused.text
        assert not await is_in(browser)
        person = await Invitations(ingest.redis).look(link.split("/")[-2])
        assert person, "the invitation was used up"
        assert await StaffPasskeys(ingest.redis).of(person.id) == {}


async def test_a_new_invitation_logs_out_whoever_found_the_lost_phone(ingest: Ingest) -> None:
    person = await somebody(ingest, "Kari")
    link = f"/redaksjon/inn/{await Invitations(ingest.redis).make(person.id)}/"
    async with browser_of(ingest, person) as lost, browser_of(ingest) as browser:
        assert await is_in(lost)
        await make_passkey(browser, link, phone())
        assert await is_in(browser)
        assert not await is_in(lost)


async def test_a_lost_passkey_lets_nobody_in_once_the_new_link_is_used(ingest: Ingest) -> None:
    lost, mine = phone(), phone()
    async with browser_of(ingest) as browser:
        await make_passkey(browser, await _invite(ingest), lost)
        kari = await People(ingest.redis).named("Kari")
        assert kari
        token = await Invitations(ingest.redis).make(kari.id)
        async with browser_of(ingest) as again:
            await log_in(again, lost)
            assert await is_in(again), "the link alone ends nothing"
        page = await browser.get(f"/redaksjon/inn/{token}/")
        assert "Har du passnøkler fra før, slutter de å virke." in page.text
        await make_passkey(browser, f"/redaksjon/inn/{token}/", mine)
    async with browser_of(ingest) as found, browser_of(ingest) as owner:
        assert (await log_in(found, lost)).status_code == 403
        assert not await is_in(found)
        await log_in(owner, mine)
        assert await is_in(owner)
    whats = [TrailEntry.of(line).what for line in await ingest.redis.hvals("ingest:audit")]
    assert whats.count("passkey_removed") == 1, "the trail does not know that it ended"


async def test_whoever_is_revoked_is_out_at_once_and_comes_back_by_an_invitation_alone(
    ingest: Ingest,
) -> None:
    mine, people = phone(), People(ingest.redis)
    async with browser_of(ingest) as browser:
        await make_passkey(browser, await _invite(ingest), mine)
        kari = await people.named("Kari")
        assert kari
        await people.revoke(kari.id)
        assert not await is_in(browser)
        again = await people.add("Kari", "editor")
        assert again.id == kari.id
        assert not await is_in(browser), "the old session lives again"
        assert (await log_in(browser, mine)).status_code == 403, "the old passkey lives again"
        token = await Invitations(ingest.redis).make(kari.id)
        await make_passkey(browser, f"/redaksjon/inn/{token}/", phone())
        assert await is_in(browser)


async def test_whoever_is_broken_off_at_any_step_is_let_in_by_the_link_or_by_their_passkey(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_died, step = True, 0
    while has_died:
        step += 1
        link, mine = await _invite(ingest, f"Kari {step}"), phone()
        async with browser_of(ingest) as browser:
            answer = mine.make(asked((await browser.get(link)).text))
            with dying(monkeypatch, step) as died:
                with suppress(Killed):
                    await browser.send(link, svar=answer)
                has_died = died()
            await ingest.redis.connection_pool.disconnect()
        async with browser_of(ingest) as again:
            page = await again.get(link)
            if page.status_code == 200:
                await make_passkey(again, link, mine)
            else:
                await log_in(again, mine)
            assert await is_in(again), step
    assert step > 8


async def test_a_session_is_for_this_host_alone_and_no_script_reads_it(ingest: Ingest) -> None:
    link = await _invite(ingest)
    async with browser_of(ingest) as browser:
        await browser.get(link)
        answer = phone().make(asked(browser.page))
        sent = {"svar": answer, "skjema": browser.page.split('name="skjema" value="')[1][:32]}
        response = await browser.http.post(link, data=sent)
        [cookie] = [
            one
            for one in response.headers.get_list("set-cookie")
            if one.startswith(f"__Host-{STAFF_COOKIES.session}=")
        ]
        assert {"httponly", "secure", "path=/"} <= set(cookie.lower().split("; "))


async def test_on_a_trial_system_the_button_logs_in_without_a_passkey(
    make_ingest: Any,
) -> None:
    ingest = await make_ingest(site_url="http://127.0.0.1:8000")
    link = await _invite(ingest)
    transport = httpx.ASGITransport(ingest.service.http)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        page = (await http.get(link)).text
        assert "Gå inn i redaksjonen" in page
        assert (await http.get("/redaksjon/meg/")).status_code == 303
        sent = {"uten": "passnokkel", "skjema": page.split('name="skjema" value="')[1][:32]}
        await http.post(link, data=sent)
        assert (await http.get("/redaksjon/meg/")).status_code == 200
        assert (await http.post(link, data=sent)).status_code in (403, 404), "it let in twice"


async def test_nowhere_else_does_it(ingest: Ingest) -> None:
    link = await _invite(ingest)
    async with browser_of(ingest) as browser:
        page = await browser.get(link)
        assert "Gå inn i redaksjonen" not in page.text
        assert (await browser.send(link, uten="passnokkel")).status_code == 403
        assert not await is_in(browser)
