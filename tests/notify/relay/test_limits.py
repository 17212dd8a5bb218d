"""The relay's limits hold for all workers together, and over restarts."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.relay.limits import KEY, Limits, Use, parts
from shared.bus.users import as_user
from tests.examples import examples
from tests.make import alert, revision
from tests.notify.system import System, running, system

PARTS = 20
"""Slices that a limit's length is cut into: see slices.lua."""
LIMITS = {0.04: 5, 0.1: 8, 0.3: 15}
"""Lengths so short that a test can wait for many of them."""

takes = st.lists(st.tuples(st.integers(1, 15), st.floats(0, 0.06)), min_size=5, max_size=15)
"""Mails wanted, and seconds until the next ones are."""


@pytest.fixture
async def notify(redis: Redis, redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(as_user(redis_url, "notify")) as client:
        yield client


async def clock(redis: Redis) -> float:
    now, micros = await redis.time()
    return float(now) + float(micros) / 1e6


@dataclass
class Given:
    """The plain log of what was granted, and between which readings of the clock."""

    count: int
    before: float
    after: float


def surely_within(log: list[Given], length: float) -> Iterator[int]:
    """What was granted in each span of this length that begins with a grant."""
    for first in log:
        yield sum(
            g.count for g in log if first.before <= g.before and g.after < first.before + length
        )


def perhaps_since(log: list[Given], moment: float) -> int:
    return sum(g.count for g in log if g.after >= moment)


@given(takes=takes)
@settings(
    max_examples=examples(25),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_no_span_of_a_limits_length_gives_more_than_the_limit(
    redis: Redis, notify: Redis, takes: list[tuple[int, float]]
) -> None:
    """Each grant is taken by a new Limits: another worker, or the same after a restart."""
    await redis.flushall()
    log: list[Given] = []
    for wanted, pause in takes:
        before = await clock(redis)
        grant = await Limits(notify, LIMITS).take(wanted)
        after = await clock(redis)
        owed = min(
            most - perhaps_since(log, before - length * (1 + 1 / PARTS) - 0.002)
            for length, most in LIMITS.items()
        )
        assert min(wanted, owed) <= grant.mails <= wanted
        log.append(Given(grant.mails, before, after))
        for length, most in LIMITS.items():
            assert max(surely_within(log, length - 0.001)) <= most
        await asyncio.sleep(pause)


async def test_after_the_wait_there_are_more(notify: Redis) -> None:
    limits = Limits(notify, LIMITS)
    for _ in range(10):
        found = await limits.take(60)
        assert found.wait_seconds > 0, "more were asked for than any limit has"
        await asyncio.sleep(found.wait_seconds)
        assert (again := await limits.take(1)).mails == 1
        assert again.wait_seconds == 0


@pytest.mark.parametrize("given", [3, 5])
async def test_a_clock_that_is_set_back_neither_forgets_nor_closes_for_longer(
    redis: Redis, notify: Redis, given: int
) -> None:
    length = 2.0
    limits = Limits(notify, {length: 5})
    assert (await limits.take(given)).mails == given
    ((name, kept),) = (await redis.hgetall(KEY)).items()
    slice_, count = map(int, kept.split())
    await redis.delete(KEY)
    hour_ahead = slice_ + int(3600 / length * PARTS) + 1
    await redis.hset(
        KEY, f"{name.split()[0].decode()} {hour_ahead % (PARTS + 1)}", f"{hour_ahead} {count}"
    )
    for left in (5 - given, 0):
        found = await limits.take(9)
        assert found.mails == left, "what was given is not forgotten"
        assert 0 < found.wait_seconds <= length * (1 + 1 / PARTS) + 0.01
    await asyncio.sleep(found.wait_seconds)
    assert (await limits.take(9)).mails == 5


async def test_what_is_kept_does_not_grow(redis: Redis, notify: Redis) -> None:
    limits = Limits(notify, {0.02: 3})
    for _ in range(60):
        await limits.take(1)
        await asyncio.sleep(0.002)
    assert await redis.hlen(KEY) <= PARTS + 1


async def test_without_a_limit_all_are_granted_and_nothing_is_kept(
    redis: Redis, notify: Redis
) -> None:
    found = await Limits(notify, {}).take(10**6)
    assert (found.mails, found.wait_seconds) == (10**6, 0.0)
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


async def test_what_the_relay_never_got_uses_up_no_limit(notify: Redis) -> None:
    """An outage of minutes must not take the day's limit."""
    limits = Limits(notify, {86_400: 10, 3_600: 12})
    grant = await limits.take(8)
    await limits.give_back(grant, 6)
    assert (await limits.take(10)).mails == 8
    await limits.give_back(grant, 100)  # never below none
    assert (await limits.take(20)).mails == 10


limits_of = st.dictionaries(
    st.sampled_from([1.0, 3600.0, 86400.0]), st.integers(1, 10**6), min_size=1
)


@given(limits=limits_of)
def test_deliveries_and_letters_share_each_limit_whole(limits: dict[float, int]) -> None:
    """Together they may use all of it, and no more; 95 % of it is for deliveries, or less by less
    than a mail."""
    deliveries = [one for one in parts(limits, Use.DELIVERIES) if one.whose]
    letters = [one for one in parts(limits, Use.LETTERS) if one.whose]
    for alerts, kept, (seconds, most) in zip(deliveries, letters, limits.items(), strict=True):
        assert alerts.seconds == kept.seconds >= seconds
        whole = most * kept.seconds / seconds
        assert alerts.mails + kept.mails == pytest.approx(whole, abs=1e-6)
        assert 0.05 * whole - 1e-6 <= kept.mails < 0.05 * whole + 1
    for use in Use:
        assert [one for one in parts(limits, use) if not one.whose] == [
            ("", seconds, most) for seconds, most in limits.items()
        ]


async def test_a_delivery_that_takes_all_that_it_may_leaves_letters_their_part(
    notify: Redis,
) -> None:
    hour = {3600: 100}
    alerts, letters = Limits(notify, hour, Use.DELIVERIES), Limits(notify, hour, Use.LETTERS)
    assert (await alerts.take(64)).mails == 64
    assert (await alerts.take(64)).mails == 31
    assert (await alerts.take(64)).mails == 0
    assert (await letters.take(9)).mails == 5
    assert (await letters.take(9)).mails == 0


async def test_letters_that_take_all_that_they_may_leave_deliveries_their_part(
    notify: Redis,
) -> None:
    hour = {3600: 100}
    letters, spare = Limits(notify, hour, Use.LETTERS), Limits(notify, hour, Use.SPARE)
    assert (await letters.take(64)).mails == 5
    assert (await spare.take(64)).mails == 10
    alerts = Limits(notify, hour, Use.DELIVERIES)
    assert (await alerts.take(64)).mails + (await alerts.take(64)).mails == 85


async def test_letters_that_can_wait_do_while_a_delivery_wants_to_mail(notify: Redis) -> None:
    hour = {3600: 1000}
    assert (await Limits(notify, hour, Use.DELIVERIES).take(1)).mails == 1
    found = await Limits(notify, hour, Use.SPARE).take(1)
    assert found.mails == 0
    assert 0 < found.wait_seconds <= 60
    joins = Limits(notify, hour, Use.JOINS)
    assert (await joins.take(64)).mails == 10
    assert (await Limits(notify, hour, Use.LETTERS).take(64)).mails == 40, "those are letters too"


async def test_a_letter_that_finds_no_room_has_the_next(notify: Redis) -> None:
    """If a limit is one mail, no part of it can be kept."""
    limits = {0.3: 1}
    alerts, letters = Limits(notify, limits, Use.DELIVERIES), Limits(notify, limits, Use.LETTERS)
    assert (await alerts.take(1)).mails == 1
    found = await letters.take(1)
    assert found.mails == 0
    await asyncio.sleep(found.wait_seconds)
    assert (await alerts.take(1)).mails == 0
    assert (await letters.take(1)).mails == 1
    await asyncio.sleep((await alerts.take(1)).wait_seconds)
    assert (await letters.take(1)).mails == 0, "its part is one of twenty"
    assert (await alerts.take(1)).mails == 1


async def test_what_letters_did_not_send_is_given_back_to_them(notify: Redis) -> None:
    letters = Limits(notify, {3600: 100}, Use.LETTERS)
    grant = await letters.take(5)
    await letters.give_back(grant, 2)
    assert (await letters.take(9)).mails == 2
