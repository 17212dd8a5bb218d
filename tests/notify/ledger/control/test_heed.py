"""What staff ask of a delivery is done once, and in their order, whatever comes twice or late, or
from a Redis that was put back."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.ledger.control import Heeded, Heeder, control
from services.notify.ledger.delivery import delivery_key, put_off_key
from shared.bus import Bus, streams
from shared.bus.users import as_user
from shared.event_data import DeliveryCommand
from shared.events import from_fields
from tests.examples import examples
from tests.notify.ledger.steps import begin
from tests.notify.steps import DELIVERY
from tests.notify.wishes import handed, wanted

COMMANDS: tuple[DeliveryCommand, ...] = ("hold", "resume", "again", "cancel")


@pytest.fixture
async def bus(redis: Redis, redis_url: str) -> AsyncIterator[Bus]:
    bus = Bus(as_user(redis_url, "notify"), service="notify", consumer="notify-1")
    yield bus
    await bus.redis.aclose()


class Asked:
    """A delivery of which things are asked, and what should have become of it."""

    def __init__(self, redis: Redis, bus: Bus) -> None:
        self.redis = redis
        self._bus = bus
        self._heeder = Heeder(bus)
        self.held = ""
        self.heard = 0
        """By Redis."""
        self.journal = 0

    async def begin(self) -> None:
        await begin(self.redis)
        await streams.create_topology(self.redis)

    async def fields(self) -> dict[bytes, bytes]:
        return await self.redis.hgetall(delivery_key(DELIVERY))

    async def ask(
        self, command: DeliveryCommand, sequence: int, *, seen: str = "", journal: int = 0
    ) -> Heeded:
        event = wanted(command, sequence, seen=seen)
        entry = await handed(self.redis, self._bus, event)
        answer = await self._heeder.heed(entry, event.data, heard_before=journal)
        assert (await self.redis.xpending("control", "notify"))["pending"] == 0
        return answer

    def expect(self, command: DeliveryCommand, sequence: int) -> Heeded:
        """What the answer should be; and takes note of what follows."""
        if sequence <= max(self.heard, self.journal):
            return Heeded.HEARD
        self.heard = self.journal = sequence
        if self.held == "cancelled":
            return Heeded.CANCELLED
        if command == "again":
            return Heeded.DONE
        after = {"hold": "operator", "resume": "", "cancel": "cancelled"}[command]
        answer = Heeded.SAME if after == self.held else Heeded.DONE
        self.held = after
        return answer


arrivals = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=14)
"""Which wish comes, and whether Redis is put back to its beginning before that."""


@example(["hold", "resume"], [(0, False), (1, False), (0, False)])
@example(["again", "hold"], [(0, False), (0, True), (1, False)])
@example(["hold", "cancel", "resume"], [(1, False), (2, False), (0, True)])
@given(st.lists(st.sampled_from(COMMANDS), min_size=1, max_size=6), arrivals)
@settings(
    max_examples=examples(120),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_each_wish_is_done_at_most_once_and_none_after_a_newer_one(
    redis: Redis, bus: Bus, wishes: list[DeliveryCommand], arrivals: list[tuple[int, bool]]
) -> None:
    asked = Asked(redis, bus)
    await asked.begin()
    done: list[int] = []
    for place, is_put_back in arrivals:
        if is_put_back:
            await asked.begin()
            asked.held, asked.heard = "", 0
        sequence, command = place % len(wishes) + 1, wishes[place % len(wishes)]
        before = await asked.fields()
        journal = asked.journal
        expected = asked.expect(command, sequence)
        answer = await asked.ask(command, sequence, seen="operator", journal=journal)
        assert answer is expected
        after = await asked.fields()
        assert after.get(b"held", b"").decode() == asked.held
        if answer is Heeded.HEARD:
            assert after == before
        else:
            done.append(sequence)
            assert int(after[b"heeded"]) == sequence
            (*_, (_, told)) = await redis.xrange("deliveries")
            assert from_fields(told).data.heeded == sequence  # type: ignore[union-attr]
    assert done == sorted(set(done))


async def test_whoever_lets_it_go_on_lifts_what_they_saw_and_nothing_that_came_since(
    redis: Redis, bus: Bus
) -> None:
    asked = Asked(redis, bus)
    await asked.begin()
    await control(bus.redis, DELIVERY, "hold", why="stale")
    assert await asked.ask("resume", 1, seen="operator") is Heeded.CHANGED
    assert (await asked.fields())[b"held"] == b"stale"
    assert await asked.ask("resume", 2, seen="stale") is Heeded.DONE
    assert (await asked.fields())[b"held"] == b""


async def test_a_pause_that_the_relay_brought_about_holds_nothing_so_any_may_lift_it(
    redis: Redis, bus: Bus
) -> None:
    asked = Asked(redis, bus)
    await asked.begin()
    await redis.hset(delivery_key(DELIVERY), mapping={"state": "paused", "cause": "no answer"})
    assert await asked.ask("resume", 1, seen="rcpt 4.7.1 451") is Heeded.DONE
    assert (await asked.fields())[b"state"] == b"sending"


async def test_those_who_were_put_off_are_brought_forward(redis: Redis, bus: Bus) -> None:
    asked = Asked(redis, bus)
    await asked.begin()
    await redis.hset(put_off_key(DELIVERY), "0", "1 1")
    assert await asked.ask("resume", 1) is Heeded.DONE
    assert not await redis.exists(put_off_key(DELIVERY))
    assert await asked.ask("resume", 2) is Heeded.SAME


async def test_a_wish_about_a_delivery_that_is_not_there_is_settled(redis: Redis, bus: Bus) -> None:
    await streams.create_topology(redis)
    event = wanted("hold")
    entry = await handed(redis, bus, event)
    assert await Heeder(bus).heed(entry, event.data, heard_before=0) is Heeded.NONE
