"""A session is one member's, in one browser, and ends when it should."""

import time

import pytest
from redis.asyncio import Redis

from shared.visitors import sessions as module
from shared.visitors.cookies import new_id
from shared.visitors.sessions import MEMBER_SESSIONS, STAFF_SESSIONS, Proof, Sessions


async def test_a_session_is_its_members_and_a_made_up_one_is_nobodys(redis: Redis) -> None:
    sessions = Sessions(redis, MEMBER_SESSIONS, b"s" * 32)
    mine, others = await sessions.begin("7"), await sessions.begin("8")
    assert (mine.who, others.who) == ("7", "8")
    assert await sessions.look(mine.id) == mine
    assert await sessions.look(others.id) == others
    assert await sessions.look(new_id()) is None
    assert await sessions.look("") is None


async def test_a_copy_of_redis_logs_nobody_in(redis: Redis) -> None:
    session = await Sessions(redis, MEMBER_SESSIONS, b"s" * 32).begin("7")
    of = await redis.zrange("notify:sessions-of:7", 0, -1)
    [key] = [key async for key in redis.scan_iter("notify:session:*")]
    assert len(await redis.keys()) == 2
    assert session.id.encode() not in b"".join((key, await redis.get(key), *of))
    assert (
        await Sessions(redis, MEMBER_SESSIONS, b"s" * 32).look(key.decode().rpartition(":")[2])
        is None
    )


async def test_a_session_ends_when_nothing_is_asked_in_it_for_an_hour(redis: Redis) -> None:
    sessions = Sessions(redis, MEMBER_SESSIONS, b"s" * 32)
    session = await sessions.begin("7")
    [key] = [key async for key in redis.scan_iter("notify:session:*")]
    await redis.expire(key, 10)
    await sessions.look(session.id)
    assert MEMBER_SESSIONS.idle_seconds - 5 <= await redis.ttl(key) <= MEMBER_SESSIONS.idle_seconds
    await redis.pexpire(key, 1)
    while await redis.exists(key):
        pass
    assert await sessions.look(session.id) is None


async def test_a_session_ends_twelve_hours_after_it_began_though_it_is_used(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = Sessions(redis, MEMBER_SESSIONS, b"s" * 32)
    session = await sessions.begin("7")
    now = time.time_ns() // 1000
    monkeypatch.setattr(
        module, "_now", lambda: now + (MEMBER_SESSIONS.life_seconds - 5) * 1_000_000
    )
    assert await sessions.look(session.id)
    monkeypatch.setattr(module, "_now", lambda: now + MEMBER_SESSIONS.life_seconds * 1_000_000)
    assert await sessions.look(session.id) is None
    monkeypatch.undo()
    assert await sessions.look(session.id) is None, "it came back"


async def test_one_button_ends_all_sessions_of_a_member_and_no_others(redis: Redis) -> None:
    sessions = Sessions(redis, MEMBER_SESSIONS, b"s" * 32)
    mine = [await sessions.begin("7") for _ in range(3)]
    others = await sessions.begin("8")
    await sessions.end_all("7")
    assert [await sessions.look(session.id) for session in mine] == [None] * 3
    assert await sessions.look(others.id)
    assert await sessions.look((await sessions.begin("7")).id), "nobody can log in any more"


async def test_logging_out_ends_this_session_alone(redis: Redis) -> None:
    sessions = Sessions(redis, MEMBER_SESSIONS, b"s" * 32)
    here, elsewhere = await sessions.begin("7"), await sessions.begin("7")
    await sessions.end(here.id)
    await sessions.end(here.id)
    assert await sessions.look(here.id) is None
    assert await sessions.look(elsewhere.id)


async def test_what_is_kept_goes_by_itself(redis: Redis) -> None:
    sessions = Sessions(redis, MEMBER_SESSIONS, b"s" * 32)
    await sessions.begin("7")
    await sessions.end_all("7")
    assert all([await redis.ttl(key) > 0 async for key in redis.scan_iter()])


async def test_a_session_of_one_service_opens_nothing_in_another(redis: Redis) -> None:
    """Even if both had the same key."""
    member = await Sessions(redis, MEMBER_SESSIONS, b"s" * 32).begin("7")
    staff = Sessions(redis, STAFF_SESSIONS, b"s" * 32)
    assert await staff.look(member.id) is None
    own = await staff.begin("7")
    await Sessions(redis, MEMBER_SESSIONS, b"s" * 32).end_all("7")
    assert await staff.look(own.id) == own


async def test_a_session_knows_what_let_its_person_in_and_when(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = Sessions(redis, MEMBER_SESSIONS, b"s" * 32)
    begun = await sessions.begin("7", Proof.LETTER)
    found = await sessions.look(begun.id)
    assert found
    assert found.is_fresh(Proof.LETTER, Proof.INVITATION)
    assert not found.is_fresh(Proof.PASSKEY)
    assert not (await sessions.begin("7")).is_fresh(Proof.LETTER)
    now = time.time_ns() // 1000 + module.FRESH_SECONDS * 1_000_000
    monkeypatch.setattr(module, "_now", lambda: now)
    later = await sessions.look(begun.id)
    assert later
    assert not later.is_fresh(Proof.LETTER)
    await sessions.end_all("7")
    monkeypatch.setattr(module, "_now", lambda: now + 1)
    gone_on = await sessions.look((await sessions.go_on(later, "9")).id)
    assert gone_on
    assert gone_on.who == "9"
    assert not gone_on.is_fresh(Proof.LETTER), "a new session is no new proof"
