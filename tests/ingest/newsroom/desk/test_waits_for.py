"""Whoever has sent an article in reads who can approve it, whether they were told, and what to do
if nobody can or nobody was."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.ingest.people.store import People
from services.ingest.receipts.staff_reach import reach_counted
from shared.staff import StaffReach
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.review.cases import person, waiting, writer
from tests.ingest.newsroom.steps import browser_of

_NOBODY_TOLD = "Ingen har fått beskjed om at saken venter"


@pytest.fixture
async def strict(make_ingest: Any) -> Ingest:
    """Where an alert needs one approval."""
    return await make_ingest(alert_approvals=1)


async def reached(ingest: Ingest, addresses: int, *, webhook: bool = False) -> None:
    """Notify tells how many of the staff have an address."""
    reach = StaffReach(addresses=addresses, webhook=webhook)
    for op in reach_counted(reach, datetime.now(UTC)).ops:
        await ingest.redis.execute_command(*op)


async def pages(ingest: Ingest, article: str, name: str = "Kari Eksempel") -> list[str]:
    """The article's page and the one to approve it on, as this person sees them."""
    base = f"/redaksjon/sak/{article}/"
    async with browser_of(ingest, await person(ingest, name)) as browser:
        return [(await browser.get(base + page)).text for page in ("", "godkjenn/")]


async def test_whoever_sent_it_in_reads_by_name_who_can_approve_it(strict: Ingest) -> None:
    article = await waiting(strict, await writer(strict))
    await person(strict, "Ola Eksempel")
    await person(strict, "Eva Eksempel", "editor")
    for page in await pages(strict, article):
        assert "Ola Eksempel kan godkjenne den." in page
        assert "Eva" not in page
        assert "Inviter en godkjenner" not in page
    await person(strict, "Per Eksempel", "admin")
    for page in await pages(strict, article):
        assert "Disse kan godkjenne den: Ola Eksempel, Per Eksempel." in page
    for page in await pages(strict, article, "Ola Eksempel"):
        assert "kan godkjenne den" not in page  # it waits for who looks


async def test_if_nobody_was_told_that_is_said_with_the_way_out(strict: Ingest) -> None:
    article = await waiting(strict, await writer(strict))
    await person(strict, "Ola Eksempel")
    await reached(strict, 0)
    for page in await pages(strict, article):
        assert _NOBODY_TOLD in page
        assert 'href="/redaksjon/varsle/"' in page
    await reached(strict, 1)
    for page in await pages(strict, article):
        assert _NOBODY_TOLD not in page
        assert "De som har oppgitt en e-postadresse, får beskjed" in page
    await reached(strict, 0, webhook=True)
    for page in await pages(strict, article):
        assert _NOBODY_TOLD not in page
        assert "kanalen som er satt opp for redaksjonen" in page


@pytest.mark.parametrize("is_admin", [True, False])
async def test_if_nobody_can_approve_it_that_is_said_with_a_way_to_invite(
    strict: Ingest, *, is_admin: bool
) -> None:
    article = await waiting(strict, await writer(strict))
    await person(strict, "Eva Eksempel", "editor")
    kari = await person(strict, "Kari Eksempel")
    if is_admin:
        await People(strict.redis).set_role(kari.id, "admin")
    for page in await pages(strict, article):
        assert "Ingen i redaksjonen kan godkjenne den." in page
        assert ("Inviter en godkjenner" in page) == is_admin
        assert ('href="/redaksjon/folk/">Inviter' in page) == is_admin
        assert ("Be den som drifter Varsel" in page) != is_admin
        assert _NOBODY_TOLD not in page


async def test_if_too_few_can_approve_it_that_is_said(make_ingest: Any) -> None:
    stricter = await make_ingest(alert_approvals=2)
    article = await waiting(stricter, await writer(stricter))
    await person(stricter, "Ola Eksempel")
    for page in await pages(stricter, article):
        assert "Ola Eksempel kan godkjenne den." in page
        assert "Den trenger 2 godkjenninger til, og det er for få" in page
    await person(stricter, "Per Eksempel")
    for page in await pages(stricter, article):
        assert "det er for få" not in page
