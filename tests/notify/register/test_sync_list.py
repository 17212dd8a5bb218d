"""A list is followed: who is no longer in it is ended, nobody else, and it can be undone."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from redis.asyncio import Redis

from services.notify.choices.store import GONE
from services.notify.journal.journal import Journal
from services.notify.members.member import JOINED, Member
from services.notify.members.opened import open_membership
from services.notify.members.replay_journal import replay
from services.notify.members.store import count, count_staff
from services.notify.register import runs, sync_list
from services.notify.register.import_members import ImportWish
from services.notify.register.judge import lists_of
from services.notify.register.runs import Run
from services.notify.register.sync_list import TooMany, sync_members, undo_sync
from shared.settings import Settings
from shared.subject import Subject
from tests.notify.register.followed import MANY, WISH, Register
from tests.notify.steps import dump


async def test_who_is_no_longer_in_the_list_is_ended_and_nobody_else(register: Register) -> None:
    await register.sync(*MANY)
    report = await register.sync(*MANY[1:], "ny")
    assert (report.taken, report.unchanged) == (1, 39)
    assert report.sync
    assert (report.sync.before, report.sync.missing, report.sync.ended) == (40, 1, 1)
    assert set(await register.who()) == {*MANY[1:], "ny"}


async def test_each_part_of_a_sync_tells_how_far_it_is(register: Register) -> None:
    await register.sync(*MANY)
    told: list[tuple[str, int, int]] = []
    file = register.write(*MANY[1:])
    await sync_members(
        register.redis, register.mine, file, WISH, progress=lambda *one: told.append(one)
    )
    size = file.stat().st_size
    assert told == [
        ("Leser listen", size, size),
        ("Ser hvem som mangler", 40, 40),
        ("Tar inn medlemmer", size, size),
        ("Avslutter medlemmer", 1, 1),
    ]


async def test_who_came_in_another_way_too_stays(register: Register) -> None:
    await register.sync(*MANY, "kari", "ola", "per")
    await register.take("ola", wish=ImportWish("Ja", list="nord"))
    async with open_membership(register.redis, register.mine) as membership:
        number = await register.number("per")
        sealed = (await membership.members.records([number]))[number]
        joined = membership.members.open(number, sealed)._replace(how=JOINED)
        assert await membership.change(number, sealed, joined)
        await membership.join(Member("eva@example.org", "Eva", "nb", "x", how=JOINED))
    report = await register.sync(*MANY)
    assert report.sync
    assert (report.sync.missing, report.sync.kept, report.sync.ended) == (1, 2, 1)
    who = await register.who()
    assert set(who) == {*MANY, "ola", "per", "eva"}
    assert lists_of(who["ola"]) == {"nord"}
    assert lists_of(who["per"]) == set()
    assert who["m0"].lists == "styreweb"


async def test_members_of_another_list_or_of_none_are_not_looked_at(register: Register) -> None:
    await register.take("kari", wish=ImportWish("Ja"))
    await register.take("ola", wish=ImportWish("Ja", list="nord"))
    report = await register.sync(*MANY)
    assert report.sync
    assert (report.sync.before, report.sync.missing) == (0, 0)
    assert {"kari", "ola"} < set(await register.who())


async def test_who_had_come_without_a_list_carries_the_name_of_the_first_that_has_them(
    register: Register,
) -> None:
    await register.take(*MANY, wish=ImportWish("Ja"))
    await register.sync(*MANY)
    assert (await register.who())["m3"].lists == "styreweb"
    report = await register.sync(*MANY[1:])
    assert report.sync
    assert report.sync.ended == 1


async def test_over_five_percent_are_ended_only_if_their_number_is_said(
    register: Register,
) -> None:
    await register.sync(*MANY)
    before = await dump(register.redis)
    for end in (None, 2, 4, 0):
        with pytest.raises(TooMany, match=re.escape("--end 3")) as raised:
            await register.sync(*MANY[3:], "ny", end=end)
        assert raised.value.report.sync
        assert raised.value.report.sync.missing == 3
        assert await dump(register.redis) == before
    report = await register.sync(*MANY[3:], "ny", end=3)
    assert report.sync
    assert report.sync.ended == 3
    assert set(await register.who()) == {*MANY[3:], "ny"}


async def test_an_empty_list_ends_nobody_unasked(register: Register) -> None:
    await register.sync(*MANY)
    with pytest.raises(TooMany):
        await register.sync()
    assert set(await register.who()) == set(MANY)


async def test_whose_line_is_refused_for_another_reason_is_not_ended(register: Register) -> None:
    await register.sync("kari", "ola")
    file = register.file
    file.write_text("email;name;lang\nkari@example.org;K?ri;nb\nola@example.org;Ola;fransk\n")
    for is_dry in (True, False):
        report = await sync_members(register.redis, register.mine, file, WISH, dry_run=is_dry)
        assert report.refused_count == 2
        assert report.sync
        assert report.sync.missing == 0
    assert set(await register.who()) == {"kari", "ola"}


async def test_a_dry_run_says_who_would_be_ended_and_stores_nothing(register: Register) -> None:
    await register.sync(*MANY)
    before, files = await dump(register.redis), sorted(register.mine.data.rglob("*"))
    report = await register.sync(*MANY[10:], "ny", dry_run=True)
    assert report.is_dry
    assert report.sync
    assert (report.taken, report.unchanged) == (1, 30)
    assert (report.sync.before, report.sync.missing, report.sync.ended) == (40, 10, 0)
    assert await dump(register.redis) == before
    assert sorted(register.mine.data.rglob("*")) == files


async def test_the_next_list_brings_back_whom_a_list_ended_as_the_same_person(
    register: Register,
) -> None:
    await register.take("sjef", *MANY, wish=ImportWish("Ja", list="styreweb", staff=True))
    first = await register.number("sjef")
    await register.sync(*MANY)
    assert await count_staff(register.redis) == 40
    report = await register.sync(*MANY, "sjef")
    assert (report.returned, report.taken, report.refused) == (1, 0, [])
    assert "sjef" in await register.who()
    assert await count_staff(register.redis) == 41
    async with open_membership(register.redis, register.mine) as membership:
        assert await membership.members.numbers_of(first) == [await register.number("sjef"), first]


async def test_whom_a_list_brings_back_gets_the_alerts_that_they_had_chosen(
    register: Register,
) -> None:
    await register.sync(*MANY)
    async with sync_list.opened(register.redis, register.mine, to_write=True) as here:
        known = Subject(id="exempla", name="Exempla").model_dump_json()
        await register.redis.hset("notify:subjects", "exempla", known)
        assert await here.choices.set(await register.number("m7"), ["exempla"])
        await register.sync(*MANY[:7], *MANY[8:])
        gone = await register.redis.getrange(GONE, 8, 8)
        await register.sync(*MANY)
        assert gone == b"\7"
        assert await here.choices.of(await register.number("m7")) == ("exempla",)
        assert await here.choices.of(await register.number("m8")) is None


async def test_who_left_by_themselves_is_not_brought_back_but_for_a_later_consent(
    register: Register,
) -> None:
    await register.sync(*MANY)
    async with open_membership(register.redis, register.mine) as membership:
        await membership.leave(await register.number("m7"))
    today = datetime.now(UTC).date()
    for wish in (WISH, ImportWish("Ja", list="styreweb", consented_on=today - timedelta(days=2))):
        report = await register.sync(*MANY, wish=wish)
        ((line, reason),) = report.refused
        assert (line, reason.startswith("har meldt seg av")) == (9, True)
    later = ImportWish("Ja igjen", list="styreweb", consented_on=today + timedelta(days=2))
    report = await register.sync(*MANY, wish=later)
    assert (report.returned, report.refused) == (1, [])
    who = await register.who()
    assert who["m7"].consent != who["m8"].consent
    assert who["m7"].confirmed == later.consented_on.isoformat()  # type: ignore[union-attr]


async def test_the_journal_brings_nobody_back_whom_a_list_has_ended(register: Register) -> None:
    await register.sync(*MANY)
    for names in (MANY[1:], MANY, MANY[1:]):  # the journal's last word on m0 is that they came
        await register.sync(*names)
    async with sync_list.opened(register.redis, register.mine, to_write=True) as here:
        journal = Journal(register.mine.journal_folder, here.vault, here.redis)
        assert here.membership
        await replay(here.membership, journal)
        await journal.close()
    assert "m0" not in await register.who()
    assert await count(register.redis) == 39
    assert (await register.sync(*MANY)).returned == 1


async def test_whom_a_list_ended_and_who_then_left_stays_away(register: Register) -> None:
    await register.sync(*MANY)
    number = await register.number("m7")
    await register.sync(*MANY[:7], *MANY[8:])
    async with open_membership(register.redis, register.mine) as membership:
        await membership.leave(number)
    report = await register.sync(*MANY)
    assert (report.returned, report.refused_count) == (0, 1)
    assert "m7" not in await register.who()


async def test_the_erased_never_come_back_by_a_list(register: Register) -> None:
    await register.sync(*MANY)
    async with open_membership(register.redis, register.mine) as membership:
        await membership.erase(await register.number("m7"))
    far = ImportWish("Ja", list="styreweb", consented_on=date(2100, 1, 1))
    report = await register.sync(*MANY, wish=far)
    ((line, reason),) = report.refused
    assert line == 9
    assert "slettet" in reason
    assert "m7" not in await register.who()


async def test_a_sync_is_undone_and_only_what_it_did(register: Register) -> None:
    await register.sync(*MANY)
    async with open_membership(register.redis, register.mine) as membership:
        await membership.leave(await register.number("m0"))
    await register.sync(*MANY[2:])
    before = (await register.who())["m5"]
    await register.sync(*MANY[4:], end=2)
    run, back, _ = await undo_sync(register.redis, register.mine, "styreweb")
    assert (run.list, back) == ("styreweb", 2)
    assert set(await register.who()) == set(MANY[2:])
    assert (await register.who())["m5"] == before
    _, back, _ = await undo_sync(register.redis, register.mine, "styreweb")
    assert back == 1
    assert set(await register.who()) == set(MANY[1:])
    with pytest.raises(LookupError):
        await undo_sync(register.redis, register.mine, "styreweb")
    with pytest.raises(LookupError):
        await undo_sync(register.redis, register.mine, "nord")


async def test_undo_brings_nobody_back_who_left_came_back_or_was_erased_since(
    register: Register,
) -> None:
    await register.sync(*MANY)
    left, erased = await register.number("m1"), await register.number("m2")
    await register.sync(*MANY[4:], end=4)
    async with open_membership(register.redis, register.mine) as membership:
        await membership.leave(left)
        await membership.erase(erased)
        await membership.join(Member("m3@example.org", "Ny", "nn", "x", how=JOINED))
    _, back, _ = await undo_sync(register.redis, register.mine, "styreweb")
    assert back == 1
    who = await register.who()
    assert set(who) == {"m0", *MANY[3:]}
    assert who["m3"].name == "Ny"


async def test_a_record_that_cannot_be_read_is_told_and_holds_up_no_other(
    register: Register,
) -> None:
    await register.sync(*MANY)
    damaged = await register.number("m7")
    await register.redis.hset("notify:members:0", str(damaged), b"damaged")
    report = await register.take(*MANY)
    assert (report.unchanged, report.unreadable) == (39, [damaged])
    ((line, reason),) = report.refused
    assert line == 9
    assert "kan ikke leses" in reason
    report = await register.sync(*MANY[:7], *MANY[9:])
    assert report.sync
    assert (report.sync.before, report.sync.ended) == (39, 1), "nobody knows how they came"
    assert report.unreadable == [damaged]
    assert not await register.redis.hexists("notify:left:0", str(damaged))


async def test_of_a_sync_that_is_undone_a_record_that_cannot_be_read_holds_up_no_other(
    register: Register,
) -> None:
    await register.sync(*MANY)
    damaged = await register.number("m0")
    await register.sync(*MANY[2:])
    await register.redis.hset("notify:members:0", str(damaged), b"damaged")
    _, back, unreadable = await undo_sync(register.redis, register.mine, "styreweb")
    assert (back, unreadable) == (1, [damaged])
    assert "m1" in (await register.who())


async def test_a_sync_can_be_undone_for_thirty_days(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    await register.sync(*MANY)
    await register.sync(*MANY[1:])
    monkeypatch.setattr(runs, "UNDO_DAYS", 0)
    with pytest.raises(LookupError):
        await undo_sync(register.redis, register.mine, "styreweb")


async def test_the_name_of_a_list_is_not_in_redis(register: Register) -> None:
    await register.sync(*MANY)
    await register.sync(*MANY[1:])
    assert b"styreweb" not in await dump(register.redis)


async def test_a_sync_that_was_broken_off_is_gone_on_with_for_a_day(
    redis: Redis, mine: Settings
) -> None:
    async with open_membership(redis, mine):
        pass
    async with sync_list.opened(redis, mine, to_write=False) as here:
        kept = runs.Runs(redis, here.vault)
        now = datetime.now(UTC)
        for hours in (30, 2):
            await kept.keep(Run("styreweb", now - timedelta(hours=hours)))
        found = await kept.broken_off("styreweb", now)
        assert found == Run("styreweb", now - timedelta(hours=2))
        await kept.end(found, "done")
        assert await kept.broken_off("styreweb", now) is None
        assert await kept.broken_off("nord", now) is None
