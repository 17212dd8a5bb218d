"""Each day's root of the audit trail goes out once, also of days that were missed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from redis.asyncio import Redis

from services.ingest.app import create
from services.ingest.audit.entries import Head, TrailAction, TrailEntry, Verified, verify
from services.ingest.audit.seal_days import SEALED, SealDays, UnreadableError
from services.ingest.audit.trail import ENTRIES, HEAD, Trail
from shared.bus import tasks
from shared.bus.users import as_user
from shared.event_data import Seal
from shared.events import AuditSealed, from_fields
from tests.make import settings
from tests.wait import until


async def write(redis: Redis, *times: str) -> list[TrailEntry]:
    """A trail whose entries were written at `times`, in UTC."""
    head, written = Head(), []
    for time in times:
        entry = TrailEntry.after(
            head, TrailAction("Kari", "tried"), datetime.fromisoformat(time).replace(tzinfo=UTC)
        )
        await redis.hset(ENTRIES, str(entry.number), entry.line)
        head = entry.head
        written.append(entry)
    await redis.set(HEAD, f"{head.number} {head.hash}")
    return written


async def seals(redis: Redis) -> list[Seal]:
    events = [from_fields(fields) for _, fields in await redis.xrange("articles")]
    return [event.data for event in events if isinstance(event, AuditSealed)]


def seal(day: str, entry: TrailEntry) -> Seal:
    return Seal(day=date.fromisoformat(day), entries=entry.number, root=entry.hash)


@pytest.fixture
async def ingest(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(as_user(redis_url, "ingest")) as client:
        yield client


async def test_a_day_that_ended_is_sealed_once_with_its_root(redis: Redis, ingest: Redis) -> None:
    first, last, _ = await write(redis, "2026-09-01T08:00", "2026-09-01T09:00", "2026-09-02T08:00")
    for _ in range(3):
        await SealDays(ingest)(date(2026, 9, 2))
    assert await seals(redis) == [seal("2026-09-01", last)]
    ((_, fields),) = await redis.xrange("articles")
    event = from_fields(fields)
    assert (event.id, event.subject) == ("audit.2026-09-01.audit.sealed", "audit")
    assert event.source == "/varsel/ingest"
    lines = [line async for line in Trail(redis).read()]
    assert isinstance(verify(lines, root=last.hash), Verified)
    assert verify(lines[:1], root=last.hash) != Verified(1, first.hash)


async def test_days_that_were_missed_are_sealed_at_the_start_each_with_its_own_root(
    redis: Redis, ingest: Redis
) -> None:
    one, two, four, _ = await write(
        redis, "2026-09-01T08:00", "2026-09-02T08:00", "2026-09-04T08:00", "2026-09-06T08:00"
    )
    await SealDays(ingest)(date(2026, 9, 6))
    assert await seals(redis) == [
        seal("2026-09-01", one),
        seal("2026-09-02", two),
        seal("2026-09-03", two),
        seal("2026-09-04", four),
        seal("2026-09-05", four),
    ]


async def test_a_day_is_norways(redis: Redis, ingest: Redis) -> None:
    before, _ = await write(redis, "2026-09-01T21:59", "2026-09-01T22:01")
    await SealDays(ingest)(date(2026, 9, 2))
    assert await seals(redis) == [seal("2026-09-01", before)]


async def test_a_trail_without_entries_has_nothing_to_seal(redis: Redis, ingest: Redis) -> None:
    await SealDays(ingest)(date(2026, 9, 2))
    assert await redis.exists(SEALED, "articles") == 0


async def test_processes_that_seal_at_once_seal_each_day_once(
    redis: Redis, redis_url: str, ingest: Redis
) -> None:
    await write(redis, "2026-09-01T08:00")
    async with Redis.from_url(as_user(redis_url, "ingest")) as other:
        sealing = [SealDays(client)(date(2026, 9, 20)) for client in (ingest, other) * 4]
        await asyncio.gather(*sealing)
    days = [found.day for found in await seals(redis)]
    assert days == [date(2026, 9, 1) + timedelta(days=n) for n in range(19)]


async def test_an_entry_that_is_missing_keeps_the_day_open_and_turns_health_red(
    redis: Redis, redis_url: str, ingest: Redis
) -> None:
    await write(redis, "2026-09-01T08:00")
    await redis.hset(ENTRIES, "1", "{}")
    with pytest.raises(UnreadableError):
        await SealDays(ingest)(date(2026, 9, 2))
    await redis.hdel(ENTRIES, "1")
    with pytest.raises(UnreadableError):
        await SealDays(ingest)(date(2026, 9, 2))
    assert await seals(redis) == []
    service = create(settings(), as_user(redis_url, "ingest"))
    sealing = asyncio.ensure_future(cast("Any", service.loops[0]()))
    try:
        await until(lambda: service.problems() == ["audit entry 1 missing or unreadable"])
    finally:
        await tasks.end([sealing])
        await service.bus.redis.aclose()


async def test_the_running_service_seals(redis: Redis, redis_url: str) -> None:
    (entry,) = await write(redis, (datetime.now(UTC) - timedelta(days=2)).isoformat()[:16])
    service = create(settings(), as_user(redis_url, "ingest"))
    sealing = asyncio.ensure_future(cast("Any", service.loops[0]()))
    try:
        await until(lambda: has_seals(redis, 2))
    finally:
        await tasks.end([sealing])
        await service.bus.redis.aclose()
    assert {found.root for found in await seals(redis)} == {entry.hash}


async def has_seals(redis: Redis, count: int) -> bool:
    return len(await seals(redis)) >= count
