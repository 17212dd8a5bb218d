"""On a trial system a newcomer gets in by a link; nowhere else does anybody."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.ingest.lifecycle.life import Life
from services.ingest.lifecycle.steps import Rules, Turn, approve, submit
from services.ingest.lifecycle.store import Articles
from services.ingest.newsroom.doors.trial import (
    NAME,
    PERSON,
    SECOND,
    SECOND_NAME,
    SWAP,
    end_trial,
    is_trial,
    learners,
    trial_link,
)
from services.ingest.newsroom.visit import key_of
from services.ingest.people.person import Person
from services.ingest.people.store import People
from shared.visitors.cookies import STAFF_COOKIES
from shared.visitors.sessions import STAFF_SESSIONS, Proof, Sessions
from tests.ingest.clock import clock, published
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.desk.steps import WHOLE_ALERT, begin, write
from tests.ingest.newsroom.doors.steps import is_in
from tests.ingest.newsroom.review.cases import form_of, previewed
from tests.ingest.newsroom.steps import NewsroomBrowser, somebody
from tests.make import settings
from tests.wait import until

HERE = "http://127.0.0.1:8000"
_RELAY = {"smtp_url": "smtp://relay.example.org", "mail_from": "a@example.org"}


@pytest.fixture
async def trial(make_ingest: Any) -> Ingest:
    ingest: Ingest = await make_ingest(site_url=HERE)
    return ingest


@asynccontextmanager
async def _browser(ingest: Ingest, source: str = "127.0.0.1") -> AsyncIterator[NewsroomBrowser]:
    transport = httpx.ASGITransport(ingest.service.http, client=(source, 1))
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as http:
        yield NewsroomBrowser(http)


async def _link(ingest: Ingest) -> str:
    return (await trial_link(ingest.redis, ingest.settings)).removeprefix(HERE)


async def test_a_newcomer_gets_in_by_the_link_and_its_button_once(trial: Ingest) -> None:
    link = await _link(trial)
    async with _browser(trial) as browser, _browser(trial) as late:
        for _ in range(2):
            await browser.get(link)
            assert not await is_in(browser), "opening it let somebody in"
        await late.get(link)
        await browser.send(link)
        assert await is_in(browser)
        assert NAME in (await browser.get("/redaksjon/meg/")).text
        assert (await late.send(link)).status_code == 404
        assert not await is_in(late)
    async with _browser(trial) as again:
        link = await _link(trial)
        await again.get(link)
        await again.send(link)
        assert await is_in(again), "the next start's link lets nobody in"


async def test_the_page_to_log_in_on_a_trial_says_that_the_start_has_written_a_link(
    trial: Ingest, make_ingest: Any
) -> None:
    async with _browser(trial) as browser:
        page = (await browser.get("/redaksjon/inn/")).text
        assert "skrev det en lenke i terminalen" in page
        for otherwise in ("får du en lenke av en administrator", "Passnøkler virker ikke"):
            assert otherwise not in page
    async with _browser(trial, source="192.0.2.7") as stranger:
        assert "i terminalen" not in (await stranger.get("/redaksjon/inn/")).text
    relayed = await make_ingest(site_url=HERE, **_RELAY)
    async with _browser(relayed) as browser:
        page = (await browser.get("/redaksjon/inn/")).text
        assert "i terminalen" not in page
        assert "Passnøkler virker ikke på denne adressen" in page


async def test_a_newcomers_alert_waits_for_the_other_person_whom_the_newcomer_can_be(
    trial: Ingest,
) -> None:
    link = await _link(trial)
    async with _browser(trial) as browser:
        await browser.get(link)
        await browser.send(link)
        sak = await begin(browser)
        await write(browser, sak, **WHOLE_ALERT)
        await browser.get(f"{sak}send-inn/")
        assert "Send til godkjenning" in browser.page
        seen = browser.page.split('name="utgave" value="')[1].split('"')[0]
        await browser.send(f"{sak}send-inn/", utgave=seen)
        life = await Articles(trial.redis).life(sak.split("/")[-2])
        assert life
        assert life.state == "in_review", "it went out without another person"
        assert SECOND_NAME in browser.page, "nothing says who the other could be"
        assert "Gi dem beskjed selv" not in browser.page, "the other is the newcomer too"
        await browser.get(f"{sak}godkjenn/")
        assert "Godkjenn, og send" not in browser.page, "who wrote it may approve it"
        for page in (sak, f"{sak}godkjenn/"):
            await browser.get(page)
            assert re.findall(r'"button main"[^>]*>(.*?)<', browser.page) == [
                f"Fortsett som {SECOND_NAME}"
            ], "one clear next step"
        refused = await browser.send(SWAP, til="https://example.org/")
        assert refused.url.path == "/redaksjon/"
        assert SECOND_NAME in (await browser.get("/redaksjon/meg/")).text
        await browser.get(sak)
        assert NAME in browser.page, "no way back"
        page = (await browser.get(f"{sak}godkjenn/")).text
        assert "Du har selv skrevet på saken" not in page
        back = await browser.send(SWAP, til=f"{sak}godkjenn/")
        assert back.url.path == f"{sak}godkjenn/"
        assert NAME in (await browser.get("/redaksjon/meg/")).text


def _rules(ingest: Ingest) -> Rules:
    """Those that the service has."""
    rules: Rules = ingest.service.http.api.state.parts.rules
    return rules


async def _comes_in(ingest: Ingest, browser: NewsroomBrowser) -> None:
    link = await _link(ingest)
    await browser.get(link)
    await browser.send(link)
    assert await is_in(browser)


async def _sends_in(browser: NewsroomBrowser, sak: str) -> None:
    await browser.get(f"{sak}send-inn/")
    seen = browser.page.split('name="utgave" value="')[1].split('"')[0]
    await browser.send(f"{sak}send-inn/", utgave=seen)


async def test_an_approval_of_a_trial_counts_for_nothing_once_it_is_none(
    make_ingest: Any,
) -> None:
    trial: Ingest = await make_ingest(site_url=HERE, alert_hold=1)
    async with _browser(trial) as browser:
        await _comes_in(trial, browser)
        sak = await begin(browser)
        await write(browser, sak, **WHOLE_ALERT)
        await _sends_in(browser, sak)
        article = sak.split("/")[-2]
        await previewed(trial, article)
        await browser.send(SWAP, til=f"{sak}godkjenn/")
        await browser.send(f"{sak}godkjenn/", **form_of(browser, f"{sak}godkjenn/"))
    articles = Articles(trial.redis)
    approved = await articles.life(article)
    assert approved
    assert (approved.state, approved.approvers) == ("approved", {SECOND})
    real: Ingest = await make_ingest(site_url=HERE, alert_hold=1, **_RELAY)
    await end_trial(real.redis, real.settings)

    async def settled() -> Life | None:
        life = await articles.life(article)
        return life if life and life.state != "approved" else None

    async with clock(real):
        waiting = await until(settled)
    assert waiting.state == "in_review"
    assert waiting.approvals == ()
    assert await published(real) == []
    ola = await somebody(real, "Ola Eksempel", "approver")
    out = approve(waiting, Turn(ola, waiting.last.at, _rules(real))).life
    assert out.state == "approved", "a real approval is worth nothing"


async def test_what_waits_for_approval_when_a_trial_ends_needs_a_real_one(
    trial: Ingest, make_ingest: Any
) -> None:
    async with _browser(trial) as browser:
        await _comes_in(trial, browser)
        sak = await begin(browser)
        await write(browser, sak, **WHOLE_ALERT)
        await _sends_in(browser, sak)
    life = await Articles(trial.redis).life(sak.split("/")[-2])
    assert life
    two = replace(_rules(trial), approvals=2)
    second = Person(SECOND, SECOND_NAME, "approver")
    one_of_two = approve(life, Turn(second, life.created_at, two)).life
    real: Ingest = await make_ingest(site_url=HERE, **_RELAY)
    again = submit(one_of_two, Turn(second, life.created_at, _rules(real)), "0" * 32).life
    assert again.state == "in_review"


async def test_a_button_makes_nobody_of_who_was_revoked(trial: Ingest) -> None:
    people = People(trial.redis)
    async with _browser(trial) as browser:
        await _comes_in(trial, browser)
        await browser.get("/redaksjon/meg/")
        await browser.send(SWAP)
        await browser.get("/redaksjon/meg/")
        await browser.send(SWAP)
        await people.revoke(SECOND)
        await browser.get("/redaksjon/meg/")
        refused = await browser.send(SWAP)
        assert refused.status_code == 404
        assert "Inviter en godkjenner" in refused.text, "it does not say what to do"
        assert await people.find(SECOND) is None
        assert NAME in (await browser.get("/redaksjon/meg/")).text
        unused = await _link(trial)
        await people.revoke(PERSON)
        await browser.get(unused)
        await browser.send(unused)
        assert not await is_in(browser)
        assert await people.find(PERSON) is None
    assert await _link(trial) == ""


@pytest.mark.parametrize("is_revoked", [False, True])
async def test_nobody_of_a_trial_becomes_a_real_person_of_the_same_name(
    trial: Ingest, *, is_revoked: bool
) -> None:
    people = People(trial.redis)
    unused = await _link(trial)
    real = [await somebody(trial, name, "admin") for name in (NAME, SECOND_NAME)]
    if is_revoked:
        for person in real:
            await people.revoke(person.id)
    before = await people.records()
    async with _browser(trial) as browser:
        await browser.get(unused)
        await browser.send(unused)
        assert not await is_in(browser)
        sessions = Sessions(trial.redis, STAFF_SESSIONS, await key_of(trial.redis))
        newcomer = await people.add("Den nye", "admin", id_=PERSON)
        session = await sessions.begin(newcomer.id, Proof.OTHER)
        browser.http.cookies.set(STAFF_COOKIES.session, session.id)
        await browser.get("/redaksjon/meg/")
        assert (await browser.send(SWAP)).status_code == 404
        assert "Den nye" in (await browser.get("/redaksjon/meg/")).text
    after = await people.records()
    assert {one.id: after[one.id] for one in real} == {one.id: before[one.id] for one in real}
    assert SECOND not in after


async def test_what_both_have_written_on_says_that_a_third_is_needed(trial: Ingest) -> None:
    third = "så ingen av dem kan godkjenne den"
    async with _browser(trial) as browser:
        await _comes_in(trial, browser)
        sak = await begin(browser)
        await write(browser, sak, **WHOLE_ALERT)
        await _sends_in(browser, sak)
        await browser.get(f"{sak}godkjenn/")
        assert third not in browser.page
        assert "Skriv bare som den ene" in browser.page, "nothing warns of it"
        await browser.send(SWAP, til=sak)
        await write(browser, sak, title="Noe annet om Eksempelinib")
        assert third in (await browser.get(sak)).text
        await _sends_in(browser, sak)
        page = (await browser.get(f"{sak}godkjenn/")).text
        assert third in page
        assert f"Det kan {NAME} gjøre." in page
        await browser.send(SWAP, til=f"{sak}godkjenn/")
        assert third in browser.page
        assert "Gå til Folk" in browser.page


async def test_only_a_newcomer_on_a_trial_becomes_the_other_person(
    trial: Ingest, make_ingest: Any
) -> None:
    async with _browser(trial) as nobody, _browser(trial, "192.0.2.7") as elsewhere:
        for browser in (nobody, elsewhere):
            await browser.get("/redaksjon/inn/")
            assert (await browser.send(SWAP)).status_code in (401, 403, 404)
            assert not await is_in(browser)
    assert await People(trial.redis).find(SECOND) is None
    kari = await somebody(trial, "Kari", "admin")
    sessions = Sessions(trial.redis, STAFF_SESSIONS, await key_of(trial.redis))
    async with _browser(trial) as browser:
        session = await sessions.begin(kari.id, Proof.OTHER)
        browser.http.cookies.set(STAFF_COOKIES.session, session.id)
        await browser.get("/redaksjon/meg/")
        assert await is_in(browser)
        assert (await browser.send(SWAP)).status_code == 404
    assert await People(trial.redis).find(SECOND) is None
    link = await _link(trial)
    async with _browser(trial) as browser:
        await browser.get(link)
        await browser.send(link)
        await browser.get("/redaksjon/meg/")
        await browser.send(SWAP)
        assert await People(trial.redis).find(SECOND)
        real: Ingest = await make_ingest(site_url=HERE, **_RELAY)
        await end_trial(real.redis, real.settings)
        assert await People(real.redis).find(SECOND) is None
        assert not await is_in(browser)


def test_commands_publish_as_before_and_a_setting_is_obeyed() -> None:
    rules = Rules(0, timedelta(), learners(settings()))
    assert rules.wanted("safety_alert", {"somebody-else"}) == 0
    assert rules.wanted("safety_alert", {PERSON, "somebody-else"}) == 1
    assert rules.wanted("news", {PERSON}) == 0
    assert Rules(2, timedelta(), learners(settings())).wanted("safety_alert", {PERSON}) == 2
    assert learners(settings(alert_approvals=0)) == frozenset()
    assert learners(settings(**_RELAY)) == frozenset()


async def test_from_another_machine_it_lets_nobody_in(trial: Ingest) -> None:
    link = await _link(trial)
    async with _browser(trial, "192.0.2.7") as browser:
        assert (await browser.get(link)).status_code == 404
        assert (await browser.send(link)).status_code == 404
        assert not await is_in(browser)


async def test_with_a_relay_there_is_no_link_and_whom_one_let_in_is_out(
    trial: Ingest, make_ingest: Any
) -> None:
    link = await _link(trial)
    async with _browser(trial) as browser:
        await browser.get(link)
        await browser.send(link)
        unused = await _link(trial)
        real: Ingest = await make_ingest(site_url=HERE, **_RELAY)
        assert await trial_link(real.redis, real.settings) == ""
        await end_trial(real.redis, real.settings)
        assert await People(real.redis).find(PERSON) is None
        assert not await is_in(browser)
        async with _browser(real) as other:
            assert (await other.get(unused)).status_code == 404


async def test_a_real_person_of_that_name_is_not_who_it_lets_in(trial: Ingest) -> None:
    await somebody(trial, NAME, "admin")
    link = await _link(trial)
    async with _browser(trial) as browser:
        await browser.get(link)
        await browser.send(link)
        assert not await is_in(browser)


@pytest.mark.parametrize(
    ("changed", "source", "expected"),
    [
        ({}, "127.0.0.1", True),
        ({}, "::1", True),
        ({"site_url": "http://localhost:8000"}, "127.0.0.1", True),
        ({}, "192.0.2.7", False),
        ({}, "", False),
        ({"host": "0.0.0.0"}, "127.0.0.1", False),
        ({"site_url": "https://varsel.example.org"}, "127.0.0.1", False),
        (_RELAY, "127.0.0.1", False),
    ],
)
def test_a_system_is_a_trial_only_where_nothing_can_go_out_and_nobody_else_comes_in(
    changed: dict[str, str], source: str, *, expected: bool
) -> None:
    assert is_trial(settings(**changed), source) is expected
