"""The numbers that members had before stand in pairs, by which audiences are laid out: the same as
the numbers themselves, whoever comes back, moves and is erased."""

import struct

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.members.endings import Endings
from services.notify.members.member import Member
from services.notify.members.store import EARLIER, LATER, PAIRS, Members, leave
from services.notify.vault.vault import Vault

VAULT = Vault(bytes(32), bytes(range(32)))


def of(number: int) -> Member:
    return Member(f"m{number}@example.org", "", "nb", "consent")


async def pairs(redis: Redis) -> set[tuple[int, int]]:
    kept = await redis.get(PAIRS) or b""
    found = [(now, before) for now, before in struct.iter_unpack("<II", kept) if now]
    assert len(found) == len(set(found)), "a pair stands there twice"
    return set(found)


async def by_the_hash(redis: Redis) -> set[tuple[int, int]]:
    kept = await redis.hgetall(EARLIER)
    return {(int(now), int(one)) for now, before in kept.items() for one in before.split(b",")}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(["join", "return", "move", "erase"]), st.integers(0, 9))))
async def test_the_pairs_are_those_of_the_numbers_that_are_kept(
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
            await endings.move(number, sealed, after, moves_from=emails[number], other=held)
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
    assert await pairs(redis) == await by_the_hash(redis)


async def test_who_comes_back_many_times_has_one_pair_for_each_number_before(redis: Redis) -> None:
    members, returns = Members(redis, VAULT), 200
    for number in range(1, returns + 2):
        earlier = {number: [*range(number - 1, 0, -1)]} if number > 1 else {}
        assert await members.add([of(1)], after=number - 1, earlier=earlier)
        await leave(redis, number)
    assert await pairs(redis) == {(returns + 1, n + 1) for n in range(returns)}
    assert await redis.strlen(PAIRS) == 8 * returns
    assert await redis.hlen(EARLIER) == 1


async def test_nothing_tells_of_the_erased(redis: Redis) -> None:
    members = Members(redis, VAULT)
    endings = Endings(redis, VAULT, members)
    for number in (1, 2, 3):  # those of one member
        earlier = {number: [*range(number - 1, 0, -1)]} if number > 1 else {}
        assert await members.add([of(1)], after=number - 1, earlier=earlier)
        await leave(redis, number)
    assert await pairs(redis) == {(3, 2), (3, 1)}
    for number in (3, 2, 1):
        await endings.erase(number)
    assert not any(await redis.get(PAIRS))
    assert not await redis.exists(EARLIER, LATER)
