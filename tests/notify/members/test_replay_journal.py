import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from itertools import count as counting
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.journal.entries import JournalState
from services.notify.members.replay_journal import replay
from services.notify.members.returning import Barred, barred
from services.notify.members.store import leave
from shared.oslo import oslo
from tests.examples import examples
from tests.notify.members.people import People, ended, member, move_to, seven_days_later

KARI, OLA, EVA = "kari.canary@example.org", "ola.canary@example.org", "eva.canary@example.org"


@pytest.fixture
async def people(redis: Redis, tmp_path: Path) -> AsyncIterator[People]:
    people = People(redis, tmp_path / "journal")
    yield people
    await people.journal.close()


async def test_whoever_left_is_not_mailed_from_a_copy_from_before(people: People) -> None:
    await people.add(KARI, OLA)
    before = await people.copy()
    await people.membership.leave(1)
    await people.put_back(before)
    assert await people.mailed() == {KARI: 1, OLA: 1}
    await people.start()
    assert await people.mailed() == {OLA: 1}


async def test_whoever_was_erased_is_gone_from_a_copy_from_before(people: People) -> None:
    await people.add(KARI, OLA)
    before = await people.copy()
    await people.membership.erase(1)
    await people.put_back(before)
    await people.start()
    assert await people.mailed() == {OLA: 1}
    assert not await people.membership.members.records([1])
    (found,) = await people.membership.members.find([KARI])
    assert found
    assert found.erased


async def test_whoever_undid_their_leaving_is_mailed_once_from_a_copy_from_before(
    people: People,
) -> None:
    await people.add(KARI, OLA)
    before = await people.copy()
    await people.membership.leave(1)
    new = await people.membership.come_back(1)
    await people.put_back(before)
    for _ in range(3):
        await people.start()
        assert await people.mailed() == {KARI: 1, OLA: 1}
        newest = (await people.membership.members.numbers_of(new))[0]
        assert await people.membership.come_back(1) == newest
    await people.membership.leave(new)  # by the link of a mail that is lost to Redis
    assert await people.mailed() == {OLA: 1}


async def test_whoever_was_erased_and_joined_again_is_mailed_from_a_copy_from_before(
    people: People,
) -> None:
    await people.add(KARI, OLA)
    before = await people.copy()
    await people.membership.erase(1)
    new = await people.membership.join(member(KARI, name="", how="joined"))
    await people.put_back(before)
    for _ in range(3):
        await people.start()
        assert await people.mailed() == {KARI: 1, OLA: 1}
    (found,) = await people.membership.members.find([KARI])
    assert found
    assert found.number > new
    assert await people.membership.members.numbers_of(new) == [found.number, new]
    await people.membership.leave(new)
    assert await people.mailed() == {OLA: 1}
    assert not await people.membership.members.records([1])


async def test_in_an_empty_redis_an_old_list_brings_nobody_back_who_left(people: People) -> None:
    numbers = await people.add(KARI, OLA, EVA)
    await people.membership.leave(1)
    await people.membership.erase(2)
    await people.put_back({})
    await people.start()
    found = await people.membership.members.find([KARI, OLA, EVA])
    assert [one and (one.left, one.erased) for one in found] == [(True, False), (True, True), None]
    assert await people.membership.members.last() >= max(numbers)
    assert await people.mailed() == Counter()


async def test_no_number_is_given_twice(people: People) -> None:
    await people.add(KARI, OLA)
    before = await people.copy()
    (eva,) = await people.add(EVA)
    await people.put_back(before)
    await people.start()
    assert await people.add("ny@example.org") > [eva]
    assert await people.mailed() == {KARI: 1, OLA: 1, "ny@example.org": 1}


async def test_several_processes_that_start_at_once_bring_nobody_back_twice(
    people: People,
) -> None:
    emails = [f"m{nth}@example.org" for nth in range(12)]
    await people.add(*emails)
    before = await people.copy()
    for number in range(1, 13):
        await people.membership.leave(number)
        await people.membership.come_back(number)
    await people.put_back(before)
    others = [People(people.redis, people.folder) for _ in range(3)]
    await asyncio.gather(*(one.start() for one in others))
    assert await people.mailed() == dict.fromkeys(emails, 1)
    for one in others:
        await one.journal.close()


@pytest.mark.parametrize("flow", ["leave", "erase"])
async def test_whoever_comes_back_while_a_process_starts_is_not_ended(
    people: People, flow: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people.add(KARI)
    await getattr(people.membership, flow)(1)
    said = await people.journal.read()
    await people.membership.join(member(KARI))

    async def as_it_was() -> JournalState:
        return said

    monkeypatch.setattr(people.journal, "read", as_it_was)
    await replay(people.membership, people.journal)
    assert await people.mailed() == {KARI: 1}


async def test_a_record_that_cannot_be_read_keeps_nobody_else_from_coming_back(
    people: People,
) -> None:
    await people.add(KARI, OLA)
    await people.membership.leave(1)
    await people.membership.leave(2)
    before = await people.copy()
    await people.membership.come_back(1)
    await people.membership.come_back(2)
    await people.put_back(before)
    await people.redis.hset("notify:members:0", "1", b"damaged")
    await people.start()
    assert await people.mailed() == {OLA: 1}


async def test_an_erasure_that_broke_off_before_an_expired_number_is_ended(
    people: People,
) -> None:
    await people.add(KARI)
    await people.membership.leave(1)
    await people.membership.join(member(KARI))
    await people.membership.erase_one(1, is_expired=True)

    async def dies(number: int) -> None:
        if number == 1:
            raise RuntimeError

    people.membership.on_change.erased.append(dies)
    with pytest.raises(RuntimeError):
        await people.membership.erase(2)
    assert await people.redis.exists("notify:later")
    await people.start()
    assert await people.redis.exists("notify:earlier", "notify:later", "notify:left_at:0") == 0


async def test_a_replay_changes_nothing_where_nothing_was_lost(people: People) -> None:
    await people.add(KARI, OLA, EVA)
    await people.membership.leave(1)
    await people.membership.come_back(1)
    await people.membership.erase(2)
    await people.start()
    before = await people.copy()
    for _ in range(2):
        await people.start()
        assert await people.copy() == before


async def test_who_left_before_there_was_a_journal_is_written_down_at_the_start(
    people: People,
) -> None:
    await people.add(KARI, OLA)
    before = await people.copy()
    await leave(people.redis, 1)
    await people.redis.delete("notify:left_at:0")
    assert (await people.start()).gone == {}
    await people.put_back(before)
    assert (await people.start()).gone.keys() == {1}
    assert await people.mailed() == {OLA: 1}


async def test_whom_a_register_ended_is_not_written_down_and_comes_with_the_next(
    people: People,
) -> None:
    await people.add(KARI)
    await ended(people.redis, people.membership.members, 1)
    await people.start()
    assert (await people.start()).gone == {}
    (found,) = await people.membership.members.find([KARI])
    how = await people.membership.endings.how_left([1])
    assert found
    assert barred(found, how[1], None) is None


async def test_whoever_moved_and_left_is_known_by_both_addresses_in_an_empty_redis(
    people: People,
) -> None:
    await people.add(KARI)
    record = (await people.membership.members.records([1]))[1]
    assert await move_to(people.membership, 1, record, OLA)
    await people.membership.leave(1)
    await people.put_back({})
    await people.start()
    found = await people.membership.members.find([KARI, OLA])
    assert [one and one.left for one in found] == [True, True]


ADDRESSES = (KARI, OLA, EVA)
ACTIONS = ("list", "join", "leave", "undo", "erase", "consent", "end", "move")
steps = st.lists(st.tuples(st.sampled_from(ACTIONS), st.sampled_from(ADDRESSES)), max_size=14)


class World:
    """People, and what each of them said last."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.status: dict[str, str] = {}
        self.at: dict[str, str] = {}
        """The address that each has now, of those who moved once."""
        self.given = 0

    async def do(self, action: str, email: str) -> None:
        membership = self.people.membership
        now = self.at.get(email, email)
        (found,) = await membership.members.find([now])
        status = self.status.get(email)
        if action == "list":
            await self._list(email, None)
        elif action == "consent":
            await self._list(email, date.today() + timedelta(days=2))  # noqa: DTZ011
        elif action == "join":
            await membership.join(member(now, how="joined"))
            self.status[email] = "member"
        elif found and action == "move" and status == "member":
            record = (await membership.members.records([found.number]))[found.number]
            new = email if now != email else f"ny.{email}"
            assert await move_to(membership, found.number, record, new)
            self.at[email] = new
        elif found and action == "leave" and not found.erased:
            await membership.leave(found.number)
            self.status[email] = "left"
        elif found and action == "undo" and status == "left":
            await membership.come_back(found.number)
            self.status[email] = "member"
        elif found and action == "erase":
            await seven_days_later(membership.members, found.number)
            await membership.erase(found.number)
            self.status[email] = "erased"
        elif found and action == "end" and status == "member":
            await ended(self.people.redis, membership.members, found.number)
            self.status[email] = "ended"
        self.given = max(self.given, await membership.members.last())

    async def _list(self, email: str, consented_on: date | None) -> None:
        """An old list, which has the first address of everybody."""
        membership = self.people.membership
        last = await membership.members.last()
        (found,) = await membership.members.find([email])
        if found is None:
            assert self.status.get(email) not in ("left", "erased")
            assert await membership.add([member(email)], after=last)
        elif found.moved or not found.left:
            return
        else:
            how = await membership.endings.how_left([found.number])
            why = barred(found, how.get(found.number), consented_on)
            if why:
                gone = {"erased": Barred.ERASED, "left": Barred.LEFT}
                assert email in self.at or why is gone[self.status[email]]
                return
            if email in self.at:  # nobody would import an address that somebody moved away from
                return
            earlier = {last + 1: found.number}
            assert await membership.bring_back([member(email)], after=last, earlier=earlier)
        self.status[email] = "member"

    def gone(self) -> set[str]:
        gone = {email for email, one in self.status.items() if one in ("left", "erased")}
        return gone | {f"ny.{email}" for email in gone}

    def mails_to(self, email: str, mailed: Counter[str]) -> int:
        return mailed[email] + mailed[f"ny.{email}"]


_loss = st.sampled_from(["nothing", "emptied", "put back"])
_folders = counting()


@example(before=[("list", KARI)], after=[("leave", KARI), ("undo", KARI)], loss="put back")
@example(before=[("list", KARI)], after=[("erase", KARI), ("join", KARI)], loss="put back")
@example(
    before=[("list", KARI), ("leave", KARI), ("join", KARI)],
    after=[("leave", KARI), ("consent", KARI), ("erase", KARI)],
    loss="put back",
)
@example(
    before=[("list", KARI)],
    after=[("move", KARI), ("leave", KARI), ("join", KARI), ("erase", KARI)],
    loss="put back",
)
@example(
    before=[("list", KARI), ("erase", KARI)],
    after=[("join", KARI), ("leave", KARI)],
    loss="put back",
)
@given(before=steps, after=steps, loss=_loss)
@settings(
    max_examples=examples(80),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_whoever_left_is_not_mailed_and_whoever_came_back_is_whatever_redis_loses(
    redis: Redis, tmp_path: Path, before: Any, after: Any, loss: str
) -> None:
    await redis.flushall()
    people = People(redis, tmp_path / f"journal-{next(_folders)}")
    world = World(people)
    for action, email in before:
        await world.do(action, email)
    there, status_then = await people.copy(), dict(world.status)
    for action, email in after:
        await world.do(action, email)
    if loss != "nothing":
        await people.put_back(there if loss == "put back" else {})
    await people.start()
    mailed = await people.mailed()
    assert mailed.keys().isdisjoint(world.gone())
    for email, status in world.status.items():
        assert world.mails_to(email, mailed) <= 1
        kept_record = status_then.get(email) in ("member", "left", "ended")
        kept_record = kept_record and email not in world.at
        if status == "member" and (loss == "nothing" or (loss == "put back" and kept_record)):
            assert world.mails_to(email, mailed) == 1, status_then.get(email)
    # An old list brings back nobody who left, and numbers go on above all that were ever given.
    last = await people.membership.members.last()
    assert last >= world.given
    for email in ADDRESSES:
        await world.do("list", email)
    assert (await people.mailed()).keys().isdisjoint(world.gone())
    await people.start()  # leaves out numbers that may have been given
    again = await people.copy()
    await people.start()
    assert await people.copy() == again
    await people.journal.close()


@pytest.mark.parametrize(("days", "comes"), [(-1, False), (0, False), (1, True), (30, True)])
async def test_only_a_consent_that_is_later_than_the_leaving_counts(
    people: People, days: int, comes: bool
) -> None:
    await people.add(KARI)
    await people.membership.leave(1)
    (found,) = await people.membership.members.find([KARI])
    how = await people.membership.endings.how_left([1])
    assert found
    agreed = (oslo(datetime.now(UTC)) + timedelta(days=days)).date()
    assert (barred(found, how[1], agreed) is None) == comes
