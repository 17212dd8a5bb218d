"""A chunk has one worker at a time, and a worker that lost it mails nobody of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from redis.asyncio import Redis

from services.notify.ledger import ledger as module
from services.notify.ledger.delivery import delivery_key, ledger_key
from services.notify.ledger.ledger import ChunkLost, Halted, Hold, Ledger, Progress
from services.notify.ledger.outcome import Outcome
from services.notify.ledger.states import State
from services.notify.vault.vault import Vault
from shared.bus import Bus
from shared.bus.users import as_user
from tests.notify.ledger.steps import ARTICLE, CHUNK, begin, in_hand, progressed
from tests.notify.steps import DELIVERY
from tests.wait import until

LEASE_KEY = f"notify:lease:{DELIVERY}:0"


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
    monkeypatch.setattr(module, "LEASE_SECONDS", 0.3)
    async with in_hand(bus) as entry, ledger.hold(entry, CHUNK, article=ARTICLE):
        await redis.pexpire(LEASE_KEY, 150)

        async def longer() -> bool:
            return await redis.pttl(LEASE_KEY) > 150

        await until(longer)


async def test_the_lease_of_a_dead_life_runs_out(
    bus: Bus, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEASE_SECONDS", 0.2)
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


async def test_a_lease_that_another_has_taken_since_is_not_given_back_for_it(
    bus: Bus, redis: Redis, ledger: Ledger
) -> None:
    async with in_hand(bus) as entry:
        async with ledger.hold(entry, CHUNK, article=ARTICLE):
            await redis.set(LEASE_KEY, "another")
        assert await redis.get(LEASE_KEY) == b"another"


async def scripts_run(redis: Redis) -> int:
    stats = await redis.info("commandstats")
    return sum(
        int(stats.get(f"cmdstat_{name}", {"calls": 0})["calls"]) for name in ("eval", "evalsha")
    )


@pytest.mark.parametrize("holder", [0, 1])
async def test_g9_a_new_chunk_waits_for_the_workers_of_the_deliveries_before(
    bus: Bus, redis: Redis, ledger: Ledger, holder: int
) -> None:
    """They are about to tell who never got the old version."""
    before = ["a1b2c3d4e5f6.0", "a1b2c3d4e5f6.00"]
    old_lease = f"notify:lease:{before[holder]}:0"
    await redis.set(old_lease, "an old worker")
    async with in_hand(bus) as entry:

        async def begin_it() -> None:
            async with ledger.hold(entry, CHUNK, article=ARTICLE, before=before):
                assert not await redis.exists(old_lease)

        begun = asyncio.create_task(begin_it())
        asked = await scripts_run(redis)
        await until(lambda: more_than(asked + 2, redis))
        assert not await redis.exists(LEASE_KEY), "the chunk is left alone while it waits"
        assert not begun.done()
        await redis.delete(old_lease)
        await begun


async def more_than(count: int, redis: Redis) -> bool:
    return await scripts_run(redis) > count


async def test_a_new_chunk_waits_no_longer_than_a_lease_lasts(
    bus: Bus, redis: Redis, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker may wait for ten minutes for an answer to one mail."""
    monkeypatch.setattr(module, "LEASE_SECONDS", 0.5)
    await redis.set("notify:lease:a1b2c3d4e5f6.0:0", "an old worker")
    begun = False
    async with in_hand(bus) as entry:
        with suppress(ChunkLost):
            async with ledger.hold(
                entry, CHUNK, article=ARTICLE, before=["a1b2c3d4e5f6.0"]
            ) as hold:
                begun = (await hold.claim([1])).numbers == [1]
    assert begun
