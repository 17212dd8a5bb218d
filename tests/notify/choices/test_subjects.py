"""notify keeps the subjects that `reference` tells of, in whatever order."""

from itertools import permutations

import pytest

from services.notify.choices.subjects import subjects
from shared.events import Event, SubjectChanged, SubjectRemoved, to_fields
from shared.subject import Subject
from shared.trace import new_traceparent
from tests.notify.system import System
from tests.wait import until

JAK = Subject(id="jak-hemmere", name="JAK-hemmere", atc=("L04AF",))
OTHER = Subject(id="metotreksat", name="Metotreksat", substance="metotreksat")


def changed(subject: Subject, version: int) -> Event:
    return SubjectChanged.about(subject, version, traceparent=new_traceparent())


def removed(subject: Subject, version: int) -> Event:
    return SubjectRemoved.about(subject, version, traceparent=new_traceparent())


async def tell(up: System, *events: Event) -> None:
    for event in events:
        await up.redis.xadd("reference", to_fields(event))
    await up.settled("reference")


async def test_subjects_are_listed_by_their_names_as_they_are_now(up: System) -> None:
    newer = JAK.model_copy(update={"name": "Årlige JAK-hemmere"})
    await tell(up, changed(JAK, 1), changed(OTHER, 2), changed(newer, 3))
    assert await subjects(up.redis) == [OTHER, newer]


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_an_older_event_replaces_nothing_and_brings_nothing_back(
    up: System, order: tuple[int, ...]
) -> None:
    events = [changed(JAK, 1), changed(OTHER, 2), removed(JAK, 3)]
    await tell(up, *(events[place] for place in order))
    assert await subjects(up.redis) == [OTHER]


async def test_what_is_no_subject_holds_nothing_up(up: System) -> None:
    await up.redis.xadd("reference", {"type": "subject.changed", "data": "{}"})
    await up.redis.xadd("reference", to_fields(changed(OTHER, 1)))
    await until(lambda: subjects(up.redis))
