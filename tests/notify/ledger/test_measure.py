"""What notify counts and measures."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY, CollectorRegistry
from redis.asyncio import Redis

from services.notify.ledger import measure
from services.notify.ledger.delivery import DELIVERIES, delivery_key
from shared.events import PagePublished
from shared.trace import new_traceparent
from tests.make import alert, revision
from tests.notify.system import running, system
from tests.wait import until

SECONDS = "varsel_page_to_handed_over_seconds"


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_the_time_to_a_member_counts_from_the_page_also_while_notify_was_away(
    redis: Redis, redis_url: str
) -> None:
    async with system(redis, redis_url) as on:
        await on.join("kari@example.org", "ola@example.org")
        page = revision(alert())
        on.site.show(page)
        event = PagePublished.about(page, traceparent=new_traceparent())
        await on.tell(event.model_copy(update={"time": datetime.now(UTC) - timedelta(hours=1)}))
        before = counted(f"{SECONDS}_count"), counted(f"{SECONDS}_sum")
        async with running(on):
            await on.delivery()
        assert counted(f"{SECONDS}_count") - before[0] == 2
        assert 7200 <= counted(f"{SECONDS}_sum") - before[1] < 7260


@given(amount=st.floats(0, 10**6), count=st.integers(0, 100))
def test_many_observations_at_once_are_as_many_single_ones(amount: float, count: int) -> None:
    plain, many = CollectorRegistry(), CollectorRegistry()
    one = measure.ManyHistogram("seconds", "as the product's", registry=plain)
    all_ = measure.ManyHistogram("seconds", "as the product's", registry=many)
    for _ in range(count):
        one.observe(amount)
    all_.observe_many(amount, count)
    assert sampled(many) == {name: pytest.approx(value) for name, value in sampled(plain).items()}


def sampled(registry: CollectorRegistry) -> dict[str, float]:
    samples = [sample for family in registry.collect() for sample in family.samples]
    return {f"{s.name} {s.labels}": s.value for s in samples if not s.name.endswith("_created")}


async def test_a_reply_is_counted_by_its_phase_and_first_digit(
    redis: Redis, redis_url: str
) -> None:
    name = "varsel_relay_replies_total"
    places = [
        {"phase": "rcpt", "class": "5xx"},
        {"phase": "rcpt", "class": "4xx"},
        {"phase": "data", "class": "2xx"},
        {"phase": "connect", "class": "none"},
    ]
    before = [counted(name, **place) for place in places]
    said = {"borte@example.org": "550 5.1.1 no", "sein@example.org": "450 4.2.0 later"}
    async with system(redis, redis_url) as on:
        await on.join("kari@example.org", *said)
        on.relay.rcpt = lambda a: said.pop(a, None)
        await on.relay.stop()
        await on.publish(revision(alert()))
        async with running(on):
            await until(lambda: counted(name, **places[-1]) > before[-1])
            await on.relay.start()
            await on.bring_forward()
            await on.delivery()
    refused, later, taken, _ = (
        counted(name, **place) - count for place, count in zip(places, before, strict=True)
    )
    assert (refused, later, taken) == (1, 1, 2)


async def test_ledgers_that_do_not_add_up_are_seen_though_their_errors_cancel_out(
    redis: Redis,
) -> None:
    for number, (open_, state) in enumerate([(4, "sending"), (2, "complete"), (3, "sending")], 1):
        await keep(redis, number, state=state, open=open_)
    told = await measured(redis)
    assert told["varsel_ledger_imbalance",] == 2
    assert told["varsel_deliveries_under_way",] == 2
    assert told["varsel_delivery_members", "handed_over"] == 10
    assert told["varsel_delivery_members", "open"] == 7


async def test_of_many_deliveries_the_newest_are_looked_at(redis: Redis) -> None:
    for started in range(1, measure.NEWEST + 1):
        await keep(redis, started, state="complete", open=3)
    await keep(redis, 0, state="sending", open=10)  # older than these
    assert (await measured(redis))["varsel_ledger_imbalance",] == 0
    assert (await measured(redis))["varsel_deliveries_under_way",] == 0
    await keep(redis, measure.NEWEST + 1, state="sending", open=5)
    assert (await measured(redis))["varsel_ledger_imbalance",] == 2
    assert (await measured(redis))["varsel_deliveries_under_way",] == 1


async def test_a_delivery_that_stands_still_is_told_by_its_seconds(redis: Redis) -> None:
    assert (await measured(redis))["varsel_delivery_quiet_seconds",] == 0
    seconds, _ = await redis.time()
    began = datetime.fromtimestamp(seconds - 5000, UTC).isoformat()
    told = {1: seconds - 1000, 2: seconds - 2000, 3: seconds - 3000, 4: seconds - 4000}
    for number, at in told.items():
        await keep(redis, number, state="sending", open=3, told_at=at * 1000)
        await redis.hset(delivery_key(f"a1b2c3d4e5f6.{number}"), "started", began)
    await keep(redis, 4, state="complete", open=0)
    await keep(redis, 3, state="paused", cause="operator")
    assert 2000 <= (await measured(redis))["varsel_delivery_quiet_seconds",] < 2060
    await keep(redis, 2, told_at=0)
    assert 5000 <= (await measured(redis))["varsel_delivery_quiet_seconds",] < 5060


async def test_a_delivery_whose_members_were_put_off_stands_still_only_once_they_are_due(
    redis: Redis,
) -> None:
    seconds, _ = await redis.time()
    began = datetime.fromtimestamp(seconds - 5000, UTC).isoformat()
    await keep(redis, 1, state="sending", open=3, told_at=(seconds - 4000) * 1000)
    await redis.hset(delivery_key("a1b2c3d4e5f6.1"), "started", began)
    assert (await measured(redis))["varsel_put_off_seconds",] == 0
    await keep(redis, 1, put_off_until=(seconds + 600) * 1000)
    told = await measured(redis)
    assert told["varsel_delivery_quiet_seconds",] <= 0
    assert 5000 <= told["varsel_put_off_seconds",] < 5060
    await keep(redis, 1, put_off_until=(seconds - 1000) * 1000)  # and nobody tried them
    assert 1000 <= (await measured(redis))["varsel_delivery_quiet_seconds",] < 1060


async def test_what_pauses_a_delivery_is_a_label_and_what_a_relay_says_is_not(
    redis: Redis,
) -> None:
    causes = (
        *("operator", "stale", "unreadable", "page_wrong tls", "page_unseen dns"),
        *("rcpt 5.7.1 550", "auth 5.7.8 535"),
    )
    for number, cause in enumerate(causes, 1):
        await keep(redis, number, state="paused", open=3, cause=cause)
    await keep(redis, len(causes) + 1, state="complete", cause="cancelled", open=0)
    told = await measured(redis)
    paused = {key[1]: value for key, value in told.items() if key[0] == "varsel_deliveries_paused"}
    assert paused == {
        "operator": 1, "stale": 1, "unsafe": 0, "too_large": 0, "unreadable": 1, "page_wrong": 1,
        "page_unseen": 1, "relay": 2,
    }  # fmt: skip


async def keep(redis: Redis, started: int, **fields: str | int) -> None:
    """Keep a delivery of ten members, of whom seven are handed over, failed or suppressed."""
    name = f"a1b2c3d4e5f6.{started}"
    await redis.zadd(DELIVERIES, {name: started})
    ledger = {"audience": 10, "handed_over": 5, "failed": 1, "suppressed": 1}
    await redis.hset(delivery_key(name), mapping=ledger | fields)


async def measured(redis: Redis) -> dict[tuple[str, ...], float]:
    """What the gauges say, by name and labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in await measure.measure(redis)
        for sample in family.samples
    }
