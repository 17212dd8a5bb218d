"""Whoever is logged in gets a link to say where they are told: for themselves alone, and with no
token in anything that others read."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

from services.ingest.people.store import People
from shared.events import PersonGone, StaffAddressWanted, from_fields
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.steps import browser_of, somebody

_LINK = re.compile(r'href="/beskjed/([A-Za-z0-9_-]{43})/"')


async def wanted(ingest: Ingest) -> list[StaffAddressWanted]:
    found = [from_fields(fields) for _, fields in await ingest.redis.xrange("control")]
    return [event for event in found if isinstance(event, StaffAddressWanted)]


async def test_a_press_gives_a_link_of_which_notify_hears_only_the_hash(ingest: Ingest) -> None:
    kari = await somebody(ingest, "Kari")
    async with browser_of(ingest, kari) as browser:
        await browser.get("/redaksjon/varsle/")
        assert await wanted(ingest) == []  # to look changes nothing
        page = await browser.send("/redaksjon/varsle/")
        assert page.status_code == 200
    found = _LINK.search(page.text)
    assert found
    (event,) = await wanted(ingest)
    assert event.data.person == kari.id
    assert event.data.token_sha256 == hashlib.sha256(found[1].encode()).hexdigest()
    assert event.data.expires <= datetime.now(UTC) + timedelta(hours=1)
    for _, fields in await ingest.redis.xrange("control"):
        assert found[1].encode() not in b" ".join(fields.values())


async def test_nobody_who_is_not_logged_in_gets_a_link(ingest: Ingest) -> None:
    async with browser_of(ingest) as browser:
        answer = await browser.http.get("/redaksjon/varsle/")
        assert answer.status_code == 303
        answer = await browser.http.post("/redaksjon/varsle/", data={})
        assert answer.status_code in (303, 403)
    assert await wanted(ingest) == []


async def test_another_sites_form_gets_none(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as browser:
        await browser.get("/redaksjon/varsle/")
        answer = await browser.http.post(
            "/redaksjon/varsle/", data={}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 403
    assert await wanted(ingest) == []


async def test_who_is_revoked_is_told_of_in_the_same_step(ingest: Ingest) -> None:
    people = People(ingest.redis)
    kari = await somebody(ingest, "Kari")
    await people.revoke(kari.id)
    await people.revoke(kari.id)
    found = [from_fields(fields) for _, fields in await ingest.redis.xrange("control")]
    (event,) = [event for event in found if isinstance(event, PersonGone)]
    assert event.data.person == kari.id
