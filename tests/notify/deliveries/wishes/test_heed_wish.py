"""Staff hold a delivery, let it go on, end it and have failures tried again, from the newsroom."""

import time

import pytest

from services.notify.ledger.control import failures
from services.notify.ledger.delivery import deliveries
from services.notify.relay.window import WINDOW
from shared.bus import bus
from shared.events import DeliveryPaused
from tests.make import alert, revision
from tests.notify.journal.copies import copy_of, put_back
from tests.notify.letters.steps import ask as ask_letters
from tests.notify.letters.steps import login
from tests.notify.steps import DELIVERY, addresses, balanced, let_go, these
from tests.notify.system import System, running
from tests.notify.wishes import ask, wanted
from tests.wait import until

MANY = 1500  # two chunks
alert_page = revision(alert())


async def half_way(up: System) -> float:
    """A delivery in the middle of two chunks, with letters that wait for the relay as well. Gives
    how many mails leave in a second."""
    await up.join(*addresses(MANY))
    up.relay.slowness = 0.01
    await up.publish(alert_page)
    await until(lambda: len(up.relay.mails) >= 50)
    await ask_letters(up, *(login(to, browser=to) for to in addresses(20)))
    first, began = len(up.relay.mails), time.monotonic()
    await until(lambda: len(up.relay.mails) >= first + 100)
    return (len(up.relay.mails) - first) / (time.monotonic() - began)


def alerts(up: System) -> int:
    return sum("Eksempelinib" in str(mail.head["Subject"]) for mail in up.relay.mails)


async def paused(up: System) -> bool:
    return any(isinstance(event, DeliveryPaused) for event in await up.told())


async def test_after_a_pause_no_more_leave_than_in_a_second_and_what_is_on_its_way(
    up: System,
) -> None:
    """Whatever notify is at: two chunks, and letters."""
    a_second = await half_way(up)
    before = alerts(up)
    await ask(up.redis, wanted("hold"))
    await until(lambda: paused(up))
    heard = alerts(up)
    assert heard - before <= a_second, "it was heard within a second"
    await let_go(up)
    assert alerts(up) <= heard + WINDOW
    assert alerts(up) < MANY - WINDOW, "nothing to hold: make the relay slower"
    (found,) = await deliveries(up.redis)
    assert (found["state"], found["cause"]) == ("paused", "operator")
    assert (await up.told())[-1].data.heeded == 1
    await balanced(up)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks that wait look again only after a long pause, as they do after some time."""
    monkeypatch.setattr(bus, "wait_pause", lambda *_: 55.0)


async def test_going_on_brings_chunks_that_waited_for_long_at_once(
    patient: None, up: System
) -> None:
    await half_way(up)
    await ask(up.redis, wanted("hold", 1))
    await until(lambda: paused(up))
    await let_go(up)
    up.relay.slowness = 0.0
    await ask(up.redis, wanted("resume", 2, seen="operator"))
    assert (await up.delivery())["handed_over"] == MANY
    assert sorted(up.relay.recipients()) == sorted([*addresses(MANY), *addresses(20)])
    await balanced(up)


async def test_what_is_cancelled_is_complete_soon_also_if_its_chunks_waited(
    patient: None, up: System
) -> None:
    await half_way(up)
    await ask(up.redis, wanted("hold", 1))
    await until(lambda: paused(up))
    await let_go(up)
    mailed = alerts(up)
    await ask(up.redis, wanted("cancel", 2))
    found = await up.delivery()
    assert (found["cause"], found["handed_over"]) == ("cancelled", mailed)
    assert found["suppressed"] == MANY - mailed
    await balanced(up)


async def test_those_who_failed_are_tried_again_once_however_often_it_is_told(up: System) -> None:
    await up.join(*addresses(30))
    up.relay.rcpt = these("medlem7@example.org", "medlem8@example.org")
    await up.publish(alert_page)
    assert (await up.delivery())["failed"] == 2
    event = wanted("again", 5)
    await ask(up.redis, event)

    async def tried() -> bool:
        return [found.number for found in await failures(up.redis, DELIVERY)] == [7, 8]

    await up.settled("control")
    await until(tried)
    await up.delivery()
    count = up.relay.tried.count("medlem7@example.org")
    for _ in range(3):
        await ask(up.redis, event)
    await up.settled("control")
    await up.settled("chunks")
    assert up.relay.tried.count("medlem7@example.org") == count
    up.relay.rcpt = lambda _: None
    await ask(up.redis, wanted("again", 6))
    await up.settled("control")
    assert (await up.delivery())["handed_over"] == 30
    await balanced(up)


@pytest.mark.parametrize("is_known", [True, False], ids=["journal", "no journal"])
async def test_a_redis_that_was_put_back_repeats_no_wish(notify: System, is_known: bool) -> None:
    """Without the journal it would: that is what this test would not see otherwise."""
    redis = notify.redis
    dead = "medlem2@example.org"
    notify.relay.rcpt = these(dead)
    async with running(notify):
        await notify.join(*addresses(3))
        await notify.publish(alert_page)
        await notify.delivery()
    await ask(redis, wanted("again", 1_700_000_000_000))
    before = await copy_of(redis)  # with the wish, which nobody has read
    async with running(notify):
        await until(lambda: notify.relay.tried.count(dead) == 2)
        await notify.delivery()
        await notify.settled("control")
    await put_back(redis, before)
    if not is_known:
        for file in notify.settings.journal_folder.iterdir():
            file.unlink()
    async with running(notify):
        await notify.settled("control")
        await notify.settled("chunks")
        await notify.delivery()
        if is_known:
            assert notify.relay.tried.count(dead) == 2
            # What is asked now is new, whatever the copy knows.
            await ask(redis, wanted("again", 1_700_000_000_001))
        await until(lambda: notify.relay.tried.count(dead) == 3)
        await notify.delivery()
