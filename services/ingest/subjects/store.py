"""The subjects in Redis: `ingest:subjects` has them by id, `ingest:subjects:version` counts their
changes. Each change is an event on `reference` and an entry in the audit trail, in one script."""

from enum import StrEnum
from pathlib import Path
from typing import Literal

from redis.asyncio import Redis

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from shared.bus import lua
from shared.bus.streams import text
from shared.events import SubjectChanged, SubjectRemoved
from shared.subject import Subject
from shared.trace import new_traceparent

SUBJECTS = "ingest:subjects"
_VERSION = "ingest:subjects:version"
_HERE = Path(__file__).parent

ChangeOutcome = Literal["added", "changed", "removed", "same"]


class ChangeWord(StrEnum):
    """The answers of change.lua."""

    DONE = "done"
    MOVED = "moved"


class Subjects:
    """All subjects. The methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._trail = Trail(redis)
        self._script = lua.load(redis, _HERE / "change.lua", ChangeWord)

    async def all(self) -> list[Subject]:
        """Every subject, in the order of their names in bokmål."""
        found = map(Subject.model_validate_json, await self._redis.hvals(SUBJECTS))
        return sorted(found, key=lambda subject: (subject.name.casefold(), subject.id))

    async def put(self, subject: Subject, by: str) -> ChangeOutcome:
        """Add the subject, or change the one with its id; `by` is who does it, for the trail.
        `same`, without effect, if it is so already."""
        return await self._change(subject.id, subject, by)

    async def remove(self, subject: str, by: str) -> ChangeOutcome:
        """Remove the subject with this id. `same`, without effect, if there is none."""
        return await self._change(subject, None, by)

    async def _change(self, id_: str, after: Subject | None, by: str) -> ChangeOutcome:
        new = after.model_dump_json() if after else ""
        while True:
            stored, version = await self._read(id_)
            if stored == new:
                return "same"
            outcome: ChangeOutcome = "changed" if stored and new else "added" if new else "removed"
            told = after or Subject.model_validate_json(stored)
            kind = SubjectChanged if after else SubjectRemoved
            event = kind.about(told, version + 1, traceparent=new_traceparent())
            action = TrailAction(by, f"subject_{outcome}", detail={"subject": id_})
            prepared = await self._trail.prepare([action])
            answer = await self._script(
                keys={"subjects": SUBJECTS, "version": _VERSION, "stream": "reference"}
                | prepared.keys,
                args={
                    "id": id_,
                    "before": stored,
                    "after": new,
                    "version": version + 1,
                    "event": lua.fields(event),
                }
                | prepared.args,
            )
            if answer.word is ChangeWord.DONE:
                return outcome

    async def _read(self, id_: str) -> tuple[str, int]:
        """The subject as it is stored, and how many changes there were."""
        async with self._redis.pipeline(transaction=False) as both:
            both.hget(SUBJECTS, id_)
            both.get(_VERSION)
            stored, version = await both.execute()
        return text(stored or b""), int(version or 0)
