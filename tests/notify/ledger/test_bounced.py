"""What came back is a part of what was handed over, and is never taken from it."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.ledger.bounced import note_bounced
from services.notify.ledger.delivery import bounces_key, delivery_key, ledger_key
from services.notify.ledger.forget import forget, forget_member
from services.notify.ledger.ledger import Ledger, Progress
from services.notify.ledger.outcome import Outcome
from services.notify.ledger.states import Flag, State, state_of
from services.notify.vault.vault import Vault
from shared.bus import Bus
from shared.bus.users import as_user
from shared.events import DeliveryProgressed, from_fields
from tests.examples import examples
from tests.notify.ledger.steps import AUDIENCE, begin, progressed
from tests.notify.steps import DELIVERY

SUMS = ("handed_over", "failed", "suppressed", "open")
numbers = st.integers(1, 6)
steps = st.lists(
    st.builds(
        Outcome,
        number=numbers,
        state=st.sampled_from(
            (State.SENDING, State.SENDING, State.HANDED_OVER, State.FAILED, State.DEFERRED)
        ),
    )
    | st.sets(numbers, min_size=1, max_size=3),
    max_size=30,
)


@pytest.fixture
async def bus(redis_url: str) -> AsyncIterator[Bus]:
    bus = Bus(as_user(redis_url, "notify"), service="notify", consumer="notify-1")
    yield bus
    await bus.redis.aclose()


@pytest.fixture
async def ledger(bus: Bus, redis: Redis) -> Ledger:
    await begin(redis)
    return Ledger(bus, Vault(bytes(32), bytes(32)))


async def sums(redis: Redis) -> dict[str, int]:
    fields = await redis.hgetall(delivery_key(DELIVERY))
    return {name: int(fields.get(name.encode(), 0)) for name in (*SUMS, "bounced", "audience")}


async def bounce(bus: Bus, *which: int) -> int:
    return await note_bounced(bus.redis, DELIVERY, dict.fromkeys(which, "5.1.1"))


@given(steps=steps)
@settings(
    max_examples=examples(100),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_g6_whatever_comes_back_and_when_the_sums_stay_right(
    redis: Redis, bus: Bus, ledger: Ledger, steps: list[Outcome | set[int]]
) -> None:
    await begin(redis)
    handed_over = 0
    for step in steps:
        before = await sums(redis)
        if isinstance(step, Outcome):
            await ledger.record(Progress(progressed(DELIVERY)), [step])
        else:
            await bounce(bus, *step)
            assert {n: (await sums(redis))[n] for n in SUMS} == {n: before[n] for n in SUMS}
        now = await sums(redis)
        bytes_ = await redis.getrange(ledger_key(DELIVERY), 1, AUDIENCE)
        assert now["audience"] == sum(now[name] for name in SUMS)
        assert now["handed_over"] >= handed_over
        handed_over = now["handed_over"]
        flagged = [byte for byte in bytes_ if byte & Flag.BOUNCED]
        assert {state_of(byte) for byte in flagged} <= {State.SENDING, State.HANDED_OVER}
        assert now["bounced"] == sum(state_of(byte) == State.HANDED_OVER for byte in flagged)


async def test_what_comes_back_is_told_once_with_its_code(
    redis: Redis, bus: Bus, ledger: Ledger
) -> None:
    await ledger.record(
        Progress(progressed(DELIVERY)), [Outcome(n, State.HANDED_OVER) for n in (1, 2, 3)]
    )
    told = await redis.xlen("deliveries")
    assert await bounce(bus, 1, 3) == 2
    assert await bounce(bus, 3, 1) == 0
    events = [from_fields(f) for _, f in await redis.xrange("deliveries")][told:]
    (event,) = events
    assert isinstance(event, DeliveryProgressed)
    assert (event.data.handed_over, event.data.bounced, event.data.open) == (3, 2, AUDIENCE - 3)
    assert await redis.hgetall(bounces_key(DELIVERY)) == {b"1": b"5.1.1", b"3": b"5.1.1"}


async def test_a_mail_that_is_back_before_its_outcome_is_written_down_has_bounced(
    redis: Redis, bus: Bus, ledger: Ledger
) -> None:
    status = Progress(progressed(DELIVERY))
    await ledger.record(status, [Outcome(1, State.SENDING)])
    assert await bounce(bus, 1) == 1
    assert (await sums(redis))["bounced"] == 0
    await ledger.record(status, [Outcome(1, State.HANDED_OVER)])
    assert (await sums(redis))["bounced"] == (await sums(redis))["handed_over"] == 1


async def test_whom_no_mail_was_sent_to_has_none_that_came_back(
    redis: Redis, bus: Bus, ledger: Ledger
) -> None:
    await ledger.record(
        Progress(progressed(DELIVERY)), [Outcome(1, State.FAILED), Outcome(2, State.SUPPRESSED)]
    )
    assert await bounce(bus, 1, 2, 3, AUDIENCE + 100) == 0
    assert await redis.hlen(bounces_key(DELIVERY)) == 0


async def test_how_it_came_back_is_forgotten_with_the_member_and_the_sum_stays(
    redis: Redis, bus: Bus, ledger: Ledger
) -> None:
    await ledger.record(
        Progress(progressed(DELIVERY)), [Outcome(n, State.HANDED_OVER) for n in (1, 2)]
    )
    await bounce(bus, 1, 2)
    await forget_member(bus.redis, 1)
    assert set(await redis.hkeys(bounces_key(DELIVERY))) == {b"2"}
    assert (await sums(redis))["bounced"] == 2


async def test_what_came_back_is_forgotten_with_the_ledger(
    redis: Redis, bus: Bus, ledger: Ledger
) -> None:
    everybody = [Outcome(number, State.HANDED_OVER) for number in range(1, AUDIENCE + 1)]
    await ledger.record(Progress(progressed(DELIVERY)), everybody)
    await bounce(bus, 1)
    await forget(redis)
    assert not await redis.exists(bounces_key(DELIVERY))
    assert await bounce(bus, 2) == 0
    assert (await sums(redis))["bounced"] == 1
