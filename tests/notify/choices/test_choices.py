"""What members chose is what is read back, whoever else chooses, leaves, returns or is erased."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.choices.store import BASE, GONE, Choices, string_key
from services.notify.members.member import Member
from services.notify.members.store import Members, leave
from services.notify.vault.vault import Vault
from shared.bus.users import as_user
from tests.examples import examples
from tests.notify.choices.known import know

VAULT = Vault(bytes(32), bytes(range(32)))
SUBJECTS = ("jak-hemmere", "metotreksat", "ulceros-kolitt")
MEMBERS = 6


@pytest.fixture
async def choices(redis: Redis, redis_url: str) -> AsyncIterator[Choices]:
    """By notify's own user."""
    await know(redis, *SUBJECTS)
    new = [Member(f"m{n}@example.org", "", "nb", "consent") for n in range(MEMBERS)]
    assert await Members(redis, VAULT).add(new, after=0)
    async with Redis.from_url(as_user(redis_url, "notify")) as client:
        yield Choices(client, VAULT)


async def test_who_has_chosen_nothing_wants_all_alerts(choices: Choices) -> None:
    assert [await choices.of(number) for number in (1, MEMBERS, 1000)] == [None] * 3


async def test_who_picks_nothing_gets_only_what_goes_to_all(choices: Choices) -> None:
    await choices.set(1, [])
    assert await choices.of(1) == ()
    await choices.set(1, None)
    assert await choices.of(1) is None


async def test_redis_does_not_tell_which_subject_a_string_is_of(
    choices: Choices, redis: Redis
) -> None:
    await choices.set(1, ["jak-hemmere"])
    for key in await redis.keys("notify:choice*"):
        assert b"jak" not in key
    assert not any(b"jak" in name for name in await redis.smembers("notify:choices"))
    other = Choices(redis, Vault(bytes(32), b"another key" + bytes(21)))
    assert other.strings(["jak-hemmere"]) != choices.strings(["jak-hemmere"])


async def test_who_left_chooses_no_more_and_is_found_with_what_they_chose(
    choices: Choices, redis: Redis
) -> None:
    await choices.set(1, ["metotreksat"])
    await leave(redis, 1)
    assert await choices.set(1, None) is False
    assert await choices.of(1) == ("metotreksat",)
    assert await choices.carry_over(1, 6)
    assert await choices.of(6) == ("metotreksat",)


async def test_of_who_is_erased_is_known_only_that_the_number_is_gone(
    choices: Choices, redis: Redis
) -> None:
    await choices.set(2, ["jak-hemmere"])
    await choices.set(1, ["metotreksat"])
    strings = [BASE, *choices.strings(["jak-hemmere", "metotreksat"])]
    assert [await redis.getrange(key, 1, 1) for key in strings] == [b"\7", b"\7", b"\0"]
    await choices.gone(1)
    assert [await redis.getrange(key, 1, 1) for key in [GONE, *strings]] == [b"\7", *[b"\0"] * 3]
    assert await choices.set(1, ["metotreksat"]) is False


async def test_a_removed_subject_is_still_chosen_once_it_is_back(
    choices: Choices, redis: Redis
) -> None:
    await choices.set(1, ["metotreksat", "jak-hemmere"])
    await redis.hdel("notify:subjects", "metotreksat")
    assert await choices.of(1) == ("jak-hemmere",)
    await choices.set(1, ["ulceros-kolitt"])
    await know(redis, "metotreksat")
    assert await choices.of(1) == ("metotreksat", "ulceros-kolitt")


numbers = st.integers(1, MEMBERS)
picks = st.none() | st.lists(st.sampled_from(SUBJECTS), unique=True)
steps = st.one_of(
    st.tuples(st.just("set"), numbers, picks),
    st.tuples(st.just("leave"), numbers, st.none()),
    st.tuples(st.just("gone"), numbers, st.none()),
    st.tuples(st.just("carry_over"), numbers, numbers),
)


@given(todo=st.lists(steps, max_size=20))
@settings(
    max_examples=examples(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_choices_are_what_a_plain_model_says(
    choices: Choices, redis: Redis, todo: list[tuple[str, int, Any]]
) -> None:
    await redis.delete(GONE, BASE, "notify:choices", *choices.strings(SUBJECTS))
    await redis.delete("notify:left:0", "notify:leaves")
    wants: dict[int, tuple[str, ...] | None] = dict.fromkeys(range(1, MEMBERS + 1))
    gone = set()
    for what, number, more in todo:
        if what == "set":
            assert await choices.set(number, more) == (number not in gone)
            if number not in gone:
                wants[number] = None if more is None else tuple(sorted(more))
        elif what == "leave":
            await leave(redis, number)
            gone.add(number)
        elif what == "gone":
            await choices.gone(number)
            wants[number] = None
            gone.add(number)
        else:
            assert await choices.carry_over(number, more) == (more not in gone)
            if more not in gone:
                wants[more] = wants[number]
    assert {number: await choices.of(number) for number in wants} == wants
    assert {n for n in wants if await redis.getrange(GONE, n, n) == b"\7"} == gone
    for name in await redis.smembers("notify:choices"):
        assert set(await redis.get(string_key(name.decode())) or b"") <= {0, 7}


async def test_a_string_that_was_made_meanwhile_is_seen(
    choices: Choices, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody picks a subject for the first time between the look and the script of another."""
    await choices.set(1, ["metotreksat"])
    look, looks = choices._own, []

    async def own() -> frozenset[str]:
        found = await look()
        if not looks:
            looks.append(1)
            await Choices(choices._redis, VAULT).set(2, ["jak-hemmere"])
        return found

    monkeypatch.setattr(choices, "_own", own)
    await choices.set(3, ["metotreksat"])
    assert await choices.of(3) == ("metotreksat",)
    [own_string] = choices.strings(["jak-hemmere"])
    assert await redis.getrange(own_string, 3, 3) == b"\7"
