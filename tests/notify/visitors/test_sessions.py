"""A session is one member's, in one browser, and ends when it should."""

import time

import pytest
from redis.asyncio import Redis

from services.notify.visitors import sessions as module
from services.notify.visitors.cookies import new_id
from services.notify.visitors.sessions import IDLE_SECONDS, LIFE_SECONDS, Session, Sessions


async def test_a_session_is_its_members_and_a_made_up_one_is_nobodys(redis: Redis) -> None:
    sessions = Sessions(redis, b"s" * 32)
    mine, others = await sessions.begin(7), await sessions.begin(8)
    assert await sessions.look(mine.id) == Session(mine.id, 7)
    assert await sessions.look(others.id) == Session(others.id, 8)
    assert await sessions.look(new_id()) is None
    assert await sessions.look("") is None


async def test_a_copy_of_redis_logs_nobody_in(redis: Redis) -> None:
    session = await Sessions(redis, b"s" * 32).begin(7)
    [key] = [key async for key in redis.scan_iter()]
    assert session.id.encode() not in key + (await redis.get(key))
    assert await Sessions(redis, b"s" * 32).look(key.decode().rpartition(":")[2]) is None


async def test_a_session_ends_when_nothing_is_asked_in_it_for_an_hour(redis: Redis) -> None:
    sessions = Sessions(redis, b"s" * 32)
    session = await sessions.begin(7)
    [key] = [key async for key in redis.scan_iter()]
    await redis.expire(key, 10)
    await sessions.look(session.id)
    assert IDLE_SECONDS - 5 <= await redis.ttl(key) <= IDLE_SECONDS
    await redis.pexpire(key, 1)
    while await redis.exists(key):
        pass
    assert await sessions.look(session.id) is None


async def test_a_session_ends_twelve_hours_after_it_began_though_it_is_used(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = Sessions(redis, b"s" * 32)
    session = await sessions.begin(7)
    now = time.time_ns() // 1000
    monkeypatch.setattr(module, "_now", lambda: now + (LIFE_SECONDS - 5) * 1_000_000)
    assert await sessions.look(session.id)
    monkeypatch.setattr(module, "_now", lambda: now + LIFE_SECONDS * 1_000_000)
    assert await sessions.look(session.id) is None
    monkeypatch.undo()
    assert await sessions.look(session.id) is None, "it came back"


async def test_one_button_ends_all_sessions_of_a_member_and_no_others(redis: Redis) -> None:
    sessions = Sessions(redis, b"s" * 32)
    mine = [await sessions.begin(7) for _ in range(3)]
    others = await sessions.begin(8)
    await sessions.end_all(7)
    assert [await sessions.look(session.id) for session in mine] == [None] * 3
    assert await sessions.look(others.id)
    assert await sessions.look((await sessions.begin(7)).id), "nobody can log in any more"


async def test_logging_out_ends_this_session_alone(redis: Redis) -> None:
    sessions = Sessions(redis, b"s" * 32)
    here, elsewhere = await sessions.begin(7), await sessions.begin(7)
    await sessions.end(here.id)
    await sessions.end(here.id)
    assert await sessions.look(here.id) is None
    assert await sessions.look(elsewhere.id)


async def test_what_is_kept_goes_by_itself(redis: Redis) -> None:
    sessions = Sessions(redis, b"s" * 32)
    await sessions.begin(7)
    await sessions.end_all(7)
    assert all([await redis.ttl(key) > 0 async for key in redis.scan_iter()])
