"""The audit trail is read in words, and it is said where it is broken."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import ENTRIES, Trail
from services.ingest.newsroom.admin.trail_page import ON_A_PAGE
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.steps import browser_of, somebody
from tests.wait import until


async def test_who_did_what_is_read_in_words_page_by_page(ingest: Ingest) -> None:
    anne = await somebody(ingest, "Anne", "approver")
    note = {"note": "Dosen er feil"}
    rejected = TrailAction("Anne", "rejected", "a1b2c3d4e5f6", 2, "0" * 64, note)
    await Trail(ingest.redis).append([rejected])
    async with browser_of(ingest, anne) as browser:
        page = (await browser.get("/redaksjon/spor/")).text
        assert "Slapp inn Anne (godkjenner)" in page
        assert "Avviste" in page
        assert "«Dosen er feil»" in page
        assert 'href="/redaksjon/sak/a1b2c3d4e5f6/"' in page
        await Trail(ingest.redis).append([TrailAction("Anne", "saved")] * ON_A_PAGE)
        page = (await browser.get("/redaksjon/spor/")).text
        assert "Avviste" not in page
        older = page.split('href="/redaksjon/spor/?til=')[1].split('"')[0]
        page = (await browser.get(f"/redaksjon/spor/?til={older}")).text
        assert "Avviste" in page
        for til in ("0", "x", "-1", "99999999", "9" * 40):
            assert (await browser.get(f"/redaksjon/spor/?til={til}")).status_code == 200


async def test_a_whole_trail_is_told_with_its_root_and_a_changed_one_with_its_place(
    ingest: Ingest,
) -> None:
    anne = await somebody(ingest, "Anne", "approver")
    trail = Trail(ingest.redis)
    await trail.append([TrailAction("Anne", "saved")] * 3)
    async with browser_of(ingest, anne) as browser:
        page = (await browser.get("/redaksjon/spor/?sjekk")).text
        assert "Sporet er helt" in page
        assert (await trail.head()).hash in page
        line = await ingest.redis.hget(ENTRIES, "5")
        assert line
        await ingest.redis.hset(ENTRIES, "5", line.replace(b"Anne", b"Onne"))
        page = (await browser.get("/redaksjon/spor/?sjekk")).text
        assert "Sporet er brutt" in page
        assert "Oppføring 5:" in page
        await ingest.redis.hdel(ENTRIES, "5")
        page = (await browser.get("/redaksjon/spor/?sjekk")).text
        assert "mangler eller kan ikke leses" in page


async def test_an_editor_does_not_see_the_trail(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Per")) as browser:
        assert (await browser.get("/redaksjon/spor/")).status_code == 403


async def test_a_long_trail_is_checked_while_others_are_served_and_says_how_far_it_is(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    anne = await somebody(ingest, "Anne", "approver")
    trail = Trail(ingest.redis)
    await trail.append([TrailAction("Anne", "saved")] * 1000)
    goes_on, real = asyncio.Event(), Trail.read

    async def half_way(self: Trail, last: int | None = None) -> AsyncIterator[bytes]:
        async for place, line in enumerated(real(self, last)):
            if place == 500:
                await goes_on.wait()
            yield line

    monkeypatch.setattr(Trail, "read", half_way)
    async with browser_of(ingest, anne) as browser:
        page = (await browser.get("/redaksjon/spor/?sjekk")).text
        again = page.split('content="1; url=')[1].split('"')[0]

        async def half_done() -> bool:
            return "500 av" in (await browser.get(again)).text

        await until(half_done)
        assert (await browser.get("/redaksjon/")).status_code == 200
        # Who asks meanwhile is told of the same check.
        assert again in (await browser.get("/redaksjon/spor/?sjekk")).text
        goes_on.set()

        async def done() -> bool:
            return "Sporet er helt" in (await browser.get(again)).text

        await until(done)
        # What was found stands; whoever asks anew has every entry checked anew.
        await ingest.redis.hset(ENTRIES, "5", b"{}")
        assert "Sporet er helt" in (await browser.get(again)).text
        assert "Sporet er brutt" in (await browser.get("/redaksjon/spor/?sjekk")).text


async def enumerated(lines: AsyncIterator[bytes]) -> AsyncIterator[tuple[int, bytes]]:
    place = 0
    async for line in lines:
        yield place, line
        place += 1
