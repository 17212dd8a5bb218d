"""What a person may do with a delivery, and what holds one: nobody is lost, and nobody gets two."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from services.notify.ledger.control import (
    Command,
    Failure,
    NotPossible,
    again,
    control,
    delivery_of,
    failures,
)
from services.notify.ledger.delivery import deliveries, delivery_key, ledger_key, put_off_key
from services.notify.relay.window import WINDOW
from shared.bus.users import OPERATOR, as_user
from shared.events import DeliveryPaused, DeliveryProgressed, DeliveryStarted, PagePublished
from shared.trace import new_traceparent
from tests.make import alert, revision
from tests.notify.steps import DELIVERY, addresses, let_go, taken_up, these
from tests.notify.system import System, running
from tests.wait import until

ARTICLE = "a1b2c3d4e5f6"
MANY = 1500  # two chunks
alert_page = revision(alert())


@pytest.fixture
async def operator(redis_url: str) -> AsyncIterator[Redis]:
    """As whom the commands come."""
    async with Redis.from_url(as_user(redis_url, OPERATOR)) as client:
        yield client


async def half_way(up: System) -> None:
    """A delivery that is in the middle of two chunks, on a relay that takes its time."""
    await up.join(*addresses(MANY))
    up.relay.slowness = 0.01
    await up.publish(alert_page)
    await until(lambda: len(up.relay.mails) >= 100)


async def balanced(up: System) -> None:
    """What was told about the delivery, and the ledger, add up."""
    (found,) = await deliveries(up.redis)
    states = Counter(byte % 8 for byte in await up.redis.getrange(ledger_key(DELIVERY), 1, -1))
    names = ("handed_over", "failed", "suppressed")
    assert [found[name] for name in names] == [states[byte] for byte in (2, 4, 5)]
    for sums in [found, *(event.data.model_dump() for event in await up.told())]:
        assert sums["audience"] == sum(sums[name] for name in (*names, "open"))


async def ago(up: System, hours: float) -> str:
    """The relay was last heard so long ago; the field's new value."""
    at = datetime.now(UTC) - timedelta(hours=hours)
    value = str(int(at.timestamp() * 1000))
    await up.redis.hset(delivery_key(DELIVERY), "tried_at", value)
    return value


async def test_a_pause_stops_all_but_the_window_and_with_a_resume_everybody_gets_it_once(
    up: System, operator: Redis
) -> None:
    await half_way(up)
    await control(operator, DELIVERY, "hold", why="operator")
    mailed = len(up.relay.mails)
    assert mailed < MANY - WINDOW, "nothing to hold: make the relay slower"
    await let_go(up)
    assert len(up.relay.mails) <= mailed + WINDOW
    mailed = len(up.relay.mails)
    (found,) = await deliveries(up.redis)
    assert (found["state"], found["cause"]) == ("paused", "operator")
    assert found["handed_over"] == mailed
    assert (await up.told())[-1].data.open == MANY - mailed, "what went out since is told too"
    paused = [event for event in await up.told() if isinstance(event, DeliveryPaused)]
    assert [event.data.cause for event in paused] == ["operator"]
    await balanced(up)

    up.relay.slowness = 0.0
    await control(operator, DELIVERY, "resume")
    found = await up.delivery()
    assert (found["handed_over"], found["cause"]) == (MANY, "")
    assert sorted(up.relay.recipients()) == sorted(addresses(MANY))
    await balanced(up)


async def test_a_paused_delivery_stays_so_over_a_restart(notify: System, operator: Redis) -> None:
    await notify.join(*addresses(20))
    notify.relay.rcpt = lambda _: "450 4.2.0 later"
    await notify.publish(alert_page)
    async with running(notify):
        await until(lambda: notify.relay.tried)
        await control(operator, DELIVERY, "hold", why="operator")
        await let_go(notify)
    notify.relay.rcpt = lambda _: None
    tried = len(notify.relay.tried)
    async with running(notify) as bus:
        await taken_up(notify)
        await let_go(notify)
        assert len(notify.relay.tried) == tried
        assert not [problem for problem in bus.problems() if "held" in problem]
        await control(operator, DELIVERY, "resume")
        assert (await notify.delivery())["handed_over"] == 20


async def test_a_cancelled_delivery_is_complete_and_the_rest_never_get_it(
    up: System, operator: Redis
) -> None:
    await half_way(up)
    await control(operator, DELIVERY, "cancel")
    mailed = len(up.relay.mails)
    found = await up.delivery()
    assert found["cause"] == "cancelled"
    assert mailed <= found["handed_over"] + WINDOW
    assert found["handed_over"] == len(up.relay.mails) <= mailed + WINDOW
    assert found["suppressed"] == MANY - found["handed_over"] > 0
    assert found["failed"] == found["open"] == 0
    assert (await up.told())[-1].data.cause == "cancelled"
    await balanced(up)


async def test_a_paused_delivery_can_be_cancelled(up: System, operator: Redis) -> None:
    await half_way(up)
    await control(operator, DELIVERY, "hold", why="operator")
    await let_go(up)
    mailed = len(up.relay.mails)
    await control(operator, DELIVERY, "cancel")
    found = await up.delivery()
    assert (found["handed_over"], found["cause"]) == (mailed, "cancelled")
    await balanced(up)


async def refused(done: Any) -> str:
    with pytest.raises(NotPossible) as error:
        await done
    return error.value.why


ACTIONS: tuple[Command, ...] = ("hold", "resume", "cancel")


async def test_what_makes_no_sense_is_refused_and_changes_nothing(
    notify: System, operator: Redis
) -> None:
    assert await refused(delivery_of(operator, ARTICLE)) == "none"
    await notify.join(*addresses(3))
    notify.relay.rcpt = lambda _: "450 4.2.0 later"
    await notify.publish(alert_page)
    async with running(notify):
        await until(lambda: notify.redis.exists(put_off_key(DELIVERY)))
        await let_go(notify)
    assert await delivery_of(operator, ARTICLE) == DELIVERY
    await control(operator, DELIVERY, "resume")  # brings those forward who were put off
    assert await refused(control(operator, DELIVERY, "resume")) == "same"
    await control(operator, DELIVERY, "hold", why="operator")
    assert await refused(control(operator, DELIVERY, "hold", why="operator")) == "same"
    await control(operator, DELIVERY, "cancel")
    before = await notify.redis.hgetall(delivery_key(DELIVERY))
    for action in ACTIONS:
        assert await refused(control(operator, DELIVERY, action, why="operator")) == "cancelled"
    assert await refused(again(operator, DELIVERY)) == "cancelled"
    assert await notify.redis.hgetall(delivery_key(DELIVERY)) == before
    async with running(notify):
        await notify.delivery()
    for action in ACTIONS:
        assert await refused(control(operator, DELIVERY, action, why="operator")) == "cancelled"
    assert await refused(again(operator, DELIVERY)) == "cancelled"


async def test_a_complete_delivery_cannot_be_held_or_ended(up: System, operator: Redis) -> None:
    await up.join(*addresses(3))
    await up.publish(alert_page)
    await up.delivery()
    for action in ACTIONS:
        assert await refused(control(operator, DELIVERY, action, why="operator")) == "complete"
    assert await again(operator, DELIVERY) == 0
    assert (await up.delivery())["handed_over"] == 3


async def test_those_who_failed_are_owed_it_again_and_get_it_once_the_relay_takes_them(
    up: System, operator: Redis
) -> None:
    await up.join(*addresses(MANY))
    dead = ("medlem7@example.org", "medlem600@example.org", "medlem601@example.org")
    up.relay.rcpt = these(*dead)
    await up.publish(alert_page)
    assert (await up.delivery())["failed"] == 3
    told = [Failure(number, "5.1.1 550") for number in (7, 600, 601)]
    assert await failures(operator, DELIVERY) == told
    await balanced(up)

    up.relay.rcpt = these(dead[0])
    assert await again(operator, DELIVERY) == 3
    await balanced(up)
    found = await up.delivery()
    assert (found["handed_over"], found["failed"]) == (MANY - 1, 1)
    assert await failures(operator, DELIVERY) == told[:1]

    up.relay.rcpt = lambda _: None
    assert await again(operator, DELIVERY) == 1
    assert (await up.delivery())["handed_over"] == MANY
    assert await failures(operator, DELIVERY) == []
    assert set(Counter(up.relay.recipients()).values()) == {1}
    await balanced(up)


async def test_those_who_failed_are_tried_again_while_the_others_are_still_open(
    up: System, operator: Redis
) -> None:
    await up.join(*addresses(20))

    def answer(to: str) -> str:
        return "550 5.1.1 no such user" if to == "medlem7@example.org" else "450 4.2.0 later"

    up.relay.rcpt = answer
    await up.publish(alert_page)
    await until(lambda: failures(operator, DELIVERY))
    up.relay.rcpt = lambda _: None
    assert await again(operator, DELIVERY) == 1
    found = await up.delivery()
    assert (found["handed_over"], found["failed"]) == (20, 0)
    assert set(Counter(up.relay.recipients()).values()) == {1}
    await balanced(up)


async def test_a_relay_that_refuses_us_pauses_the_delivery_which_goes_on_by_itself(
    notify: System,
) -> None:
    await notify.join(*addresses(100))
    notify.relay.rcpt = lambda _: "550 5.7.1 your reputation is poor"
    await notify.publish(alert_page)
    async with running(notify) as bus:
        found = await notify.delivery("paused")
        assert (found["failed"], found["open"]) == (0, 100)
        assert found["cause"] == "rcpt 5.7.1 550"
        await until(lambda: any("relay_down" in problem for problem in bus.problems()))
        notify.relay.rcpt = lambda _: None
        found = await notify.delivery()
    assert (found["handed_over"], found["failed"], found["cause"]) == (100, 0, "")
    kinds = [type(event) for event in await notify.told()]
    assert kinds[:3] == [DeliveryStarted, DeliveryPaused, DeliveryProgressed]
    assert kinds.count(DeliveryPaused) == 1
    causes = [event.data.cause for event in await notify.told()]
    assert causes[:3] == ["", "rcpt 5.7.1 550", ""]
    await balanced(notify)


async def test_an_alert_whose_page_is_a_day_old_waits_for_a_person(
    notify: System, operator: Redis
) -> None:
    await notify.join(*addresses(30))
    notify.site.show(alert_page)
    page = PagePublished.about(alert_page, traceparent=new_traceparent())
    old = datetime.now(UTC) - timedelta(hours=25)
    await notify.tell(page.model_copy(update={"time": old}))
    async with running(notify) as bus:
        assert (await notify.delivery("paused"))["cause"] == "stale"
        await until(lambda: any("held_stale" in problem for problem in bus.problems()))
        assert notify.relay.tried == []
        paused = [event for event in await notify.told() if isinstance(event, DeliveryPaused)]
        assert [event.data.cause for event in paused] == ["stale"]
        await control(operator, DELIVERY, "resume")
        assert (await notify.delivery())["handed_over"] == 30
        await until(lambda: not bus.problems())
    assert set(Counter(notify.relay.recipients()).values()) == {1}
    sequences = [event.data.sequence for event in await notify.told()]
    assert sequences == sorted(set(sequences))


async def test_a_delivery_that_could_not_go_on_for_a_day_waits_for_a_person(
    notify: System, operator: Redis
) -> None:
    await notify.join(*addresses(30))
    await notify.relay.stop()
    await notify.publish(alert_page)
    async with running(notify) as bus:
        await notify.delivery("sending")
        await ago(notify, 25)
        await until(lambda: any("held_stale" in problem for problem in bus.problems()))
        assert (await notify.delivery("paused"))["cause"] == "stale"
        await notify.relay.start()
        await let_go(notify)
        assert notify.relay.tried == []
        await control(operator, DELIVERY, "resume")
        assert (await notify.delivery())["handed_over"] == 30


async def test_a_relay_that_goes_on_refusing_us_is_no_going_on(notify: System) -> None:
    """Else an alert could come out after any time, as soon as the relay takes mail."""
    await notify.join(*addresses(30))
    notify.relay.rcpt = lambda _: "550 5.7.1 your reputation is poor"
    await notify.publish(alert_page)
    async with running(notify):
        await notify.delivery("paused")
        await let_go(notify)
    for hours, cause in ((23, "rcpt 5.7.1 550"), (25, "stale")):
        value = await ago(notify, hours)
        tried = len(notify.relay.tried)
        async with running(notify):
            if cause != "stale":
                await until(lambda n=tried: len(notify.relay.tried) > n)
            await taken_up(notify)
            await let_go(notify)
        (found,) = await deliveries(notify.redis)
        assert (found["cause"], found["failed"]) == (cause, 0)
        assert await notify.redis.hget(delivery_key(DELIVERY), "tried_at") == value.encode()
