from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.notify.choices.store import Choices
from services.notify.journal.journal import JournalAway
from services.notify.letters.store import QUEUE
from services.notify.members.endings import Left
from services.notify.members.many import Known
from services.notify.members.membership import Membership, TooLate, UndoIsOpen
from services.notify.members.moves import moves_of
from services.notify.members.store import Found, count, count_staff, leave
from services.notify.on_change import on_change
from services.notify.register.judge import Terms, judge
from services.notify.register.reading.rows import Row
from tests.notify.members.people import VAULT, People, ended, member, move_to, seven_days_later

KARI, OLA = "kari.canary@example.org", "ola.canary@example.org"


@pytest.fixture
async def people(redis: Redis, tmp_path: Path) -> AsyncIterator[People]:
    people = People(redis, tmp_path / "journal")
    yield people
    await people.journal.close()


@pytest.fixture
def those(people: People) -> Membership:
    return people.membership


async def found(those: Membership, email: str) -> Found | None:
    (one,) = await those.members.find([email])
    return one


async def test_whoever_joins_twice_is_one_member(those: Membership, redis: Redis) -> None:
    joined = member(KARI, how="joined", confirmed="2026-11-28T10:00:00+00:00")
    assert await those.join(joined) == 1
    assert await those.join(member("Kari.CANARY@example.org")) == 1
    assert await count(redis) == 1
    assert those.members.open(1, (await those.members.records([1]))[1]) == joined


async def test_whoever_joins_again_has_a_new_number_and_the_old_one_stays(
    those: Membership,
) -> None:
    await those.join(member(KARI))
    await those.leave(1)
    assert await those.join(member(KARI)) == 2
    assert await found(those, KARI) == Found(2, left=False)
    assert await those.members.numbers_of(1) == await those.members.numbers_of(2) == [2, 1]
    assert (await those.members.records([1])).keys() == {1}


async def test_leaving_by_a_link_of_any_age_ends_what_the_member_has_now(
    those: Membership, people: People
) -> None:
    await those.join(member(KARI))
    for newest in (2, 3):
        await those.leave(1)
        assert await those.come_back(1) == newest
    assert await those.members.numbers_of(2) == [3, 2, 1]
    assert await those.leave(1) == 3
    assert await people.mailed() == {}


async def test_undoing_gives_back_record_and_choices_and_twice_is_once(
    redis: Redis, people: People
) -> None:
    those = Membership(redis, VAULT, people.journal, on_change(redis, VAULT))
    choices = Choices(redis, VAULT)
    await those.join(member(KARI))
    await choices.set(1, ["a"])
    await those.leave(1)
    assert await those.come_back(1) == 2
    assert await those.come_back(1) == 2
    assert those.members.open(2, (await those.members.records([2]))[2]) == member(KARI)
    base = await redis.get("notify:choice:base")
    assert base == b"\0\7\7"


async def test_an_old_mail_brings_nobody_back_who_left_long_ago(
    those: Membership, redis: Redis
) -> None:
    await those.join(member(KARI))
    await leave(redis, 1, at=datetime.now(UTC) - timedelta(days=8))
    with pytest.raises(TooLate):
        await those.come_back(1)


@pytest.mark.parametrize("number", [0, 2, 2**40])
async def test_a_number_that_nobody_has_does_nothing(those: Membership, number: int) -> None:
    await those.join(member(KARI))
    for flow in (those.leave, those.come_back, those.erase):
        with pytest.raises(LookupError):
            await flow(number)


async def test_the_erased_cannot_be_brought_back_but_join_again(those: Membership) -> None:
    await those.join(member(KARI))
    await those.leave(1)
    await those.come_back(1)
    await those.erase(1)
    assert await found(those, KARI) == Found(2, left=True, erased=True)
    assert await those.members.records([1, 2]) == {}
    with pytest.raises(LookupError):
        await those.come_back(1)
    assert await those.join(member(KARI)) == 3
    assert await found(those, KARI) == Found(3, left=False)
    assert await those.members.numbers_of(3) == [3]


async def test_a_move_leads_to_the_new_address_and_the_old_one_to_nobody(
    those: Membership, people: People
) -> None:
    await those.join(member(KARI))
    (record,) = (await those.members.records([1])).values()
    assert await move_to(those, 1, record, OLA)
    assert await found(those, OLA) == Found(1, left=False)
    assert await found(those, KARI) == Found(1, left=False, moved=True)
    assert await people.mailed() == {OLA: 1}
    (record,) = (await those.members.records([1])).values()
    assert await move_to(those, 1, record, KARI)
    assert await found(those, KARI) == Found(1, left=False)
    assert await found(those, OLA) == Found(1, left=False, moved=True)
    assert await those.join(member(OLA)) == 2
    assert await people.mailed() == {KARI: 1, OLA: 1}


async def test_nobody_moves_to_an_address_that_another_member_has(
    those: Membership, people: People
) -> None:
    await people.add(KARI, OLA)
    record = (await those.members.records([1]))[1]
    assert not await move_to(those, 1, record, OLA)
    await those.leave(2)
    assert await move_to(those, 1, record, OLA)
    assert await those.members.numbers_of(1) == await those.members.numbers_of(2) == [1, 2]
    assert await people.mailed() == {OLA: 1}
    await people.start()
    assert await people.mailed() == {OLA: 1}


async def test_of_two_who_change_a_member_at_once_the_second_must_look_again(
    those: Membership,
) -> None:
    await those.join(member(KARI))
    (record,) = (await those.members.records([1])).values()
    assert await those.change(1, record, member(KARI, name="Kari"))
    assert not await those.change(1, record, member(KARI, name="Karin"))
    assert not await move_to(those, 1, record, OLA)
    assert await found(those, OLA) is None
    assert not await those.members.redis.exists(QUEUE), "told of what is not so"


async def test_a_change_of_address_is_a_move(those: Membership) -> None:
    await those.join(member(KARI))
    (record,) = (await those.members.records([1])).values()
    with pytest.raises(ValueError, match="move"):
        await those.change(1, record, member(OLA))
    assert await move_to(those, 1, record, KARI.capitalize())
    assert await found(those, KARI) == Found(1, left=False)


async def _record(those: Membership, number: int) -> bytes:
    return (await those.members.records([number]))[number]


@pytest.mark.parametrize("then", ["stays", "leaves", "comes back", "joins anew", "by a list"])
async def test_nothing_is_erased_while_the_address_of_before_can_have_it_back(
    those: Membership, people: People, then: str
) -> None:
    """Whoever took the address may have left, and begun anew with a new number."""
    await people.add(KARI)
    await move_to(those, 1, await _record(those, 1), OLA)
    if then != "stays":
        await those.leave(1)
    if then == "comes back":
        await those.come_back(1)
    if then == "joins anew":
        await those.join(member(OLA))
    if then == "by a list":
        judged = judge(
            Row(1, OLA, "", "nb"),
            Known(
                Found(1, left=True),
                Left(datetime(2026, 1, 1, tzinfo=UTC), by_list=False),
                None,
                those.members.open(1, await _record(those, 1)),
            ),
            Terms("c", date(2026, 2, 1)),
        )
        assert judged.member
        assert await those.bring_back([judged.member], after=1, earlier={2: 1})
    number = await those.members.last()
    before = await people.copy()
    for one in {1, number}:
        with pytest.raises(UndoIsOpen):
            await those.erase(one)
    assert await people.copy() == before
    await seven_days_later(those.members, number)
    await those.erase(number)
    assert await those.members.records([1, number]) == {}


async def test_an_undo_ends_what_came_after_it_and_leaves_what_came_before(
    those: Membership, people: People
) -> None:
    await people.add(KARI)
    for email in (OLA, "c.canary@example.org", "d.canary@example.org"):
        assert await move_to(those, 1, await _record(those, 1), email)
    first, second, _ = moves_of(those.members.open(1, await _record(those, 1)))
    assert await those.undo_move(1, await _record(those, 1), OLA, second)
    assert moves_of(those.members.open(1, await _record(those, 1))) == [first]
    assert await people.mailed() == {OLA: 1}
    assert await those.undo_move(1, await _record(those, 1), KARI, first)
    assert moves_of(those.members.open(1, await _record(those, 1))) == []
    assert await people.mailed() == {KARI: 1}
    await those.erase(1)


async def test_whom_a_register_ended_can_still_leave_for_good(
    those: Membership, people: People, redis: Redis
) -> None:
    await people.add(KARI)
    await those.members.mark_staff([1])
    await ended(redis, those.members, 1)
    assert (await those.endings.how_left([1]))[1].by_list
    await those.leave(1)
    assert not (await those.endings.how_left([1]))[1].by_list
    await ended(redis, those.members, 1)
    assert not (await those.endings.how_left([1]))[1].by_list
    assert (await count(redis), await count_staff(redis)) == (0, 0)


async def test_without_a_journal_leaving_works_and_a_return_waits(
    redis: Redis, tmp_path: Path
) -> None:
    (tmp_path / "no folder").write_text("")
    people = People(redis, tmp_path / "no folder")
    those = people.membership
    assert await those.members.add([member(KARI), member(OLA)], after=0)
    await those.leave(1)
    await those.erase(2)
    assert await people.mailed() == {}
    assert people.journal.problems()
    before = await people.copy()
    for back in (lambda: those.come_back(1), lambda: those.join(member(OLA))):
        with pytest.raises(JournalAway):
            await back()
    with pytest.raises(JournalAway):
        await those.join(member("ny@example.org"))
    assert await people.copy() == before


async def test_an_earlier_entry_never_wins_though_a_clock_was_ahead(
    those: Membership, people: People, redis: Redis
) -> None:
    await people.add(KARI)
    before = await people.copy()
    ahead = datetime.now(UTC) + timedelta(hours=1)
    await those.note_left(1)
    await leave(redis, 1, at=ahead)
    await those.join(member(KARI))
    await people.put_back(before)
    await people.start()
    assert await people.mailed() == {KARI: 1}


@pytest.mark.parametrize("damaged", [b"", b"short", b"x" * 80])
async def test_a_damaged_record_keeps_nobody_from_leaving_or_being_erased(
    those: Membership, redis: Redis, damaged: bytes
) -> None:
    for email in (KARI, OLA):
        await those.join(member(email))
    await redis.hset("notify:members:0", mapping={"1": damaged, "2": damaged})
    assert await those.leave(1) == 1
    await those.erase(2)
    assert await those.members.left([1, 2]) == {1, 2}
    assert (await those.members.records([2])) == {}
