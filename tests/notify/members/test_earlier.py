"""The numbers that members had before stand in a chain, by which audiences are laid out: the same
as the numbers themselves, whoever comes back, moves and is erased."""

import struct
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.members.endings import Endings
from services.notify.members.member import Member
from services.notify.members.store import CHAIN, EARLIER, LATER, Members, leave
from services.notify.vault.vault import Vault
from tests.examples import examples

VAULT = Vault(bytes(32), bytes(range(32)))


def of(number: int) -> Member:
    return Member(f"m{number}@example.org", "", "nb", "consent")


async def by_the_chain(redis: Redis, numbers: Iterable[int]) -> dict[int, list[int]]:
    """The numbers before each of these that has any, as a script finds them."""
    kept = await redis.get(CHAIN) or b""
    chain = [before for (before,) in struct.iter_unpack("<I", kept)]

    def before(number: int) -> list[int]:
        found = []
        while number < len(chain) and (number := chain[number]):
            found.append(number)
        return found

    return {number: found for number in numbers if (found := before(number))}


async def by_the_hash(redis: Redis) -> dict[int, list[int]]:
    kept = await redis.hgetall(EARLIER)
    return {int(now): [int(one) for one in before.split(b",")] for now, before in kept.items()}


@settings(
    max_examples=examples(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.sampled_from(["join", "return", "move", "erase"]), st.integers(0, 9))))
async def test_the_chain_has_the_numbers_that_are_kept(
    redis: Redis, steps: list[tuple[str, int]]
) -> None:
    await redis.flushall()
    members = Members(redis, VAULT)
    endings = Endings(redis, VAULT, members)
    emails: dict[int, str] = {}
    for what, who in steps:
        last = await members.last()
        here = [number for number in emails if number not in await members.left([*emails])]
        if what == "join" or not here:
            assert await members.add([of(last + 1)], after=last)
            emails[last + 1] = of(last + 1).email
            continue
        number = here[who % len(here)]
        if what == "move":
            gone = sorted(set(emails) - set(here))
            to = emails[gone[who % len(gone)]] if gone else f"ny{who}-{last}@example.org"
            sealed = (await members.records([number]))[number]
            held = (await endings.holders([members.index_of(to)]))[0]
            after = of(number)._replace(email=to)
            await endings.move(
                number, sealed, after, moves_from=emails[number], other=held, letter=None
            )
            emails[number] = to
            continue
        await leave(redis, number)
        if what == "return":
            numbers = await members.numbers_of(number)
            back = of(number)._replace(email=emails[number])
            assert await members.add([back], after=last, earlier={last + 1: numbers})
            emails[last + 1] = emails[number]
        else:
            await endings.erase(number)
            emails.pop(number)
    assert await by_the_chain(redis, emails.keys() - await members.left([*emails])) == {
        number: before
        for number, before in (await by_the_hash(redis)).items()
        if number in emails and number not in await members.left([*emails])
    }


@pytest.mark.parametrize("at_once", [1, 20])
async def test_however_often_they_come_back_a_number_takes_one_place(
    redis: Redis, at_once: int
) -> None:
    """One by one, or many by a list."""
    members, times = Members(redis, VAULT), 20
    for nth in range(times):
        first = nth * at_once + 1
        earlier = {
            number: [*range(number - at_once, 0, -at_once)]
            for number in range(first, first + at_once)
            if nth
        }
        new = [of(who) for who in range(at_once)]
        assert await members.add(new, after=first - 1, earlier=earlier)
        for number in range(first, first + at_once):
            await leave(redis, number)
    last = times * at_once
    newest = range(last - at_once + 1, last + 1)
    assert await by_the_hash(redis) == await by_the_chain(redis, newest)
    assert await redis.hlen(EARLIER) == at_once
    assert await redis.strlen(CHAIN) <= 4 * (last + 1)


async def test_a_list_is_taken_once_however_often_its_script_runs(redis: Redis) -> None:
    members = Members(redis, VAULT)
    assert await members.add([of(1)], after=0)
    await leave(redis, 1)
    assert await members.add([of(1)], after=1, earlier={2: [1]}, before={2: 1})
    kept = {key: await redis.dump(key) async for key in redis.scan_iter()}
    assert not await members.add([of(1)], after=1, earlier={2: [1]}, before={2: 1})
    assert {key: await redis.dump(key) async for key in redis.scan_iter()} == kept


async def test_nothing_tells_of_the_erased(redis: Redis) -> None:
    members = Members(redis, VAULT)
    endings = Endings(redis, VAULT, members)
    for number in (1, 2, 3):  # those of one member
        earlier = {number: [*range(number - 1, 0, -1)]} if number > 1 else {}
        assert await members.add([of(1)], after=number - 1, earlier=earlier)
        await leave(redis, number)
    assert await by_the_chain(redis, [3]) == {3: [2, 1]}
    for number in (3, 2, 1):
        await endings.erase(number)
    assert not any(await redis.get(CHAIN))
    assert not await redis.exists(EARLIER, LATER)
