"""A change of a subject is its state, its event and its entry in the trail, or none of them."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from services.ingest.audit.entries import TrailEntry, Verified, verify
from services.ingest.audit.trail import Trail
from services.ingest.subjects.store import Subjects
from shared.bus.users import OPERATOR, as_user
from shared.events import SubjectChanged, SubjectRemoved, from_fields
from shared.subject import Subject

TOFA = Subject(id="tofacitinib", name="Tofacitinib", substance="tofacitinib")
JAK = Subject(id="jak-hemmere", name="JAK-hemmere", atc=("L04AF",))


@pytest.fixture
async def subjects(redis: Redis, redis_url: str) -> AsyncIterator[Subjects]:
    """By the user of the commands, who may do less than a service to its own keys."""
    async with Redis.from_url(as_user(redis_url, OPERATOR)) as client:
        yield Subjects(client)


async def told(redis: Redis) -> list[tuple[str, str, int]]:
    events = [from_fields(fields) for _, fields in await redis.xrange("reference")]
    assert all(isinstance(event, SubjectChanged | SubjectRemoved) for event in events)
    return [(event.type, event.subject, event.data.version) for event in events]


async def trail(redis: Redis) -> list[tuple[str, str, str]]:
    lines = [line async for line in Trail(redis).read()]
    assert isinstance(verify(lines), Verified)
    entries = map(TrailEntry.of, lines)
    return [(entry.actor, entry.what, str(entry.detail["subject"])) for entry in entries]


async def test_each_change_is_told_once_and_written_down(subjects: Subjects, redis: Redis) -> None:
    newer = TOFA.model_copy(update={"brands": ("Xeljanz",)})
    done = [
        await subjects.put(TOFA, "Kari"),
        await subjects.put(TOFA, "Kari"),
        await subjects.put(JAK, "Kari"),
        await subjects.put(newer, "Ola"),
        await subjects.remove("jak-hemmere", "Ola"),
        await subjects.remove("jak-hemmere", "Ola"),
    ]
    assert done == ["added", "same", "added", "changed", "removed", "same"]
    assert await subjects.all() == [newer]
    assert await told(redis) == [
        ("subject.changed", "tofacitinib", 1),
        ("subject.changed", "jak-hemmere", 2),
        ("subject.changed", "tofacitinib", 3),
        ("subject.removed", "jak-hemmere", 4),
    ]
    assert await trail(redis) == [
        ("Kari", "subject_added", "tofacitinib"),
        ("Kari", "subject_added", "jak-hemmere"),
        ("Ola", "subject_changed", "tofacitinib"),
        ("Ola", "subject_removed", "jak-hemmere"),
    ]


async def test_of_many_who_change_at_once_each_is_told_in_its_turn(
    subjects: Subjects, redis: Redis
) -> None:
    new = [Subject(id=f"emne-{n}", name=f"Emne {n}") for n in range(12)]
    done = await asyncio.gather(*(subjects.put(one, "Kari") for one in new))
    assert done == ["added"] * 12
    assert [version for _, _, version in await told(redis)] == list(range(1, 13))
    assert len(await trail(redis)) == 12


async def test_the_last_event_of_each_is_what_is_stored(subjects: Subjects, redis: Redis) -> None:
    await subjects.put(TOFA, "Kari")
    await subjects.remove(TOFA.id, "Kari")
    await subjects.put(JAK, "Kari")
    now: dict[str, Subject] = {}
    for _, fields in await redis.xrange("reference"):
        event = from_fields(fields)
        if isinstance(event, SubjectChanged):
            now[event.subject] = event.data.subject
        else:
            del now[event.subject]
    assert list(now.values()) == await subjects.all()
