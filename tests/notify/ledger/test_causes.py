"""Why mails did not arrive is counted with them: the causes add up, whatever happens in which
order, and tell of nobody."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.ledger.bounced import note_bounced
from services.notify.ledger.control import again
from services.notify.ledger.ledger import Ledger, Progress
from services.notify.ledger.outcome import Outcome
from services.notify.ledger.put_off import PutOff
from services.notify.ledger.states import State
from services.notify.vault.vault import Vault
from shared.bus import Bus
from shared.bus.users import as_user
from shared.event_data import Chunk, DeliveryStatus
from shared.events import from_fields
from tests.examples import examples
from tests.notify.ledger.steps import AUDIENCE, begin, progressed
from tests.notify.steps import DELIVERY

CODES = {
    "5.1.1 550": "no_address",
    "5.1.10 556": "no_address",
    "5.1.6 551": "no_address",
    "5.2.1 550": "closed",
    "5.2.2 552": "full",
    "552": "full",
    "5.7.1 550": "refused",
    "5.6.0 554": "refused",
    "5.4.4 550": "not_reached",
    "4.2.0 450": "not_reached",
    "451": "not_reached",
    "no answer": "not_reached",
    "5.1.9 550": "other",
    "550": "other",
    "5.0.0 550": "other",
}


@pytest.fixture
async def ledger(redis: Redis, redis_url: str) -> AsyncIterator[Ledger]:
    bus = Bus(as_user(redis_url, "notify"), service="notify", consumer="notify-1")
    yield Ledger(bus, Vault(bytes(32), bytes(range(32))))
    await bus.redis.aclose()


async def told(redis: Redis) -> DeliveryStatus:
    """The newest status."""
    ((_, fields),) = await redis.xrevrange("deliveries", count=1)
    status = from_fields(fields).data
    assert isinstance(status, DeliveryStatus)
    return status


def failed(number: int, codes: str) -> Outcome:
    return Outcome(number, State.FAILED, codes, "550 kari@example.org")


async def test_each_code_has_its_cause(redis: Redis, ledger: Ledger) -> None:
    for codes, cause in CODES.items():
        await begin(redis)
        await ledger.record(Progress(progressed(DELIVERY)), [failed(1, codes)], last=True)
        assert (await told(redis)).failed_by == {cause: 1}, codes
        await ledger.record(Progress(progressed(DELIVERY)), [Outcome(2, State.HANDED_OVER)])
        await note_bounced(redis, DELIVERY, {2: codes.partition(" ")[0]})
        assert (await told(redis)).bounced_by == {cause: 1}, codes


numbers = st.integers(1, 6)
codes = st.sampled_from(sorted(CODES))
steps = st.one_of(
    st.tuples(st.just("fail"), numbers, codes),
    st.tuples(st.just("take"), numbers, codes),
    st.tuples(st.just("send"), numbers, codes),
    st.tuples(st.just("bounce"), numbers, codes),
    st.tuples(st.just("again"), numbers, codes),
)


@example([("send", 1, "550"), ("bounce", 1, "5.1.1 550"), ("take", 1, "550")])
@example([("fail", 1, "550"), ("again", 1, "550"), ("fail", 1, "5.1.1 550")])
@given(st.lists(steps, min_size=1, max_size=20))
@settings(
    max_examples=examples(80),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_the_causes_add_up_to_the_sums_whatever_happens(
    redis: Redis, ledger: Ledger, done: list[tuple[str, int, str]]
) -> None:
    await begin(redis)
    for what, number, code in done:
        outcomes: dict[str, Any] = {
            "fail": failed(number, code),
            "take": Outcome(number, State.HANDED_OVER),
            "send": Outcome(number, State.DEFERRED),
        }
        if what == "bounce":
            await note_bounced(redis, DELIVERY, {number: code.partition(" ")[0]})
        elif what == "again":
            await again(redis, DELIVERY)
        else:
            await ledger.record(Progress(progressed(DELIVERY)), [outcomes[what]], last=True)
    if not await redis.xlen("deliveries"):
        return
    for _, fields in await redis.xrange("deliveries"):
        status = from_fields(fields).data
        assert isinstance(status, DeliveryStatus)
        assert sum(status.failed_by.values()) == status.failed
        assert sum(status.bounced_by.values()) == status.bounced
        assert b"example.org" not in fields[b"data"]


async def test_the_soonest_time_of_those_who_were_put_off_is_told(
    redis: Redis, ledger: Ledger
) -> None:
    await begin(redis)
    status, now = Progress(progressed(DELIVERY)), datetime.now(UTC).replace(microsecond=0)

    async def put_off(chunk: int, minutes: int) -> None:
        due = now + timedelta(minutes=minutes)
        await ledger.keep_put_off(status, Chunk(delivery=DELIVERY, chunk=chunk), PutOff(1, due))

    await put_off(0, 30)
    assert (await told(redis)).put_off_until == now + timedelta(minutes=30)
    await put_off(1, 5)
    assert (await told(redis)).put_off_until == now + timedelta(minutes=5)
    count = await redis.xlen("deliveries")
    await put_off(2, 10)
    assert await redis.xlen("deliveries") == count, "it is no news"
    await put_off(1, -1)
    assert (await told(redis)).put_off_until == now + timedelta(minutes=10)
    taken = [Outcome(number, State.HANDED_OVER) for number in range(1, AUDIENCE + 1)]
    await ledger.record(status, taken)
    assert (await told(redis)).put_off_until is None
