"""The subjects that `reference` told of, in `render:subjects` and `render:subjects:versions`."""

from collections.abc import Sequence

from redis.asyncio import Redis

from shared.bus import Effects
from shared.bus.entry import Op
from shared.events import SubjectChanged, SubjectRemoved
from shared.subject import Subject
from shared.subjects.kept import KeptSubjects

_KEPT = KeptSubjects(subjects="render:subjects", versions="render:subjects:versions")


class SubjectStore:
    """The subjects as render knows them. The methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def all(self) -> list[Subject]:
        """The subjects that there are now, in the order of their names in bokmål."""
        return await _KEPT.all(self._redis)

    async def some(self, ids: Sequence[str]) -> list[Subject]:
        """Those of the subjects with these ids that there are now, in this order."""
        return await _KEPT.some(self._redis, ids)

    async def version(self) -> int:
        """That of the newest change of any subject; 0 if there was none."""
        return await _KEPT.version(self._redis)


def subject_kept(event: SubjectChanged | SubjectRemoved, *also: Op) -> Effects:
    """What to write when a subject has changed, or was removed, and `also` what follows."""
    return _KEPT.effects(event, *also)
