"""Many members at a time: what is known of each is what the store has of them."""

from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from services.notify.choices.store import GONE
from services.notify.members.many import Known, ManyMembers
from services.notify.members.member import Member
from services.notify.members.store import Members, leave
from services.notify.vault.vault import Vault

VAULT = Vault(bytes(32), bytes(range(32)))
MEMBERS = [Member(f"m{n}@example.org", f"M {n}", "nb", "c") for n in range(1, 251)]
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
async def members(redis: Redis) -> Members:
    made = Members(redis, VAULT)
    assert await made.add(MEMBERS, after=0, staff=True)
    return made


@pytest.fixture
def many(redis: Redis, members: Members) -> ManyMembers:
    return ManyMembers(redis, members)


async def test_each_address_is_known_as_by_one_look_at_a_time(
    redis: Redis, members: Members, many: ManyMembers
) -> None:
    await leave(redis, 7)
    await redis.hdel("notify:members:0", "8")
    await leave(redis, 8)
    emails = ["M7@example.org", "nobody@example.org", "m250@example.org", "m8@example.org"]
    known = await many.look(emails)
    assert [one.found if one else None for one in known] == await members.find(emails)
    seven, nobody, last, eight = known
    assert seven
    assert seven.left
    assert not seven.left.by_list
    assert seven.member == MEMBERS[6]
    assert nobody is None
    assert last
    assert (last.left, last.member) == (None, MEMBERS[249])
    assert eight
    assert (eight.member, eight.sealed) == (None, None)


async def test_all_are_gone_through_once(many: ManyMembers) -> None:
    found: dict[int, Known] = {}
    async for known in many.all_known(250):
        assert not known.keys() & found.keys()
        found |= known
    assert [found[n].member for n in range(1, 251)] == MEMBERS


async def test_only_who_is_as_they_were_read_and_has_not_left_is_ended(
    redis: Redis, members: Members, many: ManyMembers
) -> None:
    sealed = await members.records([3, 4, 5])
    await leave(redis, 4)
    assert await members.replace({5: (sealed[5], MEMBERS[4]._replace(lists="nord"))})
    before = await redis.get("notify:leaves")
    assert await many.end(sealed, NOW) == 1
    assert int(await redis.get("notify:leaves")) == int(before or 0) + 1
    assert await redis.sismember("notify:staff", "5")
    assert not await redis.sismember("notify:staff", "3")
    assert await redis.getrange(GONE, 3, 5) == b"\7\7\0"[:2]
    known = await many.known([3, 4, 5])
    three, four, five = (known[n].left for n in (3, 4, 5))
    assert three
    assert (three.at, three.by_list, three.was_staff) == (NOW, True, True)
    assert four
    assert not four.by_list
    assert five is None
    assert await many.end(sealed, NOW) == 0


@pytest.mark.parametrize("sealed", [b"", b"x", b"\0" * 60, "another's"])
async def test_a_record_that_cannot_be_read_is_nobodys_and_is_told(
    redis: Redis, members: Members, many: ManyMembers, sealed: bytes | str
) -> None:
    if isinstance(sealed, str):
        sealed = (await members.records([9]))[9]
    await redis.hset("notify:members:0", "8", sealed)
    known = await many.known([7, 8, 9])
    assert [known[n].member for n in (7, 8, 9)] == [MEMBERS[6], None, MEMBERS[8]]
    assert known[8].sealed == sealed
    assert many.unreadable == {8}
    [looked] = await many.look(["m8@example.org"])
    assert looked == known[8]
