"""An alert that may be mailed to nobody, as it is written: its delivery waits, and says why."""

import pytest
from redis.asyncio import Redis

from services.notify.ledger.control import control
from services.notify.ledger.delivery import ledger_key
from services.notify.ledger.states import State, state_of
from services.notify.mail.marks import Marks
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from shared.bus import Bus
from shared.events import DeliveryPaused
from shared.revision import Revision
from tests.make import alert, revision
from tests.notify.revisions import changed, original
from tests.notify.steps import DELIVERY, addresses, balanced, let_go
from tests.notify.system import System, running
from tests.wait import until


async def with_a_mark(up: System, number: int = 1, variant: str = "alert") -> Revision:
    """An alert by somebody who knows the key."""
    found = await keys.load(up.redis, secret_key(up.settings))
    mark = Marks(found.marks, f"{DELIVERY} {number} {variant}").of("token")
    return revision(alert(title=f"Se https://andre.example.org/{mark}"))


async def states(redis: Redis, delivery: str = DELIVERY) -> set[State]:
    return {state_of(byte) for byte in (await redis.get(ledger_key(delivery)))[1:]}


async def test_a_text_with_a_mark_mails_nobody_and_blames_nobody(notify: System) -> None:
    await notify.join(*addresses(100))
    async with running(notify) as bus:
        await notify.publish(await with_a_mark(notify))
        found = await notify.delivery("paused")
        assert (found["cause"], found["failed"], found["open"]) == ("unsafe", 0, 100)
        await until(lambda: any("held_unsafe" in problem for problem in bus.problems()))
        assert await states(notify.redis) == {State.PLANNED}
        assert notify.relay.tried == []
        paused = [event for event in await notify.told() if isinstance(event, DeliveryPaused)]
        assert [event.data.cause for event in paused] == ["unsafe"]
        assert await notify.redis.xlen("chunks.dead") == 0
        await balanced(notify)


async def test_once_the_text_is_another_the_delivery_goes_on(notify: System) -> None:
    await notify.join(*addresses(100))
    async with running(notify) as bus:
        await notify.publish(await with_a_mark(notify))
        await notify.delivery("paused")
        await notify.publish(changed(2, "edit", original))
        await notify.settled()
        await control(notify.redis, DELIVERY, "resume")
        assert (await notify.delivery())["handed_over"] == 100
        await until(lambda: not bus.problems())
    assert sorted(notify.relay.recipients()) == sorted(addresses(100))
    assert {str(mail.head["Subject"]) for mail in notify.relay.mails} == {
        "Sikkerhetsvarsel: Utgave 2"
    }


async def test_resumed_with_the_same_text_it_waits_again(notify: System) -> None:
    await notify.join(*addresses(3))
    async with running(notify):
        await notify.publish(await with_a_mark(notify))
        await notify.delivery("paused")
        await control(notify.redis, DELIVERY, "resume")
        await until(lambda: _paused_twice(notify))
        await let_go(notify)
        assert await states(notify.redis) == {State.PLANNED}
        assert notify.relay.tried == []


async def _paused_twice(up: System) -> bool:
    return sum(isinstance(event, DeliveryPaused) for event in await up.told()) == 2


async def too_large(up: System, bus: Bus) -> None:
    """It waits for a person, says why, and is no relay that is down."""
    seen: set[str] = set()

    async def held() -> bool:
        seen.update(bus.problems())
        return any("held_too_large" in problem for problem in seen)

    await until(held)
    found = await up.delivery("paused")
    assert (found["cause"], found["failed"], found["handed_over"]) == ("too_large", 0, 0)
    assert not any("relay_down" in problem for problem in seen)
    await balanced(up)


async def test_what_is_larger_than_the_relay_takes_is_not_offered_to_it(notify: System) -> None:
    notify.relay.largest = 4000
    await notify.join(*addresses(100))
    async with running(notify) as bus:
        await notify.publish(original)
        await too_large(notify, bus)
        assert notify.relay.tried == []
        notify.relay.largest = 1_000_000
        notify.relay.drop()
        await control(notify.redis, DELIVERY, "resume")
        assert (await notify.delivery())["handed_over"] == 100
    assert sorted(notify.relay.recipients()) == sorted(addresses(100))


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        ("mail", "552 5.3.4 Message size exceeds fixed limit"),
        ("data", "552 5.3.4 Error: message file too big"),
        ("data", "552 Message exceeded storage allocation"),
    ],
)
async def test_a_relay_that_says_so_only_when_it_is_offered_the_mail(
    notify: System, phase: str, words: str
) -> None:
    notify.relay.largest = None
    setattr(notify.relay, phase, lambda _: words)
    await notify.join(*addresses(20))
    async with running(notify) as bus:
        await notify.publish(original)
        await too_large(notify, bus)
        setattr(notify.relay, phase, lambda _: None)
        await control(notify.redis, DELIVERY, "resume")
        assert (await notify.delivery())["handed_over"] == 20


async def test_a_mailbox_that_is_full_holds_no_delivery(notify: System) -> None:
    """Nor is it a relay that is down, if nobody else is in the audience."""
    notify.relay.rcpt = lambda _: "552 5.2.2 mailbox full"
    await notify.join(*addresses(1))
    async with running(notify) as bus:
        await notify.publish(original)
        await until(lambda: len(notify.relay.tried) >= 1)
        await let_go(notify)
        found = await notify.delivery("sending")
        assert (found["open"], found["failed"]) == (1, 0)
        assert not bus.problems()
