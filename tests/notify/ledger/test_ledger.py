"""Promise G6: the sums of a delivery are right at every moment."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.ledger.delivery import (
    deliveries,
    delivery_key,
    ledger_key,
)
from services.notify.ledger.ledger import Ledger, Progress
from services.notify.ledger.outcome import Outcome
from services.notify.ledger.states import Flag, State
from services.notify.vault.vault import Vault
from shared.bus import Bus
from shared.bus.users import as_user
from shared.events import DeliveryCompleted, DeliveryProgressed, from_fields
from tests.examples import examples
from tests.notify.ledger.steps import AUDIENCE, begin, progressed
from tests.notify.steps import DELIVERY
from tests.wait import until

FINAL = {State.HANDED_OVER: "handed_over", State.FAILED: "failed", State.SUPPRESSED: "suppressed"}

outcomes = st.builds(
    Outcome,
    number=st.integers(1, AUDIENCE),
    state=st.sampled_from((State.HANDED_OVER, State.DEFERRED, State.FAILED, State.SUPPRESSED)),
    codes=st.just("5.1.1 550"),
    reply=st.sampled_from(("<kari@example.org> unknown", "no s\udce5dan bruker")),
)


def status() -> Progress:
    return Progress(progressed(DELIVERY))


@pytest.fixture
async def bus(redis_url: str) -> AsyncIterator[Bus]:
    bus = Bus(as_user(redis_url, "notify"), service="notify", consumer="notify-1")
    yield bus
    await bus.redis.aclose()


@pytest.fixture
async def ledger(bus: Bus, redis: Redis) -> Ledger:
    await begin(redis)
    return Ledger(bus, Vault(bytes(32), bytes(32)))


@given(groups=st.lists(st.lists(outcomes, max_size=64), max_size=8))
@settings(
    max_examples=examples(50),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_g6_the_sums_of_a_ledger_are_right_after_every_record(
    redis: Redis, ledger: Ledger, groups: list[list[Outcome]]
) -> None:
    await begin(redis)
    first: dict[int, State] = {}
    for group in groups:
        for told_twice in (group, group):
            await ledger.record(status(), told_twice)
            for outcome in sorted(
                group, key=lambda outcome: outcome.state is not State.HANDED_OVER
            ):
                if outcome.state is not State.DEFERRED:
                    first.setdefault(outcome.number, outcome.state)
            states = Counter(await redis.getrange(ledger_key(DELIVERY), 1, AUDIENCE))
            (sums,) = await deliveries(redis)
            for state, name in FINAL.items():
                assert sums[name] == states[state] == list(first.values()).count(state)
            assert sums["open"] == AUDIENCE - len(first) == states[0] + states[1] + states[3]
            assert (sums["state"] == "complete") == (sums["open"] == 0)
            failed = {int(n) for n in await redis.hkeys(f"notify:failures:{DELIVERY}")}
            assert failed == {n for n, state in first.items() if state is State.FAILED}


async def test_a_delivery_is_completed_exactly_once(redis: Redis, ledger: Ledger) -> None:
    everybody = [Outcome(number, State.HANDED_OVER) for number in range(1, AUDIENCE + 1)]
    assert not (await ledger.record(status(), everybody[:-1])).completed
    assert (await ledger.record(status(), everybody)).completed
    assert not (await ledger.record(status(), everybody)).completed
    told = [from_fields(fields) for _, fields in await redis.xrange("deliveries")]
    assert [e.id for e in told if isinstance(e, DeliveryCompleted)] == [
        f"{DELIVERY}.3.delivery.completed"
    ]


async def test_progress_is_told_at_most_once_a_second_and_never_forgotten(
    redis: Redis, ledger: Ledger
) -> None:
    for number in range(1, 21):
        await ledger.record(status(), [Outcome(number, State.HANDED_OVER)])
    assert await redis.xlen("deliveries") < 3

    async def told() -> bool:
        await ledger.record(status(), [])
        ((_, fields),) = await redis.xrevrange("deliveries", count=1)
        event = from_fields(fields)
        return isinstance(event, DeliveryProgressed) and event.data.handed_over == 20

    await until(told)


@given(
    before=st.binary(min_size=600, max_size=600).map(lambda b: bytes(state % 6 for state in b)),
    reached=st.sets(st.integers(1, 640)),
)
@settings(
    max_examples=examples(30),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_a_record_changes_those_who_were_open_and_nobody_beside_them(
    redis: Redis, ledger: Ledger, before: bytes, reached: set[int]
) -> None:
    """The script reads and writes states in blocks; some numbers are beyond the ledger's end."""
    await begin(redis)
    await redis.set(ledger_key(DELIVERY), before)
    await ledger.record(status(), [Outcome(number, State.HANDED_OVER) for number in reached])
    open_ = {number for number, state in enumerate(before) if state in (0, 1, 3)}
    wanted = bytes(2 if number in reached & open_ else state for number, state in enumerate(before))
    assert await redis.get(ledger_key(DELIVERY)) == wanted
    (sums,) = await deliveries(redis)
    assert sums["handed_over"] == len(reached & open_)


async def test_nobody_outside_the_ledger_is_counted(redis: Redis, ledger: Ledger) -> None:
    await ledger.record(status(), [Outcome(AUDIENCE + 5, State.HANDED_OVER)])
    (sums,) = await deliveries(redis)
    assert (sums["open"], sums["handed_over"]) == (AUDIENCE, 0)


async def test_a_relays_words_are_sealed_and_only_codes_are_plain(
    redis: Redis, ledger: Ledger
) -> None:
    words = "<kari@example.org> unknown"
    await ledger.record(status(), [Outcome(3, State.FAILED, "5.1.1 550", words)])
    assert await redis.hgetall(f"notify:failures:{DELIVERY}") == {b"3": b"5.1.1 550"}
    sealed = await redis.hget(f"notify:replies:{DELIVERY}", "3")
    assert b"kari" not in sealed
    assert Vault(bytes(32), bytes(32)).open(sealed, f"reply:{DELIVERY}:3") == words.encode()


async def test_the_last_record_of_a_pass_tells_at_once(redis: Redis, ledger: Ledger) -> None:
    await ledger.record(status(), [Outcome(1, State.HANDED_OVER)])
    await ledger.record(status(), [Outcome(2, State.HANDED_OVER)])
    for _ in range(3):
        await ledger.record(status(), [], last=True)
    told = [from_fields(fields) for _, fields in await redis.xrange("deliveries")]
    assert [e.data.open for e in told if isinstance(e, DeliveryProgressed)] == [
        AUDIENCE - 1,
        AUDIENCE - 2,
    ]


async def test_tries_are_kept_until_the_delivery_is_complete(redis: Redis, ledger: Ledger) -> None:
    await ledger.record(status(), [Outcome(1, State.DEFERRED, tries=0), Outcome(2, State.DEFERRED)])
    await ledger.record(status(), [Outcome(3, State.DEFERRED, tries=4)])
    assert await ledger.tries(DELIVERY, [1, 2, 3]) == {1: 0, 3: 4}
    assert await ledger.tries(DELIVERY, []) == {}
    everybody = [Outcome(number, State.HANDED_OVER) for number in range(1, AUDIENCE + 1)]
    await ledger.record(status(), everybody)
    assert not await redis.exists(f"notify:tries:{DELIVERY}")


async def claimed(redis: Redis, *numbers: int) -> None:
    """As claim.lua leaves them."""
    for number in numbers:
        await redis.setrange(ledger_key(DELIVERY), number, bytes([State.SENDING]))


async def test_a_member_who_was_put_off_stays_so_if_the_next_mail_never_leaves(
    redis: Redis, ledger: Ledger
) -> None:
    """The relay took no connection: that says nothing of the member, and forgets nothing."""
    await ledger.record(status(), [Outcome(1, State.DEFERRED, tries=0)])
    await ledger.record(status(), [Outcome(2, State.DEFERRED, tries=3)])
    await claimed(redis, 1, 2, 3)
    await ledger.record(status(), [Outcome(number, State.PLANNED) for number in (1, 2, 3)])
    states = await redis.getrange(ledger_key(DELIVERY), 1, 3)
    assert [*states] == [State.DEFERRED, State.DEFERRED, State.PLANNED]
    assert await ledger.tries(DELIVERY, [1, 2, 3]) == {1: 0, 2: 3}


@pytest.mark.parametrize("end", [State.FAILED, State.DEFERRED, State.SUPPRESSED])
async def test_g9_a_mail_that_was_never_answered_may_have_arrived_whatever_is_heard_later(
    redis: Redis, ledger: Ledger, end: State
) -> None:
    await claimed(redis, 1, 2)
    await ledger.record(status(), [Outcome(1, State.SENDING, "000", tries=4)])
    await ledger.record(status(), [Outcome(1, end, "000"), Outcome(2, end, "5.1.1 550")])
    one, two = await redis.getrange(ledger_key(DELIVERY), 1, 2)
    assert one == end + Flag.UNHEARD
    assert (two & Flag.UNHEARD > 0) == (end is State.SUPPRESSED), "taken back on the way"


@pytest.mark.parametrize("heard", sorted({*State} - {State.OUTSIDE}))
async def test_g6_of_a_superseded_delivery_what_is_heard_still_counts(
    redis: Redis, ledger: Ledger, heard: State
) -> None:
    """Its open members were counted as suppressed."""
    await claimed(redis, 1)
    over = {"superseded": "another", "state": "complete", "cause": "superseded"}
    await redis.hset(delivery_key(DELIVERY), mapping=over | {"suppressed": AUDIENCE, "open": 0})
    for _ in range(2):
        await ledger.record(status(), [Outcome(1, heard, "450", tries=2)])
    (sums,) = await deliveries(redis)
    final = {name: sums[name] for name in FINAL.values()}
    gone = FINAL.get(heard, "suppressed")
    assert final == dict.fromkeys(FINAL.values(), 0) | {"suppressed": AUDIENCE - 1} | {
        gone: AUDIENCE if gone == "suppressed" else 1
    }
    (byte,) = await redis.getrange(ledger_key(DELIVERY), 1, 1)
    assert byte % 8 == (State.SENDING if heard is State.SUPPRESSED else heard)
    assert not await redis.exists(f"notify:tries:{DELIVERY}"), "nobody would ever drop them"
    told = [from_fields(fields) for _, fields in await redis.xrange("deliveries")]
    assert len(told) == (heard in (State.HANDED_OVER, State.FAILED))
