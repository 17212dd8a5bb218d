"""What other rooms know of a member who comes back is carried over, whenever the process dies."""

import asyncio
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.notify.members import membership
from services.notify.members.membership import Membership, OnChange
from services.notify.members.replay_journal import replay
from shared.bus import tasks
from tests.notify.members.people import VAULT, People
from tests.wait import until

EMAIL = "kari.canary@example.org"


class Died(Exception):
    pass


async def dies(_: int, __: int) -> None:
    raise Died


async def test_what_a_process_that_died_did_not_carry_over_the_next_start_does_once(
    redis: Redis, tmp_path: Path
) -> None:
    people = People(redis, tmp_path)
    (number,) = await people.add(EMAIL)
    await people.membership.leave(number)
    dying = Membership(redis, VAULT, people.journal, OnChange(returned=[dies]))
    with pytest.raises(Died):
        await dying.come_back(number)
    carried = []

    async def carry(before: int, new: int) -> None:
        carried.append((before, new))

    starting = Membership(redis, VAULT, people.journal, OnChange(returned=[carry]))
    for _ in range(2):
        await replay(starting, people.journal)
    assert carried == [(number, number + 1)]
    assert await starting.members.returning() == {}
    await people.journal.close()


async def test_where_redis_died_and_the_process_lives_it_is_done_within_seconds(
    redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(membership, "CARRY_SECONDS", 0.01)
    people = People(redis, tmp_path)
    (number,) = await people.add(EMAIL)
    await people.membership.leave(number)
    dying = Membership(redis, VAULT, people.journal, OnChange(returned=[dies]))
    with pytest.raises(Died):
        await dying.come_back(number)
    carried = []

    async def carry(before: int, new: int) -> None:
        carried.append((before, new))

    living = Membership(redis, VAULT, people.journal, OnChange(returned=[carry]))
    loop = asyncio.create_task(living.keep_carrying_over())
    await until(lambda: carried)
    await tasks.end([loop])
    assert carried == [(number, number + 1)]
    await people.journal.close()


async def test_after_a_return_that_nobody_interrupted_there_is_nothing_to_carry_over(
    redis: Redis, tmp_path: Path
) -> None:
    people = People(redis, tmp_path)
    (number,) = await people.add(EMAIL)
    await people.membership.leave(number)
    await people.membership.come_back(number)
    assert await people.membership.members.returning() == {}
    await people.journal.close()
