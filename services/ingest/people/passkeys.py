"""Passkeys of the staff, in the hash `ingest:passkeys`: by the credential's id, whose it is and its
public key. Nothing in it lets anybody in. They end with the person.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import AwareDatetime
from redis.asyncio import Redis

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from services.ingest.people.keys import KeyChanged, KeyGiven
from services.ingest.people.let_in import LET_IN
from services.ingest.people.person import Person
from services.ingest.people.store import PASSKEYS, PEOPLE, People, UnknownPerson
from services.ingest.people.way_in import WayIn
from shared.bus import lua
from shared.bus.streams import text
from shared.fields import Model
from shared.passkeys.ceremonies import Passkey
from shared.passkeys.uses import PasskeyUses
from shared.revision import PersonId

_HERE = Path(__file__).parent


class PasskeyRecord(Model):
    """A passkey as it is stored."""

    person: PersonId
    public_key: str
    count: int
    is_synced: bool
    at: AwareDatetime
    """When it was made."""
    used_at: AwareDatetime | None = None


@dataclass(frozen=True)
class HeldPasskey:
    """A passkey, and whose it is."""

    person: Person
    passkey: Passkey
    stored: str
    """Its record as it is in Redis."""


class StaffPasskeys:
    """Its methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._people = People(redis)
        self._trail = Trail(redis)
        self._give = lua.load(redis, _HERE / "give_key.lua", KeyGiven)
        self._change = lua.load(redis, _HERE / "change_key.lua", KeyChanged)
        self._uses = PasskeyUses(redis)

    def way_in(self, person: Person, passkey: Passkey) -> WayIn:
        """The passkey as it is kept once it is this person's."""
        record = PasskeyRecord(
            person=person.id,
            public_key=passkey.public_key,
            count=passkey.count,
            is_synced=passkey.is_synced,
            at=datetime.now(UTC),
        )
        return WayIn(
            PASSKEYS, passkey.id, record.model_dump_json(), _action("passkey_made", person)
        )

    async def add(self, person: Person, passkey: Passkey) -> bool:
        """This person has one more passkey; the audit trail knows. False if somebody has it
        already. Raises UnknownPerson if they are revoked."""
        way_in = self.way_in(person, passkey)
        while True:
            stored = text(await self._redis.hget(PEOPLE, person.id) or b"")
            if await self._people.find(person.id) is None:
                raise UnknownPerson
            prepared = await self._trail.prepare([way_in.action])
            answer = await self._give(
                keys={"keys": PASSKEYS, "people": PEOPLE, "let_in": LET_IN} | prepared.keys,
                args={
                    "id": passkey.id,
                    "record": way_in.record,
                    "person": person.id,
                    "as": stored,
                    "let_in": "",
                }
                | prepared.args,
            )
            if answer.word is not KeyGiven.MOVED:
                return answer.word is KeyGiven.DONE

    async def find(self, id_: str) -> HeldPasskey | None:
        """The passkey with this id; None if there is none, and once its owner is revoked."""
        stored = text(await self._redis.hget(PASSKEYS, id_) or b"")
        if not stored:
            return None
        record = PasskeyRecord.model_validate_json(stored)
        person = await self._people.find(record.person)
        passkey = Passkey(id_, record.public_key, record.count, record.is_synced)
        return HeldPasskey(person, passkey, stored) if person else None

    async def of(self, person: str) -> dict[str, PasskeyRecord]:
        """The passkeys of the person with this id, the oldest first."""
        stored = await self._redis.hgetall(PASSKEYS)
        found = {text(i): PasskeyRecord.model_validate_json(one) for i, one in stored.items()}
        mine = {i: one for i, one in found.items() if one.person == person}
        return dict(sorted(mine.items(), key=lambda pair: (pair[1].at, pair[0])))

    async def note_use(self, held: HeldPasskey, count: int) -> bool:
        """The authenticator says that it was used `count` times. False if the passkey was removed
        or used at the same moment: then it lets nobody in."""
        record = PasskeyRecord.model_validate_json(held.stored)
        after = record.model_copy(update={"count": count, "used_at": datetime.now(UTC)})
        id_, now = held.passkey.id, after.model_dump_json()
        return await self._uses.note(PASSKEYS, id_, held.stored, now)

    async def remove(self, id_: str, person: Person) -> bool:
        """This passkey of the person lets nobody in any more. False if they have none such."""
        while True:
            stored = text(await self._redis.hget(PASSKEYS, id_) or b"")
            if not stored or PasskeyRecord.model_validate_json(stored).person != person.id:
                return False
            prepared = await self._trail.prepare([_action("passkey_removed", person)])
            answer = await self._change(
                keys={"keys": PASSKEYS} | prepared.keys,
                args={"id": id_, "before": stored, "after": ""} | prepared.args,
            )
            if answer.word is KeyChanged.DONE:
                return True


def _action(what: str, person: Person) -> TrailAction:
    return TrailAction(person.name, what, detail={"person": person.id, "name": person.name})
