"""render keeps the subjects that `reference` tells of, in whatever order."""

from itertools import permutations

import pytest
from redis.asyncio import Redis

from services.render.subjects.store import SubjectStore
from shared.events import Event, SubjectChanged, SubjectRemoved, to_fields
from shared.subject import Subject
from shared.trace import new_traceparent
from tests.make import settings
from tests.render.running import all_handled, running

JAK = Subject(id="jak-hemmere", name="JAK-hemmere", atc=("L04AF",))
OTHER = Subject(id="metotreksat", name="Metotreksat", substance="metotreksat")


def changed(subject: Subject, version: int) -> Event:
    return SubjectChanged.about(subject, version, traceparent=new_traceparent())


def removed(subject: Subject, version: int) -> Event:
    return SubjectRemoved.about(subject, version, traceparent=new_traceparent())


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_an_older_event_replaces_nothing_and_brings_nothing_back(
    redis_url: str, redis: Redis, order: tuple[int, ...]
) -> None:
    events = [changed(JAK, 1), changed(OTHER, 2), removed(JAK, 3)]
    async with running(settings(), redis_url):
        for place in order:
            await redis.xadd("reference", to_fields(events[place]))  # type: ignore[arg-type]
        await all_handled(redis, "reference")
    store = SubjectStore(redis)
    assert (await store.all(), await store.version()) == ([OTHER], 3)
