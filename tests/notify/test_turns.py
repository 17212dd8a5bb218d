"""The relay's limits hold for all workers together, and over restarts."""

import time
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.turns import KEY, TurnTaker
from shared.bus.users import as_user
from tests.make import alert, revision
from tests.notify.system import System, running, system

LIMITS = {60: 5, 3600: 10, 86400: 20}
"""Windows so long that none ends while a test runs, but where the test says so."""

steps = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.integers(1, 15)),
        st.tuples(st.just("end"), st.sampled_from(sorted(LIMITS))),
    ),
    max_size=25,
)


@pytest.fixture
async def notify(redis: Redis, redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(as_user(redis_url, "notify")) as client:
        yield client


async def since(redis: Redis, seconds: int) -> float:
    """When a window began, in seconds."""
    return int(await redis.hget(KEY, f"{seconds * 1000} since") or 0) / 1000


async def shift(redis: Redis, seconds: int, by: float) -> None:
    """As if a window had begun so many seconds later."""
    begun = await since(redis, seconds) + by
    await redis.hset(KEY, f"{seconds * 1000} since", int(begun * 1000))


async def clock(redis: Redis) -> float:
    now, micros = await redis.time()
    return float(now) + float(micros) / 1e6


@given(steps=steps)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_no_window_gives_more_than_its_limit_and_the_wait_is_until_it_gives_more(
    redis: Redis, notify: Redis, steps: list[tuple[str, int]]
) -> None:
    """Each turn is taken by a new TurnTaker: another worker, or the same after a restart."""
    await redis.flushall()
    left = dict(LIMITS)
    for step, value in steps:
        if step == "end":
            if left[value] < LIMITS[value]:
                await shift(redis, value, -value)
                left[value] = LIMITS[value]
            continue
        before = await clock(redis)
        turns = await TurnTaker(notify, LIMITS).take(value)
        room = min(left.values())
        assert turns.granted == min(value, room)
        binding = [seconds for seconds, some in left.items() if some == room]
        left = {seconds: some - turns.granted for seconds, some in left.items()}
        if turns.granted == value:
            assert turns.wait == 0
        else:
            ends = max([await since(redis, seconds) + seconds for seconds in binding])
            assert ends - await clock(redis) - 0.01 <= turns.wait <= ends - before + 0.01


async def test_a_clock_that_is_set_back_closes_no_window(redis: Redis, notify: Redis) -> None:
    turns = TurnTaker(notify, {3600: 5})
    assert (await turns.take(9)).granted == 5
    assert (await turns.take(9)).granted == 0
    await shift(redis, 3600, 86400)
    again = await turns.take(9)
    assert again.granted == 5
    assert 3500 < again.wait <= 3600


async def test_without_a_limit_all_are_granted_and_nothing_is_kept(
    redis: Redis, notify: Redis
) -> None:
    found = await TurnTaker(notify, {}).take(10**6)
    assert (found.granted, found.wait) == (10**6, 0.0)
    assert not await redis.exists(KEY)


async def test_a_delivery_keeps_to_the_relays_limit_and_leaves_nobody_out(
    redis: Redis, redis_url: str
) -> None:
    async with system(redis, redis_url) as around:
        await _deliver_within_limits(around)


async def _deliver_within_limits(notify: System) -> None:
    secret = type(notify.settings.smtp_url)
    url = f"smtp://127.0.0.1:{notify.relay.port}?per_second=20"
    notify.settings = notify.settings.model_copy(update={"smtp_url": secret(url)})
    everybody = [f"medlem{n}@example.org" for n in range(60)]
    await notify.join(*everybody)
    taken: list[float] = []

    def note(_: str) -> None:
        taken.append(time.monotonic())

    notify.relay.after_data = note
    begun = time.monotonic()
    await notify.publish(revision(alert()))
    async with running(notify):
        await notify.delivery()
    assert sorted(notify.relay.recipients()) == sorted(everybody)
    assert taken[20] - begun >= 1.0
    assert taken[40] - begun >= 2.0
