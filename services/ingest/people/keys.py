"""API keys, in the hash `ingest:keys`: `varsel_{id}_{secret}`, of which only a SHA-256 is stored.

The secret has 256 random bits, so a plain hash cannot be guessed back and needs no salt. A key is a
person's: it may do what they may, and ends with them.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime
from redis.asyncio import Redis

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from services.ingest.people.let_in import LET_IN, kept
from services.ingest.people.person import Person
from services.ingest.people.store import (
    KEYS,
    OPERATOR,
    PEOPLE,
    NameTaken,
    People,
    UnknownPerson,
)
from shared.bus import lua
from shared.bus.streams import text
from shared.fields import Model
from shared.revision import PersonId, Sha256

_HERE = Path(__file__).parent
_KEY = re.compile(r"varsel_([0-9a-f]{8})_[A-Za-z0-9_-]{43}")


Scope = Literal["receipts"]
"""All that a key with one may do: `receipts`, read what has become of alerts. For a guard, whose
machine may be anybody's."""


class KeyGiven(StrEnum):
    """The answers of give_key.lua."""

    DONE = "done"
    TAKEN = "taken"
    MOVED = "moved"


class KeyChanged(StrEnum):
    """The answers of change_key.lua."""

    DONE = "done"
    MOVED = "moved"


class KeyRecord(Model):
    """A key as it is stored."""

    person: PersonId
    sha256: Sha256
    at: AwareDatetime
    """When it was made."""
    only: Scope | None = None
    """All that it may do; none if it may do what its person may."""


@dataclass(frozen=True)
class Key:
    """A key that somebody showed, and whose it is."""

    id: str
    """The part of the key that is no secret: 8 hexadecimal digits."""
    person: Person
    only: Scope | None = None
    """As in `KeyRecord`."""


class ApiKeys:
    """Its methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._people = People(redis)
        self._trail = Trail(redis)
        self._give = lua.load(redis, _HERE / "give_key.lua", KeyGiven)
        self._change = lua.load(redis, _HERE / "change_key.lua", KeyChanged)

    async def create(
        self, person: Person, by: Person | None = None, only: Scope | None = None
    ) -> str:
        """Make a key of this person's, `varsel_…`, and return it. It cannot be read again, and may
        do nothing else if `only` is given. The audit trail gets its id, and who it is. Raises
        UnknownPerson if they are revoked."""
        while True:
            stored = text(await self._redis.hget(PEOPLE, person.id) or b"")
            found = await self._people.find(person.id)
            if found is None:
                raise UnknownPerson
            key_id = secrets.token_hex(4)
            key = f"varsel_{key_id}_{secrets.token_urlsafe(32)}"
            record = KeyRecord(
                person=found.id, sha256=_sha256(key), at=datetime.now(UTC), only=only
            )
            made = _action("key_created", key_id, found, by, only)
            prepared = await self._trail.prepare([made])
            answer = await self._give(
                keys={"keys": KEYS, "people": PEOPLE, "let_in": LET_IN} | prepared.keys,
                args={
                    "id": key_id,
                    "record": record.model_dump_json(),
                    "person": found.id,
                    "as": stored,
                    "let_in": kept(found.id, "key", by),
                }
                | prepared.args,
            )
            if answer.word is KeyGiven.DONE:
                return key

    async def find(self, key: str) -> Key | None:
        """The owner of `key`; None if it is nobody's, and once the owner is revoked."""
        match = _KEY.fullmatch(key)
        stored = await self._redis.hget(KEYS, match[1]) if match else None
        record = KeyRecord.model_validate_json(stored) if stored else None
        if not match or not record or not hmac.compare_digest(_sha256(key), record.sha256):
            return None
        person = await self._people.find(record.person)
        return Key(match[1], person, record.only) if person else None

    async def all(self) -> dict[str, KeyRecord]:
        """Every key by its id, the oldest first."""
        stored = await self._redis.hgetall(KEYS)
        found = {text(id_): KeyRecord.model_validate_json(one) for id_, one in stored.items()}
        return dict(sorted(found.items(), key=lambda pair: (pair[1].at, pair[0])))

    async def revoke(self, key_id: str, by: Person | None = None) -> bool:
        """The key with this id opens nothing from now on. False if there is none."""
        while True:
            stored = text(await self._redis.hget(KEYS, key_id) or b"")
            if not stored:
                return False
            record = KeyRecord.model_validate_json(stored)
            owner = await self._people.find(record.person)
            action = _action("key_revoked", key_id, owner, by, record.only)
            prepared = await self._trail.prepare([action])
            answer = await self._change(
                keys={"keys": KEYS} | prepared.keys,
                args={"id": key_id, "before": stored, "after": ""} | prepared.args,
            )
            if answer.word is KeyChanged.DONE:
                return True


async def create_key(
    redis: Redis, name: str, role: str | None = None, only: Scope | None = None
) -> str:
    """Make a key for whoever goes by `name`, and return it. Somebody new is added to the staff,
    with this role, by default as an editor. `only` as in `ApiKeys.create`.

    Raises ValueError if the role does not exist or the name is not one line, if somebody who is
    there has another role, and if they were revoked: a key alone changes nobody's rights.
    """
    people = People(redis)
    person = await people.named(name)
    if person is None:
        if await people.is_revoked(name):
            raise ValueError(
                "personen er fjernet fra redaksjonen; slipp dem inn igjen slik: "
                f"varsel people invite «{name}»"
            )
        try:
            person = await people.add(name, role or "editor")
        except NameTaken as taken:  # at the same moment, by somebody else
            person = taken.person
    if role and role != person.role:
        raise ValueError(
            f"{person.name} har rollen {person.role}; "
            f"endre den slik: varsel people role «{person.name}» {role}"
        )
    return await ApiKeys(redis).create(person, only=only)


def _action(
    what: str, key: str, owner: Person | None, by: Person | None, only: Scope | None
) -> TrailAction:
    detail = {"key": key} | ({"only": only} if only else {})
    if owner:
        detail |= {"person": owner.id, "name": owner.name, "role": owner.role}
    return TrailAction(by.name if by else OPERATOR, what, detail=detail)


def _sha256(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
