"""Who is put off by the relay comes again after growing pauses, over restarts too."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.deliveries.deliver_chunk import GIVEN_UP
from services.notify.ledger.control import control
from services.notify.ledger.delivery import delivery_key, put_off_key
from services.notify.ledger.put_off import LONGEST_SECONDS, PAUSES, PutOff, pause
from shared.revision import Change
from tests.make import alert, revision
from tests.notify.steps import DELIVERY, addresses, let_go, taken_up
from tests.notify.system import System, running
from tests.wait import until

chances = st.floats(0, 1)
page = revision(alert())


@given(passes=st.integers(1, 100), chances=st.tuples(chances, chances))
def test_pauses_grow_to_four_hours_and_are_spread(
    passes: int, chances: tuple[float, float]
) -> None:
    now, later = (
        pause(count, chance) for count, chance in zip((passes, passes + 1), chances, strict=True)
    )
    assert 0.9 * PAUSES[0] <= now <= 1.1 * LONGEST_SECONDS
    assert later > now or passes >= len(PAUSES)


def test_the_pauses_are_those_that_the_documents_name() -> None:
    minutes = [pause(passes, 0.5) / 60 for passes in range(1, 9)]
    assert minutes == [1, 5, 15, 30, 60, 120, 240, 240]


@given(chances=st.lists(chances, min_size=40, max_size=40))
def test_a_member_put_off_for_four_days_was_tried_at_least_as_often_as_rfc_5321_asks(
    chances: list[float],
) -> None:
    """Section 4.5.4.1: two attempts in the first hour, then every two or three hours or slower."""
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    later, tried = PutOff(), [begun]
    for chance in chances:
        later = later.again(tried[-1], chance)
        tried.append(later.due)
    assert later.passes == len(chances)
    assert sum(moment - begun <= timedelta(hours=1) for moment in tried) >= 3
    assert 20 <= sum(moment - begun <= GIVEN_UP for moment in tried) <= 40


class Greylist:
    """A relay's answers: each address is put off so many times."""

    def __init__(self, times: int, *, spared: frozenset[str] = frozenset()) -> None:
        self._times = times
        self._spared = spared
        self.asked: dict[str, int] = {}

    def __call__(self, to: str) -> str | None:
        self.asked[to] = self.asked.get(to, 0) + 1
        late = self.asked[to] <= self._times and to not in self._spared
        return "450 4.7.1 greylisted" if late else None


async def put_off(on: System) -> int:
    """How often the chunk was."""
    kept = await on.redis.hget(put_off_key(DELIVERY), "0")
    return int(kept.split()[0]) if kept else 0


async def looked_at(on: System) -> None:
    """Wait until a worker took the chunk and let it go again."""
    await taken_up(on)
    await let_go(on)


async def let_time_pass(on: System) -> None:
    """As if the time had come."""
    await on.redis.hset(put_off_key(DELIVERY), "0", f"{await put_off(on)} 0")


async def test_who_is_greylisted_is_left_alone_until_the_time_has_come_over_a_restart(
    notify: System,
) -> None:
    greylist = Greylist(2, spared=frozenset(addresses(10)))
    notify.relay.rcpt = greylist
    await notify.join(*addresses(20))
    await notify.publish(page)
    for passes in (1, 2):
        async with running(notify) as bus:
            await until(lambda wanted=passes: is_put_off(notify, wanted))
            due = int((await notify.redis.hget(put_off_key(DELIVERY), "0")).split()[1]) / 1000
            ahead = due - datetime.now(UTC).timestamp()
            assert 0.9 * PAUSES[passes - 1] - 10 < ahead <= 1.1 * PAUSES[passes - 1]
            for _ in range(2):
                await looked_at(notify)
            assert max(greylist.asked.values()) == passes
            assert not bus.problems()
        await let_time_pass(notify)
    async with running(notify):
        found = await notify.delivery()
    assert (found["handed_over"], found["failed"]) == (20, 0)
    assert sorted(notify.relay.recipients()) == sorted(addresses(20))
    assert set(greylist.asked.values()) == {1, 3}
    assert not await notify.redis.exists(put_off_key(DELIVERY))


async def is_put_off(on: System, times: int) -> bool:
    return await put_off(on) == times


async def test_a_chunk_whose_time_has_not_come_goes_on_with_its_other_members(
    up: System,
) -> None:
    """Who is refused, and not put off, is tried again soon."""
    greylist = Greylist(1, spared=frozenset(addresses(20)[1:]))
    refusals = iter(("550 no such user here",) * 2)

    def answer(to: str) -> str | None:
        return next(refusals, None) if to == addresses(20)[5] else greylist(to)

    up.relay.rcpt = answer
    await up.join(*addresses(20))
    await up.publish(page)
    await until(lambda: len(up.relay.recipients()) == 19)
    assert greylist.asked[addresses(20)[0]] == 1
    await up.bring_forward()
    assert (await up.delivery())["handed_over"] == 20


@pytest.mark.parametrize("end", ["cancel", "withdraw"])
async def test_who_waits_is_suppressed_where_the_delivery_ends(up: System, end: str) -> None:
    up.relay.rcpt = Greylist(9, spared=frozenset(addresses(4)[1:]))
    await up.join(*addresses(4))
    await up.publish(page)
    await until(lambda: put_off(up))
    if end == "cancel":
        await control(up.redis, DELIVERY, "cancel")
    else:
        change = Change(kind="withdrawal", note="Feil medisin.")
        await up.withdraw(page.model_copy(update={"revision": 2, "change": change}))
    found = await up.delivery_of(page)
    assert (found["handed_over"], found["suppressed"]) == (3, 1)


async def test_a_long_pause_does_not_make_a_delivery_stale(up: System) -> None:
    up.relay.rcpt = Greylist(1, spared=frozenset(addresses(4)[1:]))
    await up.join(*addresses(4))
    await up.publish(page)
    await until(lambda: put_off(up))
    long_ago = datetime.now(UTC) - timedelta(days=3)
    moment = int(long_ago.timestamp() * 1000)
    await up.redis.hset(delivery_key(DELIVERY), mapping={"tried_at": moment})
    await looked_at(up)
    assert (await up.delivery("sending"))["open"] == 1
