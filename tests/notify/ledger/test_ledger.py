"""Promise G6: the sums of a delivery are right at every moment."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.ledger import ledger as module
from services.notify.ledger.delivery import (
    deliveries,
    delivery_key,
    ledger_key,
)
from services.notify.ledger.ledger import ChunkLost, Halted, Hold, Ledger, Status
from services.notify.ledger.outcome import Outcome
from services.notify.ledger.states import State
from services.notify.vault.vault import Vault
from shared.bus import Bus, Entry
from shared.bus.users import as_user
from shared.events import (
    Chunk,
    ChunkPlanned,
    DeliveryCompleted,
    DeliveryProgressed,
    from_fields,
    to_fields,
)
from shared.trace import new_traceparent
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


def status() -> Status:
    return Status(progressed(DELIVERY))


@pytest.fixture
async def bus(redis_url: str) -> Bus:
    return Bus(as_user(redis_url, "notify"), service="notify", consumer="notify-1")


@pytest.fixture
async def ledger(bus: Bus, redis: Redis) -> Ledger:
    await begin(redis)
    return Ledger(bus, Vault(bytes(32), bytes(32)))


@given(groups=st.lists(st.lists(outcomes, max_size=64), max_size=8))
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
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
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
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


CHUNK = Chunk(delivery=DELIVERY, chunk=0)
LEASE_KEY = f"notify:lease:{DELIVERY}:0"


@asynccontextmanager
async def in_hand(bus: Bus) -> AsyncIterator[Entry]:
    """An entry of the chunk as a handler has it."""
    taken: asyncio.Queue[Entry] = asyncio.Queue()
    done = asyncio.Event()

    async def handle(entry: Entry) -> None:
        taken.put_nowait(entry)
        await done.wait()

    bus.consume("chunks", handle, prefetch=1)
    await bus.start()
    try:
        event = ChunkPlanned(
            id=f"{DELIVERY}.0.chunk.planned",
            source="/varsel/notify",
            subject="a1b2c3d4e5f6",
            time=datetime.now(UTC),
            traceparent=new_traceparent(),
            data=CHUNK,
        )
        await bus.redis.xadd("chunks", to_fields(event))
        yield await taken.get()
    finally:
        done.set()
        await bus.stop()


ARTICLE = "a1b2c3d4e5f6"


async def test_only_the_owner_of_a_chunk_may_claim_its_members(
    bus: Bus, redis: Redis, ledger: Ledger
) -> None:
    async with in_hand(bus) as entry, ledger.hold(entry, CHUNK, article=ARTICLE) as hold:
        await ledger.record(status(), [Outcome(2, State.HANDED_OVER), Outcome(3, State.DEFERRED)])
        assert (await hold.claim([1, 2, 3, 4])).numbers == [1, 3, 4]
        assert hold.lasts
        # Another worker takes the entry over, as it would from one that seems dead.
        await redis.xclaim("chunks", "notify", "notify-2", 0, [entry.id])
        with pytest.raises(ChunkLost):
            await hold.claim([5])
        assert not hold.lasts
    assert await redis.getrange(ledger_key(DELIVERY), 0, 5) == b"\0\1\2\1\1\0"


async def test_a_chunk_has_one_holder_at_a_time(bus: Bus, redis: Redis, ledger: Ledger) -> None:
    other_life = Ledger(bus, Vault(bytes(32), bytes(32)))
    async with in_hand(bus) as entry:
        async with ledger.hold(entry, CHUNK, article=ARTICLE) as hold:
            with pytest.raises(ChunkLost):
                async with other_life.hold(entry, CHUNK, article=ARTICLE):
                    raise AssertionError("held by two")
            assert 0 < await redis.pttl(LEASE_KEY) <= 15_000
            assert (await hold.claim([1])).numbers == [1]
        assert not await redis.exists(LEASE_KEY)
        async with other_life.hold(entry, CHUNK, article=ARTICLE) as hold:
            assert (await hold.claim([1])).numbers == [1]


async def test_a_lease_is_kept_while_it_is_held(
    bus: Bus, redis: Redis, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEASE", 0.3)
    async with in_hand(bus) as entry, ledger.hold(entry, CHUNK, article=ARTICLE):
        await redis.pexpire(LEASE_KEY, 150)

        async def longer() -> bool:
            return await redis.pttl(LEASE_KEY) > 150

        await until(longer)


async def test_the_lease_of_a_dead_life_runs_out(
    bus: Bus, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEASE", 0.2)
    other_life = Ledger(bus, Vault(bytes(32), bytes(32)))
    async with in_hand(bus) as entry:
        dead = Hold(ledger, entry, CHUNK, ARTICLE)
        await dead.claim([1])

        async def free() -> bool:
            try:
                return (await Hold(other_life, entry, CHUNK, ARTICLE).claim([1])).numbers == [1]
            except ChunkLost:
                return False

        assert not await free()
        await until(free)
        assert not dead.lasts, "by its own clock, without asking"


@pytest.mark.parametrize(
    ("key", "field", "value", "why"),
    [(delivery_key(DELIVERY), "superseded", "a1b2c3d4e5f6.2", "superseded"),
     (delivery_key(DELIVERY), "held", "operator", "operator")],
)  # fmt: skip
async def test_nobody_of_a_halted_delivery_is_claimed_and_every_record_says_so(
    bus: Bus, redis: Redis, ledger: Ledger, key: str, field: str, value: str | int, why: str
) -> None:
    await redis.hset(f"notify:article:{ARTICLE}", "revision", 1)
    async with in_hand(bus) as entry, ledger.hold(entry, CHUNK, article=ARTICLE) as hold:
        claim = await hold.claim([1])
        assert (claim.revision, claim.numbers) == (1, [1])
        assert not (await ledger.record(status(), [])).halted
        await redis.hset(key, field, value)
        with pytest.raises(Halted, match=why):
            await hold.claim([2])
        assert (await ledger.record(status(), [Outcome(1, State.HANDED_OVER)])).halted
    assert await redis.getrange(ledger_key(DELIVERY), 0, 2) == b"\0\2\0"
