"""The subjects that members can choose, as the stream `reference` told of them, in Redis."""

from redis.asyncio import Redis

from shared.bus import Effects
from shared.events import SubjectChanged, SubjectRemoved
from shared.subject import Subject

_SUBJECTS = "notify:subjects"
_VERSIONS = "notify:subjects:versions"
"""Also of subjects that were removed, so that an older event brings none of them back."""


def kept(event: SubjectChanged | SubjectRemoved) -> Effects:
    """What to write when a subject has changed, or was removed."""
    subject, version = event.data.subject, event.data.version
    write = (
        ("HSET", _SUBJECTS, subject.id, subject.model_dump_json())
        if isinstance(event, SubjectChanged)
        else ("HDEL", _SUBJECTS, subject.id)
    )
    return Effects(
        newer_than=(_VERSIONS, subject.id, version),
        ops=[("HSET", _VERSIONS, subject.id, version), write],
    )


async def subjects(redis: Redis) -> list[Subject]:
    """The subjects that members can choose now, in the order of their names in bokmål."""
    stored = await redis.hvals(_SUBJECTS)
    found = map(Subject.model_validate_json, stored)
    return sorted(found, key=lambda subject: (subject.name.casefold(), subject.id))
