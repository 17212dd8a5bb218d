"""What the log says of a page's event: what happened, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from services.notify.choices.store import Choices
from services.notify.deliveries.page_hold import PageHold
from services.notify.deliveries.site import SiteReader
from services.notify.deliveries.start_delivery import StartDelivery
from services.notify.journal.entries import JournalState
from services.notify.journal.given_ids import GivenIds
from services.notify.journal.journal import Journal
from services.notify.vault.vault import Vault
from shared.bus import Bus, Entry
from tests.make import alert, revision
from tests.notify.system import System, running

alert_page = revision(alert())
TOLD = {"page_live", "page_withdrawn", "delivery_started", "delivery_completed"}


@asynccontextmanager
async def settled_by_another(on: System) -> AsyncIterator[asyncio.Event]:
    """A worker that loses each event of `pages` to another while it handles it; set once it has."""
    bus = Bus(on.url, service="notify", consumer="notify-1")
    handled = asyncio.Event()
    site = SiteReader(on.settings.site_check)
    vault = Vault(bytes(32), bytes(32))
    start = StartDelivery(
        bus,
        Choices(bus.redis, vault),
        site,
        PageHold(bus.redis, on.settings),
        on.settings,
        given=GivenIds(Journal(on.settings.journal_folder, vault, bus.redis), JournalState()),
    )

    async def handle(entry: Entry) -> None:
        await on.redis.xack("pages", "notify", entry.id)
        await start(entry)
        handled.set()

    bus.consume("pages", handle)
    await bus.start()
    try:
        yield handled
    finally:
        await bus.stop()
        await site.close()


@pytest.mark.parametrize("kind", ["published", "withdrawn"])
async def test_who_lost_an_event_to_another_says_nothing(notify: System, kind: str) -> None:
    with capture_logs() as lines:
        async with settled_by_another(notify) as handled:
            await (notify.publish if kind == "published" else notify.withdraw)(alert_page)
            await asyncio.wait_for(handled.wait(), 10)
    assert not [line for line in lines if line["event"] in TOLD]


async def test_a_page_and_its_withdrawal_are_said_once_also_when_told_again(
    notify: System,
) -> None:
    with capture_logs() as lines:
        async with running(notify):
            await notify.publish(alert_page)
            await notify.settled()
            for _ in range(2):
                await notify.withdraw(alert_page)
            await notify.publish(alert_page)
            await notify.settled()
    # Nobody is a member, so nobody is open from the start.
    assert [line["event"] for line in lines if line["event"] in TOLD] == [
        "page_live", "delivery_started", "delivery_completed", "page_withdrawn",
    ]  # fmt: skip
