import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest

from services.notify.ledger.control import again
from services.notify.ledger.delivery import deliveries
from services.notify.members.store import leave
from services.notify.relay.standing import ENOUGH
from shared.events import DeliveryCompleted, DeliveryProgressed, DeliveryStarted, to_fields
from tests.make import alert, news, revision
from tests.notify.relay_server import BREAK
from tests.notify.steps import addresses
from tests.notify.system import System, running
from tests.wait import until

alert_page = revision(alert())


async def test_an_alert_reaches_every_member_once(up: System) -> None:
    await up.join(*addresses(1203))
    await up.publish(alert_page)
    found = await up.delivery()
    assert sorted(up.relay.recipients()) == sorted(addresses(1203))
    assert found["id"] == "a1b2c3d4e5f6.1"
    assert found["audience"] == found["handed_over"] == 1203
    assert found["open"] == found["failed"] == found["suppressed"] == 0
    assert up.relay.connections <= 8
    assert len({str(mail.head["Message-ID"]) for mail in up.relay.mails}) == 1203


async def test_a_delivery_tells_its_sums_from_start_to_end(up: System) -> None:
    await up.join(*addresses(600))
    await up.publish(alert_page)
    await up.delivery()
    started, *progressed, completed = await up.told()
    assert isinstance(started, DeliveryStarted)
    assert isinstance(completed, DeliveryCompleted)
    assert (started.data.open, completed.data.open, completed.data.handed_over) == (600, 0, 600)
    assert completed.data.state == "complete"
    assert all(isinstance(event, DeliveryProgressed) for event in progressed)
    told = [started, *progressed, completed]
    sequences = [event.data.sequence for event in told]
    assert sequences == sorted(set(sequences))
    for event in told:
        sums = event.data
        parts = sums.handed_over + sums.failed + sums.suppressed + sums.open
        assert parts == sums.audience == 600


async def test_an_event_is_not_older_than_what_it_tells(up: System) -> None:
    taken: list[datetime] = []

    def take(_: str) -> None:
        taken.append(datetime.now(UTC))

    up.relay.after_data = take
    slow = "medlem7@example.org"
    put_off = iter(("450 4.7.1 greylisted",))
    up.relay.rcpt = lambda to: next(put_off, None) if to == slow else None
    await up.join(*addresses(20))
    asked = datetime.now(UTC)
    await up.publish(alert_page)
    await up.bring_forward()
    await up.delivery()
    millisecond = timedelta(milliseconds=1)  # what an event's time is cut to
    started, *others = await up.told()
    assert started.time > asked - millisecond
    assert {event.data.handed_over for event in others} >= {19, 20}
    for event in others:
        assert event.time > taken[event.data.handed_over - 1] - millisecond


async def test_an_alert_without_members_is_complete_at_once(up: System) -> None:
    await up.publish(alert_page)
    found = await up.delivery()
    assert found["audience"] == 0
    started, completed = await up.told()
    assert isinstance(started, DeliveryStarted)
    assert isinstance(completed, DeliveryCompleted)
    assert completed.data.state == "complete"


async def test_news_mails_nobody(up: System) -> None:
    await up.join(*addresses(3))
    await up.publish(revision(news()))
    await up.settled()
    assert not await deliveries(up.redis)
    assert await up.redis.xlen("chunks") == 0
    assert not up.relay.tried


async def test_a_page_event_ten_times_mails_nobody_twice(up: System) -> None:
    await up.join(*addresses(70))
    for _ in range(10):
        await up.publish(alert_page)
    await up.delivery()
    for _ in range(10):
        await up.publish(alert_page)
    for event_id, fields in await up.redis.xrange("chunks"):
        await up.redis.xadd("chunks", {**fields, b"id": event_id})
    await up.settled()
    await up.settled("chunks")
    assert sorted(up.relay.recipients()) == sorted(addresses(70))
    assert len([e for e in await up.told() if isinstance(e, DeliveryCompleted)]) == 1


async def test_another_revision_of_an_alert_starts_no_second_delivery(up: System) -> None:
    await up.join(*addresses(5))
    await up.publish(alert_page)
    await up.delivery()
    await up.publish(revision(alert(title="Rettet"), revision=2))
    await up.settled()
    await up.publish(alert_page, live=False)
    await up.settled()
    assert len(await deliveries(up.redis)) == 1
    assert len(up.relay.mails) == 5


@pytest.mark.parametrize("wrong", ["missing", "older", "other hash", "other article"])
async def test_g5_no_mail_before_the_page(up: System, wrong: str) -> None:
    page = revision(alert(), revision=2)
    if wrong == "older":
        up.site.show(revision(alert(), revision=1))
    elif wrong == "other hash":
        up.site.show(page, sha256="0" * 64)
    elif wrong == "other article":
        up.site.show(revision(alert(), revision=2, id="zzzzzzzzzzzz"))
    await up.join(*addresses(3))
    await up.publish(page, live=False)
    await until(lambda: len(up.site.asked) >= 2)
    assert not await deliveries(up.redis)
    assert not up.relay.tried
    up.site.show(page)
    await up.delivery()
    assert len(up.relay.mails) == 3


async def test_a_revision_that_comes_while_waiting_is_what_is_mailed(up: System) -> None:
    first = revision(alert(title="Første utgave"))
    second = revision(alert(title="Andre utgave"), revision=2)
    await up.join(*addresses(3))
    await up.publish(first, live=False)
    await until(lambda: up.site.asked)
    await up.publish(second)
    await up.delivery()
    await up.settled()
    assert len(up.relay.mails) == 3
    assert all("Andre utgave" in mail.head["Subject"] for mail in up.relay.mails)


async def test_an_alert_withdrawn_before_its_page_was_live_is_not_mailed(up: System) -> None:
    await up.join(*addresses(3))
    await up.publish(alert_page, live=False)
    await until(lambda: up.site.asked)
    await up.withdraw(alert_page)
    up.site.show(alert_page)
    await up.settled()
    assert not await deliveries(up.redis)
    assert not up.relay.tried


async def test_who_leaves_before_the_cut_is_not_in_the_audience(up: System) -> None:
    await up.join(*addresses(3))
    await leave(up.redis, 2)
    await up.publish(alert_page)
    found = await up.delivery()
    assert (found["audience"], found["handed_over"], found["suppressed"]) == (2, 2, 0)
    assert "medlem2@example.org" not in up.relay.tried


async def test_who_leaves_after_the_cut_is_suppressed(notify: System) -> None:
    await notify.join(*addresses(3))
    notify.relay.mail = lambda _: "451 4.3.0 not now"
    await notify.publish(alert_page)
    async with running(notify):
        await notify.delivery("sending")
        await until(lambda: notify.redis.exists("notify:ledger:a1b2c3d4e5f6.1"))
        await leave(notify.redis, 2)

        async def suppressed() -> bool:
            return (await deliveries(notify.redis))[0]["suppressed"] == 1

        await until(suppressed)
        notify.relay.mail = lambda _: None
        found = await notify.delivery()
    assert (found["audience"], found["handed_over"], found["suppressed"]) == (3, 2, 1)
    assert "medlem2@example.org" not in notify.relay.recipients()


async def test_an_erased_record_is_suppressed(up: System) -> None:
    await up.join(*addresses(3))
    await up.redis.hdel("notify:members:0", "2")
    await up.publish(alert_page)
    found = await up.delivery()
    assert (found["audience"], found["handed_over"], found["suppressed"]) == (3, 2, 1)


async def test_who_joins_after_the_cut_is_not_mailed(notify: System) -> None:
    await notify.join(*addresses(3))
    notify.relay.mail = lambda _: "451 4.3.0 not now"
    await notify.publish(alert_page)
    async with running(notify):
        await notify.delivery("sending")
        await notify.join("ny@example.org")
        notify.relay.mail = lambda _: None
        found = await notify.delivery()
    assert found["audience"] == 3
    assert "ny@example.org" not in notify.relay.recipients()


async def test_a_relay_that_is_down_delays_and_never_drops(up: System) -> None:
    await up.join(*addresses(150))
    await up.relay.stop()
    await up.publish(alert_page)
    found = await up.delivery("sending")
    assert found["open"] == 150
    await up.relay.start()
    found = await up.delivery()
    assert found["handed_over"] == 150
    assert sorted(up.relay.recipients()) == sorted(addresses(150))


async def test_a_relay_that_is_down_turns_health_red_until_it_is_back(notify: System) -> None:
    await notify.join(*addresses(2))
    await notify.relay.stop()
    await notify.publish(alert_page)
    async with running(notify) as bus:
        await until(lambda: any("relay_down" in problem for problem in bus.problems()))
        await notify.relay.start()
        await notify.delivery()
        await until(lambda: not bus.problems())


async def test_connections_that_break_lose_nobody(up: System) -> None:
    await up.join(*addresses(300))
    answers = iter(range(10_000))

    def every_fiftieth_breaks(_: str) -> str | None:
        return BREAK if next(answers) % 50 == 49 else None

    up.relay.rcpt = every_fiftieth_breaks
    await up.publish(alert_page)
    await until(lambda: len(set(up.relay.recipients())) > 100, timeout=20)
    up.relay.rcpt = lambda _: None
    found = await up.delivery()
    assert found["handed_over"] == 300
    assert set(up.relay.recipients()) == set(addresses(300))


async def test_a_refused_address_is_failed_with_its_code_and_others_get_theirs(
    up: System,
) -> None:
    await up.join(*addresses(100))
    gone = "medlem7@example.org"
    up.relay.rcpt = lambda to: f"550 5.1.1 <{to}> is unknown" if to == gone else None
    await up.publish(alert_page)
    found = await up.delivery()
    assert (found["handed_over"], found["failed"]) == (99, 1)
    assert up.relay.tried.count(gone) == 1
    assert await up.redis.hgetall("notify:failures:a1b2c3d4e5f6.1") == {b"7": b"5.1.1 550"}
    assert list(await up.redis.hgetall("notify:replies:a1b2c3d4e5f6.1")) == [b"7"]


async def test_a_mail_put_off_comes_again_until_it_is_taken(up: System) -> None:
    await up.join(*addresses(20))
    slow = "medlem7@example.org"
    put_off = iter(("450 4.7.1 greylisted", "451 4.7.1 greylisted"))
    up.relay.rcpt = lambda to: next(put_off, None) if to == slow else None
    await up.publish(alert_page)
    for _ in range(2):
        await up.bring_forward()
    found = await up.delivery()
    assert found["handed_over"] == 20
    assert sorted(up.relay.recipients()) == sorted(addresses(20))
    assert up.relay.tried.count(slow) == 3


async def test_a_record_that_cannot_be_opened_holds_up_nobody_and_can_be_mended(
    up: System,
) -> None:
    await up.join(*addresses(100))
    good = await up.redis.hget("notify:members:0", "99")
    await up.redis.hset("notify:members:0", "99", b"damaged")
    await up.publish(alert_page)
    found = await up.delivery()
    assert (found["handed_over"], found["failed"]) == (99, 1)
    assert await up.redis.hget(f"notify:failures:{found['id']}", "99") == b"unreadable"
    await up.redis.hset("notify:members:0", "99", good)
    assert await again(up.redis, str(found["id"])) == 1
    await until(lambda: len(up.relay.mails) == 100)
    assert sorted(up.relay.recipients()) == sorted(addresses(100))


async def test_a_mail_whose_acceptance_was_lost_comes_again_byte_for_byte(up: System) -> None:
    await up.join("kari@example.org")
    answers = iter((BREAK,))
    up.relay.after_data = lambda _: next(answers, None)
    await up.publish(alert_page)
    await up.delivery()
    lost, again = up.relay.mails
    assert lost.content == again.content
    assert lost.head["Message-ID"] == again.head["Message-ID"]


async def test_a_policy_refusal_blames_no_member(up: System) -> None:
    await up.join(*addresses(30))
    up.relay.data = lambda _: "550 5.7.26 not authenticated"
    await up.publish(alert_page)
    await up.delivery("sending")
    await until(lambda: len(up.relay.tried) >= ENOUGH + 3)
    (found,) = await deliveries(up.redis)
    assert (found["open"], found["failed"]) == (30, 0)
    up.relay.data = lambda _: None
    assert (await up.delivery())["handed_over"] == 30


async def test_one_mail_that_breaks_the_relay_holds_up_nobody_else(up: System) -> None:
    await up.join(*addresses(200))

    up.relay.data = lambda to: BREAK if to in addresses(12) else None
    await up.publish(alert_page)
    await until(lambda: len(set(up.relay.recipients())) == 188, timeout=20)
    assert (await deliveries(up.redis))[0]["failed"] == 0


async def test_two_workers_share_a_delivery(notify: System) -> None:
    notify.relay.hold = asyncio.Event()
    await notify.join(*addresses(2100))
    async with AsyncExitStack() as stack:
        for number in (1, 2):
            await stack.enter_async_context(running(notify, consumer=f"notify-{number}"))
        await notify.publish(alert_page)
        await until(lambda: notify.relay.connections > 8)
        notify.relay.hold.set()
        await notify.delivery()
        consumers = await notify.redis.xinfo_consumers("chunks", "notify")
    assert sorted(notify.relay.recipients()) == sorted(addresses(2100))
    assert {c["name"] for c in consumers} >= {b"notify-1", b"notify-2"}


async def test_an_event_published_before_the_first_start_is_delivered(notify: System) -> None:
    await notify.join(*addresses(3))
    await notify.publish(alert_page)
    async with running(notify):
        assert (await notify.delivery())["handed_over"] == 3


async def test_a_stop_waits_for_what_is_on_its_way_and_for_nothing_else(notify: System) -> None:
    notify.relay.slowness = 0.2
    await notify.join(*addresses(400))
    await notify.publish(alert_page)
    async with running(notify):
        await until(lambda: len(notify.relay.mails) > 20)
    assert len(notify.relay.mails) < 200, "it went on with the whole chunk"
    notify.relay.slowness = 0.0
    async with running(notify):
        await notify.delivery()
    assert sorted(notify.relay.recipients()) == sorted(addresses(400))


async def test_a_stop_in_mid_delivery_loses_and_repeats_nothing(notify: System) -> None:
    await notify.join(*addresses(700))
    await notify.publish(alert_page)
    async with running(notify):
        await until(lambda: len(notify.relay.mails) > 50)
    async with running(notify):
        await notify.delivery()
    assert sorted(notify.relay.recipients()) == sorted(addresses(700))


async def test_a_chunk_carries_no_member(up: System) -> None:
    await up.join(*addresses(3))
    await up.publish(alert_page)
    await up.delivery()
    ((_, fields),) = await up.redis.xrange("chunks")
    assert fields[b"data"] == b'{"delivery":"a1b2c3d4e5f6.1","chunk":0}'
    assert set(fields) == {name.encode() for name in to_fields((await up.told())[0])}
