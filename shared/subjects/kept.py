"""The list of subjects in a service's own keys, as the stream `reference` tells of it."""

from collections.abc import Sequence

from redis.asyncio import Redis

from shared.bus import Effects
from shared.bus.entry import Op
from shared.events import SubjectChanged, SubjectRemoved
from shared.subject import Subject


class KeptSubjects:
    """In two hashes: `subjects` has each by its id, `versions` the version of its newest event. The
    methods raise redis-py's errors."""

    def __init__(self, *, subjects: str, versions: str) -> None:
        self._subjects = subjects
        self._versions = versions

    def effects(self, event: SubjectChanged | SubjectRemoved, *also: Op) -> Effects:
        """What to write when a subject has changed, or was removed, and `also` what follows.
        Nothing if something newer is known: the versions of removed subjects stay, so that an
        older event brings none of them back."""
        subject, version = event.data.subject, event.data.version
        write: Op = (
            ("HSET", self._subjects, subject.id, subject.model_dump_json())
            if isinstance(event, SubjectChanged)
            else ("HDEL", self._subjects, subject.id)
        )
        return Effects(
            newer_than=(self._versions, subject.id, version),
            ops=[("HSET", self._versions, subject.id, version), write, *also],
        )

    async def all(self, redis: Redis) -> list[Subject]:
        """The subjects that there are now, in the order of their names in bokmål."""
        found = map(Subject.model_validate_json, await redis.hvals(self._subjects))
        return sorted(found, key=lambda subject: (subject.name.casefold(), subject.id))

    async def some(self, redis: Redis, ids: Sequence[str]) -> list[Subject]:
        """Those of the subjects with these ids that there are now, in this order."""
        stored = await redis.hmget(self._subjects, ids) if ids else []
        return [Subject.model_validate_json(one) for one in stored if one]

    async def version(self, redis: Redis) -> int:
        """The version of the newest change that is known; 0 if none is."""
        return max(map(int, await redis.hvals(self._versions)), default=0)
