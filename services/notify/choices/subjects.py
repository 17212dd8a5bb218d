"""The subjects that members can choose, as the stream `reference` told of them, in Redis."""

from redis.asyncio import Redis

from shared.bus import Effects
from shared.bus.entry import Op
from shared.events import SubjectChanged, SubjectRemoved
from shared.subject import Subject
from shared.subjects.kept import KeptSubjects

_KEPT = KeptSubjects(subjects="notify:subjects", versions="notify:subjects:versions")


def kept(event: SubjectChanged | SubjectRemoved, *also: Op) -> Effects:
    """What to write when a subject has changed, or was removed, and `also` what follows."""
    return _KEPT.effects(event, *also)


async def subjects(redis: Redis) -> list[Subject]:
    """The subjects that members can choose now, in the order of their names in bokmål."""
    return await _KEPT.all(redis)
