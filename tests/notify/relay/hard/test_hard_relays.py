"""Relays that refuse, stall or ramble: nobody is left out, and nobody is blamed wrongly."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from services.notify.ledger.delivery import deliveries
from services.notify.relay.standing import ENOUGH
from shared.events import DeliveryProgressed
from tests.make import alert, revision
from tests.notify.relay_server import BREAK
from tests.notify.steps import DELIVERY, addresses
from tests.notify.system import System, running
from tests.wait import until

alert_page = revision(alert())


def only(address: str, words: str) -> Callable[[str], str | None]:
    return lambda to: words if to == address else None


async def test_a_reply_that_is_no_utf_8_mails_nobody_twice(up: System) -> None:
    await up.join(*addresses(40))
    up.relay.encoding = "latin-1"
    up.relay.rcpt = only("medlem7@example.org", "550 5.1.1 Postboksen finnes ikke på tjeneren")
    await up.publish(alert_page)
    found = await up.delivery()
    assert (found["handed_over"], found["failed"]) == (39, 1)
    assert set(Counter(up.relay.recipients()).values()) == {1}


@pytest.mark.parametrize(
    "words",
    [
        "553 5.1.8 <varsel@example.org>: Sender address rejected: Domain not found",
        "550 5.1.7 <varsel@example.org>: sender refused",
        "530 Authentication required",
        "550 relay not permitted",
        "503 need MAIL command",
        "550 5.4.1 Recipient address rejected: Access denied",
    ],
)
async def test_a_refusal_of_us_blames_no_member(notify: System, words: str) -> None:
    await notify.join(*addresses(30))
    notify.relay.rcpt = lambda _: words
    await notify.publish(alert_page)
    async with running(notify) as bus:
        await until(lambda: any("relay_down" in problem for problem in bus.problems()))
        await until(lambda: len(notify.relay.tried) >= ENOUGH + 3)
        (found,) = await deliveries(notify.redis)
        assert (found["open"], found["failed"]) == (30, 0)
        notify.relay.rcpt = lambda _: None
        assert (await notify.delivery())["handed_over"] == 30


async def test_a_bare_refusal_fails_a_member_where_others_are_taken(up: System) -> None:
    await up.join(*addresses(30))
    up.relay.rcpt = only("medlem7@example.org", "550 no such user here")
    await up.publish(alert_page)
    found = await up.delivery()
    assert (found["handed_over"], found["failed"]) == (29, 1)
    assert await up.redis.hgetall(f"notify:failures:{DELIVERY}") == {b"7": b"550"}


async def test_many_dead_addresses_do_not_stop_a_delivery(up: System) -> None:
    await up.join(*addresses(200))
    dead = set(addresses(100))
    up.relay.rcpt = lambda to: "550 no such user here" if to in dead else None
    await up.publish(alert_page)
    await until(lambda: len(up.relay.mails) == 100)
    assert set(up.relay.recipients()).isdisjoint(dead)


async def test_a_relay_that_allows_few_connections_gets_everything_on_those(up: System) -> None:
    await up.join(*addresses(500))
    up.relay.limit = 3
    await up.publish(alert_page)
    found = await up.delivery()
    assert found["handed_over"] == 500
    assert sorted(up.relay.recipients()) == sorted(addresses(500))


async def test_a_relay_that_pauses_now_and_then_is_taken_up_again_soon(up: System) -> None:
    await up.join(*addresses(300))
    asked, rests_until = 0, 0.0

    def refuses_a_while(_: str) -> str | None:
        nonlocal asked, rests_until
        now = time.monotonic()
        if now < rests_until:
            return "421 4.7.0 enough for now"
        asked += 1
        if asked % 60 == 0:
            rests_until = now + 0.4
        return None

    up.relay.mail = refuses_a_while
    await up.publish(alert_page)
    found = await up.delivery()
    assert found["handed_over"] == 300
    assert sorted(up.relay.recipients()) == sorted(addresses(300))


@pytest.mark.parametrize(
    ("phase", "words", "codes"),
    [
        ("rcpt", "550 5.7.1 <m7@example.org>: not allowed", b"5.7.1 550"),
        ("data", "552 5.3.4 too big for this mailbox", b"5.3.4 552"),
        ("rcpt", "554 <m7@example.org>: Relay access denied", b"554"),
    ],
)
async def test_a_member_refused_five_times_while_others_are_taken_is_failed(
    notify: System, phase: str, words: str, codes: bytes
) -> None:
    await notify.join(*addresses(20))
    setattr(notify.relay, phase, only("medlem7@example.org", words))
    await notify.publish(alert_page)
    async with running(notify) as bus:
        seen: set[str] = set()

        async def complete() -> bool:
            seen.update(bus.problems())
            return bool([d for d in await deliveries(notify.redis) if d["state"] == "complete"])

        await until(complete, timeout=15)
    assert not [problem for problem in seen if "relay" in problem]
    (found,) = await deliveries(notify.redis)
    assert (found["handed_over"], found["failed"]) == (19, 1)
    assert notify.relay.tried.count("medlem7@example.org") == 5
    assert await notify.redis.hgetall(f"notify:failures:{DELIVERY}") == {b"7": codes}


async def test_a_mail_put_off_for_four_days_is_given_up_with_its_code(up: System) -> None:
    await up.join(*addresses(20))
    up.relay.rcpt = only("medlem7@example.org", "452 4.2.2 mailbox full")
    await up.publish(alert_page)
    await up.bring_forward()
    await until(lambda: up.relay.tried.count("medlem7@example.org") == 2)
    assert (await up.delivery("sending"))["failed"] == 0
    started = datetime.now(UTC) - timedelta(days=4)
    await up.redis.hset(f"notify:delivery:{DELIVERY}", "started", started.isoformat())
    await up.bring_forward()
    found = await up.delivery()
    assert (found["handed_over"], found["failed"]) == (19, 1)
    assert await up.redis.hgetall(f"notify:failures:{DELIVERY}") == {b"7": b"4.2.2 452"}


async def test_a_mail_that_always_breaks_the_relay_is_no_relay_that_is_down(
    notify: System,
) -> None:
    await notify.join(*addresses(20))
    bad = "medlem7@example.org"
    notify.relay.data = only(bad, BREAK)
    await notify.publish(alert_page)
    async with running(notify) as bus:
        seen: set[str] = set()

        def tried_often() -> bool:
            seen.update(bus.problems())
            return notify.relay.tried.count(bad) >= 4

        await until(tried_often)
        assert not [problem for problem in seen if "relay_down" in problem]
        notify.relay.data = lambda _: None
        assert (await notify.delivery())["handed_over"] == 20


async def test_the_receipt_is_right_soon_after_a_relay_went_away(up: System) -> None:
    await up.join(*addresses(200))
    answers = iter(range(100_000))
    up.relay.rcpt = lambda _: BREAK if next(answers) >= 100 else None
    await up.publish(alert_page)
    await up.delivery("sending")

    async def told() -> int | None:
        found = [e for e in await up.told() if isinstance(e, DeliveryProgressed)]
        return found[-1].data.open if found else None

    async def right() -> bool:
        (found,) = await deliveries(up.redis)
        return await told() == found["open"] == 100

    await until(right, timeout=5)


async def test_a_slow_final_dot_is_no_reason_to_send_again(up: System) -> None:
    await up.join(*addresses(2))
    up.relay.hold = asyncio.Event()
    await up.publish(alert_page)
    await until(lambda: len(up.relay.mails) == 2)
    up.relay.hold.set()
    await up.delivery()
    assert len(up.relay.mails) == 2
