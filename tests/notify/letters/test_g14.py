"""A log-in letter never waits behind an alert, nor an alert behind letters (promise G14).

The relay is a real server that looks at each mail for a while, and the alert has far more members
than it takes in the meantime. A letter's place among the mails that the relay took says how long it
waited: 2 seconds are so many mails of so many connections.
"""

from typing import Any

import pytest
from redis.asyncio import Redis

from tests.make import alert, revision
from tests.notify.letters.steps import ask, join, login
from tests.notify.steps import addresses
from tests.notify.system import System, running, system
from tests.wait import until

LOOK_SECONDS = 0.05
"""How long the relay looks at a mail."""
MEMBERS = 2000
KARI = "medlem1999@example.org"
"""Of the last chunk."""


async def in_a_delivery(on: System, after: int = 40) -> int:
    """Begin to mail everybody. Gives how many mails the relay has taken."""
    on.relay.slowness = LOOK_SECONDS
    await on.publish(revision(alert()))
    await until(lambda: len(on.relay.mails) >= after)
    return len(on.relay.mails)


def is_letter(on: System, place: int) -> bool:
    return "List-Unsubscribe" not in on.relay.mails[place].head


async def place_of_letter(on: System, after: int) -> int:
    """How many mails of the delivery were taken after the first `after` mails, and before the first
    letter."""

    def letters() -> list[int]:
        return [n for n in range(after, len(on.relay.mails)) if is_letter(on, n)]

    return (await until(letters))[0] - after


def url(on: System, more: str) -> dict[str, Any]:
    secret = type(on.settings.smtp_url)
    return {"smtp_url": secret(f"smtp://127.0.0.1:{on.relay.port}{more}")}


@pytest.mark.parametrize(
    ("more", "connections"),
    [("", 8), ("?connections=3", 2), ("?connections=2", 1), ("?connections=1", 1)],
)
async def test_a_log_in_letter_leaves_within_two_seconds_in_the_middle_of_a_delivery(
    redis: Redis, redis_url: str, more: str, connections: int
) -> None:
    async with system(redis, redis_url) as on:
        on.settings = on.settings.model_copy(update=url(on, more))
        await on.join(*addresses(MEMBERS))
        async with running(on):
            after = await in_a_delivery(on)
            await ask(on, login(KARI))
            waited = await place_of_letter(on, after)
            assert waited <= 2 / LOOK_SECONDS * connections
            assert len(on.relay.mails) < MEMBERS, "the delivery goes on"


async def test_it_leaves_also_where_the_relay_lets_only_one_connection_in(
    redis: Redis, redis_url: str
) -> None:
    """Though its address does not say so: then the letter goes between two mails."""
    async with system(redis, redis_url) as on:
        on.relay.limit = 1
        await on.join(*addresses(MEMBERS))
        async with running(on):
            after = await in_a_delivery(on)
            await ask(on, login(KARI))
            assert await place_of_letter(on, after) <= 2 / LOOK_SECONDS


async def test_it_leaves_also_while_a_delivery_uses_all_that_the_relay_allows_it(
    redis: Redis, redis_url: str
) -> None:
    async with system(redis, redis_url) as on:
        on.settings = on.settings.model_copy(update=url(on, "?per_hour=200&per_second=60"))
        await on.join(*addresses(MEMBERS))
        async with running(on):
            await in_a_delivery(on, after=190)
            await until(lambda: on.relay.mails and len(on.relay.mails) == 190)
            await ask(on, login(KARI))
            assert await place_of_letter(on, 190) == 0
            assert len(on.relay.mails) == 191, "95 % of an hour's mails are the delivery's"


@pytest.mark.parametrize("more", ["", "?connections=2", "?connections=1"])
async def test_a_burst_of_letters_does_not_hold_up_an_alert(
    redis: Redis, redis_url: str, more: str
) -> None:
    """Among the next mails of the delivery there are at most as many letters: those go on a
    connection of their own, or take turns."""
    async with system(redis, redis_url) as on:
        on.settings = on.settings.model_copy(update=url(on, more))
        await on.join(*addresses(300))
        async with running(on):
            after = await in_a_delivery(on)
            await ask(on, *(login(to, browser=to) for to in addresses(300)[:60]))
            await ask(on, *(join(f"ny{n}@example.org", browser=f"n{n}") for n in range(60)))
            await until(lambda: len(on.relay.mails) >= after + 100, timeout=30)
            letters = sum(is_letter(on, n) for n in range(after, after + 100))
            assert letters <= 52


async def test_letters_to_who_joins_yield_to_an_alert_on_the_only_connection(
    redis: Redis, redis_url: str
) -> None:
    """They do not even take turns, which were 50 of 100: the few that are in hand go, and the next
    ones wait for five seconds."""
    async with system(redis, redis_url) as on:
        on.settings = on.settings.model_copy(update=url(on, "?connections=1"))
        await on.join(*addresses(300))
        async with running(on):
            after = await in_a_delivery(on)
            await ask(on, *(join(f"ny{n}@example.org", browser=f"n{n}") for n in range(60)))
            await until(lambda: len(on.relay.mails) >= after + 100, timeout=60)
            letters = sum(is_letter(on, n) for n in range(after, after + 100))
            assert letters <= 10


async def test_an_alert_that_starts_in_the_middle_of_letters_finds_its_part_of_the_limits(
    redis: Redis, redis_url: str
) -> None:
    async with system(redis, redis_url) as on:
        on.settings = on.settings.model_copy(update=url(on, "?per_hour=200"))
        await on.join(*addresses(400))
        async with running(on):
            await ask(on, *(login(to, browser=to) for to in addresses(400)[:40]))
            await ask(on, *(join(f"ny{n}@example.org", browser=f"n{n}") for n in range(40)))
            await until(lambda: len(on.relay.mails) == 30)
            await on.publish(revision(alert()))
            await until(lambda: len(on.relay.mails) == 200)
            assert sum(not is_letter(on, n) for n in range(200)) == 170
