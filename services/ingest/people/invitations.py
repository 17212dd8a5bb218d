"""Invitations, in the hash `ingest:invitations`: a link that lets a person make their first
passkey, or the next one if they have lost it.

A token is `{id}_{secret}`, of which only a SHA-256 is stored. A person has one invitation at a
time.
"""

import hashlib
import hmac
import re
import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from pydantic import AwareDatetime
from redis.asyncio import Redis

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from services.ingest.people.let_in import LET_IN, kept
from services.ingest.people.passkeys import StaffPasskeys
from services.ingest.people.person import Person
from services.ingest.people.store import (
    INVITATIONS,
    OPERATOR,
    PASSKEYS,
    PEOPLE,
    People,
    UnknownPerson,
)
from services.ingest.people.way_in import WayIn
from shared.bus import lua
from shared.bus.streams import text
from shared.fields import Model
from shared.revision import PersonId, Sha256

HOURS = 48
"""How long an invitation is valid, unless its maker says otherwise."""

_HERE = Path(__file__).parent
_TOKEN = re.compile(r"([0-9a-f]{16})_[A-Za-z0-9_-]{43}")


class InvitationMade(StrEnum):
    """The answers of invite.lua."""

    DONE = "done"
    MOVED = "moved"


class InvitationUsed(StrEnum):
    """The answers of use_invitation.lua."""

    DONE = "done"
    TAKEN = "taken"
    MOVED = "moved"


class InvitationRecord(Model):
    """An invitation as it is stored."""

    person: PersonId
    sha256: Sha256
    """Of the token."""
    until: AwareDatetime
    used: str = ""
    """The call that used it; empty before."""


class Invitations:
    """Its methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._people = People(redis)
        self._passkeys = StaffPasskeys(redis)
        self._trail = Trail(redis)
        self._make = lua.load(redis, _HERE / "invite.lua", InvitationMade)
        self._use = lua.load(redis, _HERE / "use_invitation.lua", InvitationUsed)

    async def make(self, person: str, by: Person | None = None, hours: float = HOURS) -> str:
        """Make an invitation for the person with this id, and return its token, which cannot be
        read again. An earlier one of theirs ends. `by` is who makes it; None: by command. Raises
        UnknownPerson if there is no such person."""
        while True:
            stored = text(await self._redis.hget(PEOPLE, person) or b"")
            found = await self._people.find(person)
            if found is None:
                raise UnknownPerson
            id_ = secrets.token_hex(8)
            token = f"{id_}_{secrets.token_urlsafe(32)}"
            until = datetime.now(UTC) + timedelta(hours=hours)
            record = InvitationRecord(person=person, sha256=_sha256(token), until=until)
            actor = by.name if by else OPERATOR
            prepared = await self._trail.prepare([_action(actor, "invitation_made", found)])
            answer = await self._make(
                keys={"invitations": INVITATIONS, "people": PEOPLE, "let_in": LET_IN}
                | prepared.keys,
                args={
                    "id": id_,
                    "record": record.model_dump_json(),
                    "person": person,
                    "as": stored,
                    "let_in": kept(person, "link", by),
                }
                | prepared.args,
            )
            if answer.word is InvitationMade.DONE:
                return token

    async def look(self, token: str) -> Person | None:
        """Whom the invitation with this token is for; None if it is none, is used or has ended."""
        _, record = await self._read(token)
        return await self._people.find(record.person) if record else None

    async def use(self, token: str, way_in: WayIn | None = None) -> Person | None:
        """The same, and from now on it opens nothing; `way_in`, made for that person, is theirs in
        the same step, and the passkeys that they had end. None, and nothing is done, if somebody
        has that already."""
        while True:
            stored, record = await self._read(token)
            if record is None:
                return None
            known_as = text(await self._redis.hget(PEOPLE, record.person) or b"")
            person = await self._people.find(record.person)
            if person is None:
                return None
            used = record.model_copy(update={"used": secrets.token_hex(8)})
            actions = [_action(person.name, "invitation_used", person)]
            ended = len(await self._passkeys.of(person.id)) if way_in else 0
            if way_in:
                actions += [_action(person.name, "passkey_removed", person)] * ended
                actions.append(way_in.action)
            prepared = await self._trail.prepare(actions)
            answer = await self._use(
                keys={
                    "invitations": INVITATIONS,
                    "people": PEOPLE,
                    "keys": way_in.keys if way_in else None,
                    "passkeys": PASSKEYS,
                    **prepared.keys,
                },
                args={
                    "id": token.partition("_")[0],
                    "before": stored,
                    "after": used.model_dump_json(),
                    "key": way_in.id if way_in else "",
                    "record": way_in.record if way_in else "",
                    "person": person.id,
                    "as": known_as,
                    "ended": ended,
                }
                | prepared.args,
            )
            if answer.word is not InvitationUsed.MOVED:
                return person if answer.word is InvitationUsed.DONE else None

    async def waiting(self) -> dict[str, datetime]:
        """Until when each person's invitation is valid, by the person's id. Those that are used or
        have ended are left out."""
        now = datetime.now(UTC)
        stored = await self._redis.hvals(INVITATIONS)
        records = map(InvitationRecord.model_validate_json, stored)
        return {one.person: one.until for one in records if not one.used and one.until > now}

    async def _read(self, token: str) -> tuple[str, InvitationRecord | None]:
        """The record as it is stored, and what it says if the token is its own and it is valid."""
        match = _TOKEN.fullmatch(token)
        stored = text(await self._redis.hget(INVITATIONS, match[1]) or b"") if match else ""
        record = InvitationRecord.model_validate_json(stored) if stored else None
        if record is None or not hmac.compare_digest(_sha256(token), record.sha256):
            return "", None
        return stored, None if record.used or record.until <= datetime.now(UTC) else record


def _action(actor: str, what: str, person: Person) -> TrailAction:
    return TrailAction(actor, what, detail={"person": person.id, "name": person.name})


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
