"""The staff in Redis: `ingest:people` has each person by id, also those who were revoked, and
`ingest:people:names` the ids by name. A name is one person's for good: whoever comes back under it
is the person that they were."""

import secrets
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from pydantic import AwareDatetime, TypeAdapter
from redis.asyncio import Redis

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from services.ingest.people.let_in import LET_IN, LetIn, kept, read
from services.ingest.people.person import ROLES, Person, Role, is_role
from shared.bus import lua
from shared.bus.streams import text
from shared.events import PersonGone
from shared.fields import Model
from shared.revision import PersonId, folded_name
from shared.staff import GonePerson
from shared.text import Line
from shared.trace import new_traceparent
from shared.visitors.sessions import STAFF_SESSIONS, end_all

PEOPLE = "ingest:people"
NAMES = "ingest:people:names"
KEYS = "ingest:keys"
INVITATIONS = "ingest:invitations"
PASSKEYS = "ingest:passkeys"
ACCOUNTS = "ingest:accounts"
OPERATOR = "operator"
"""Who does what is done by command, for the audit trail."""

_HERE = Path(__file__).parent
_NAME_LINE: TypeAdapter[str] = TypeAdapter(Line)


class PersonRecord(Model):
    """A person as they are stored."""

    name: Line
    role: Role
    by: PersonId | None = None
    """The person who invited them; None if it was by command."""
    at: AwareDatetime
    """When they were first added."""
    revoked_at: AwareDatetime | None = None


class PersonChanged(StrEnum):
    """The answers of change.lua."""

    DONE = "done"
    TAKEN = "taken"
    MOVED = "moved"


class NameTaken(ValueError):
    """Somebody of the staff has this name."""

    def __init__(self, person: Person) -> None:
        super().__init__(
            f"det er alt en {person.name} i redaksjonen; skriv et navn som skiller de to"
        )
        self.person = person


class UnknownPerson(ValueError):
    """Nobody of the staff is meant by this."""

    def __init__(self) -> None:
        super().__init__("ingen i redaksjonen heter det; se «varsel people list»")


class People:
    """Its methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._trail = Trail(redis)
        self._script = lua.load(redis, _HERE / "change.lua", PersonChanged)

    async def find(self, person: str) -> Person | None:
        """The person with this id. None if there is none, and once they are revoked."""
        record = _read(await self._redis.hget(PEOPLE, person))
        return _person(person, record) if record and not record.revoked_at else None

    async def named(self, name: str) -> Person | None:
        """The person who goes by this name; None if nobody does, and once they are revoked."""
        found = await self._id(name)
        return await self.find(found) if found else None

    async def is_revoked(self, name: str) -> bool:
        """Whether somebody went by this name who is revoked."""
        found = await self._id(name)
        return found is not None and await self.find(found) is None

    async def all(self) -> list[Person]:
        """Everybody who is not revoked, in the order of their names."""
        records = await self.records()
        found = [_person(id_, one) for id_, one in records.items() if not one.revoked_at]
        return sorted(found, key=lambda person: (folded_name(person.name), person.id))

    async def records(self) -> dict[str, PersonRecord]:
        """Everybody by id, also those who were revoked."""
        stored = await self._redis.hgetall(PEOPLE)
        return {text(id_): _parse(record) for id_, record in stored.items()}

    async def let_in(self) -> list[LetIn]:
        """Who has let whom in after they were invited."""
        return [read(text(one)) for one in await self._redis.smembers(LET_IN)]

    async def invited_by(self, person: str) -> str | None:
        """The id of whoever invited this person; None if it was by command, or nobody is there."""
        record = _read(await self._redis.hget(PEOPLE, person))
        return record.by if record else None

    async def add(
        self, name: str, role: str, by: Person | None = None, *, id_: str | None = None
    ) -> Person:
        """Add a person. `by` is who invites them; None: by command. Somebody who was revoked comes
        back as who they were, without a key.

        `id_` is the id of somebody who is new; by default a random one. Raises NameTaken if
        somebody has the name, ValueError if the role does not exist or the name is not one line.
        """
        wanted, name = _role(role), _NAME_LINE.validate_python(name)
        while True:
            there = await self._id(name)
            stored = await self._stored(there) if there else ""
            before = _parse(stored) if stored else None
            if before and there and not before.revoked_at:
                raise NameTaken(_person(there, before))
            new = there or id_ or secrets.token_hex(8)
            after = PersonRecord(
                name=name,
                role=wanted,
                by=by.id if by else None,
                at=before.at if before else datetime.now(UTC),
            )
            if before:  # else a session of before would live again
                await end_all(self._redis, STAFF_SESSIONS, new)
            if await self._change(new, stored, after, "person_added", by):
                return _person(new, after)

    async def set_role(self, person: str, role: str, by: Person | None = None) -> Person:
        """Give the person with this id another role. Raises UnknownPerson if there is none,
        ValueError if the role does not exist."""
        wanted = _role(role)
        while True:
            stored = await self._stored(person)
            before = _known(stored)
            after = before.model_copy(update={"role": wanted})
            is_more = ROLES.index(wanted) > ROLES.index(before.role)
            let_in = kept(person, "role", by) if is_more else ""
            if after == before or await self._change(
                person, stored, after, "role_changed", by, let_in=let_in
            ):
                return _person(person, after)

    async def revoke(self, person: str, by: Person | None = None) -> None:
        """The person with this id is of the staff no more: their keys, passkeys, invitations and
        sessions end at once, and whatever asks `find` finds nobody. Nothing happens if that is so
        already. Raises UnknownPerson if there never was one."""
        while True:
            stored = await self._stored(person)
            if not stored:
                raise UnknownPerson
            before = _parse(stored)
            after = before.model_copy(update={"revoked_at": datetime.now(UTC)})
            if before.revoked_at or await self._change(person, stored, after, "person_revoked", by):
                return

    async def _change(
        self,
        person: str,
        before: str,
        after: PersonRecord,
        what: str,
        by: Person | None,
        *,
        let_in: str = "",
    ) -> bool:
        """Whether it is done; if not, somebody else was faster."""
        detail = {"person": person, "name": after.name, "role": after.role}
        action = TrailAction(by.name if by else OPERATOR, what, detail=detail)
        prepared = await self._trail.prepare([action])
        answer = await self._script(
            keys={
                "people": PEOPLE,
                "names": NAMES,
                "keys": KEYS,
                "invitations": INVITATIONS,
                "passkeys": PASSKEYS,
                "accounts": ACCOUNTS,
                "let_in": LET_IN,
                "stream": "control",
            }
            | prepared.keys,
            args={
                "id": person,
                "before": before,
                "after": after.model_dump_json(),
                "name": folded_name(after.name),
                "let_in": let_in,
                "ends": after.revoked_at is not None,
                "event": lua.fields(_gone(person, after.revoked_at)) if after.revoked_at else "",
            }
            | prepared.args,
        )
        return answer.word is PersonChanged.DONE

    async def _id(self, name: str) -> str | None:
        found = await self._redis.hget(NAMES, folded_name(name))
        return text(found) if found else None

    async def _stored(self, person: str) -> str:
        return text(await self._redis.hget(PEOPLE, person) or b"")


def _gone(person: str, at: datetime) -> PersonGone:
    return PersonGone(
        id=f"{person}.{int(at.timestamp())}.person.gone",
        source="/varsel/ingest",
        subject="staff",
        time=at,
        traceparent=new_traceparent(),
        data=GonePerson(person=person),
    )


def _known(stored: str) -> PersonRecord:
    record = _read(stored)
    if record is None or record.revoked_at:
        raise UnknownPerson
    return record


def _role(role: str) -> Role:
    if not is_role(role):
        raise ValueError(f"rollen finnes ikke; disse finnes: {', '.join(ROLES)}")
    return role  # type: ignore[return-value]


def _read(stored: str | bytes | None) -> PersonRecord | None:
    return _parse(stored) if stored else None


def _parse(stored: str | bytes) -> PersonRecord:
    return PersonRecord.model_validate_json(stored)


def _person(id_: str, record: PersonRecord) -> Person:
    return Person(id_, record.name, record.role)
