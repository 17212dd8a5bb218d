"""`notify:passkeys:{number}`: a member's passkeys, each sealed, by a keyed hash of its id.

What an authenticator keeps of the member, its handle, is their number sealed with a key of its own:
so an answer says whose it is, and nobody else reads it.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import cast

from cryptography.exceptions import InvalidTag
from pydantic import AwareDatetime
from redis.asyncio import Redis

from services.notify.outbox.accepted_letter import AcceptedLetter
from services.notify.vault.tokens import Tokens
from services.notify.vault.vault import Vault
from shared.bus import lua
from shared.fields import Model
from shared.passkeys.ceremonies import Passkey
from shared.passkeys.uses import PasskeyUses

MOST = 10
"""Passkeys that one number may have."""
_GONE = "notify:gone"


class PasskeyAdded(StrEnum):
    """The answers of add.lua."""

    DONE = "done"
    GONE = "gone"
    MANY = "many"


class MemberPasskeyRecord(Model):
    """A passkey as it is sealed."""

    id: str
    public_key: str
    count: int
    is_synced: bool
    at: AwareDatetime
    """When it was made."""
    used_at: AwareDatetime | None = None

    @property
    def passkey(self) -> Passkey:
        return Passkey(self.id, self.public_key, self.count, self.is_synced)


@dataclass(frozen=True)
class MemberPasskey:
    """A passkey, and the number that it was made for."""

    number: int
    record: MemberPasskeyRecord
    sealed: bytes


class MemberPasskeys:
    """Its methods raise redis-py's errors."""

    def __init__(self, redis: Redis, vault: Vault) -> None:
        self._redis = redis
        self._vault = vault
        self._handles = Tokens(
            vault.index(b"passkey handles 1") + vault.index(b"passkey handles 2")
        )
        self._add = lua.load(redis, Path(__file__).with_name("add.lua"), PasskeyAdded)
        self._remove = lua.load(redis, Path(__file__).with_name("remove.lua"), lua.Done)
        self._uses = PasskeyUses(redis)

    def handle(self, number: int) -> bytes:
        """What an authenticator knows the member by; the same each time."""
        return self._handles.seal(number).encode()

    async def add(self, number: int, passkey: Passkey, letter: AcceptedLetter) -> bool:
        """The member has one more, and in one step with that the letter is accepted that tells
        them. False, without either, if they left or were erased meanwhile, or have `MOST`."""
        record = MemberPasskeyRecord(
            id=passkey.id,
            public_key=passkey.public_key,
            count=passkey.count,
            is_synced=passkey.is_synced,
            at=datetime.now(UTC),
        )
        answer = await self._add(
            keys={
                "passkeys": _key(number),
                "gone": _GONE,
                "letter": letter.key,
                "queue": letter.queue,
                "whose": letter.whose,
            },
            args={
                "number": number,
                "id": self._field(passkey.id),
                "record": self._seal(number, record),
                "most": MOST,
                "letter_id": letter.id,
                "letter_sealed": letter.sealed,
                "letter_life_ms": letter.life_ms,
            },
        )
        return answer.word is PasskeyAdded.DONE

    async def find(self, id_: str, handle: str) -> MemberPasskey | None:
        """The passkey with this id, of the member with this handle (in base64url, as a browser
        says it); None if they have none such."""
        number = self._number(handle)
        field = self._field(id_)
        sealed = await self._redis.hget(_key(number), field) if number else None
        if not number or sealed is None:
            return None
        record = self._open(number, field, cast("bytes", sealed))
        return MemberPasskey(number, record, cast("bytes", sealed)) if record.id == id_ else None

    async def note_use(self, found: MemberPasskey, count: int) -> bool:
        """The authenticator says that it was used `count` times. False if the passkey was removed
        or used at the same moment: then it lets nobody in."""
        after = found.record.model_copy(update={"count": count, "used_at": datetime.now(UTC)})
        return await self._uses.note(
            _key(found.number),
            self._field(found.record.id),
            found.sealed,
            self._seal(found.number, after),
        )

    async def of(self, numbers: list[int]) -> list[MemberPasskey]:
        """The passkeys of a member with these numbers, the oldest first."""
        found = []
        for number in numbers:
            stored = cast("dict[bytes, bytes]", await self._redis.hgetall(_key(number)))
            for field, sealed in stored.items():
                record = self._open(number, field.decode(), sealed)
                found.append(MemberPasskey(number, record, sealed))
        return sorted(found, key=lambda one: (one.record.at, one.record.id))

    async def remove(self, number: int, id_: str, letter: AcceptedLetter) -> None:
        """The passkey lets nobody in any more, and in one step with that the letter is accepted
        that tells them. Idempotent: removed once, told once."""
        await self._remove(
            keys={
                "passkeys": _key(number),
                "letter": letter.key,
                "queue": letter.queue,
                "whose": letter.whose,
            },
            args={
                "id": self._field(id_),
                "letter_id": letter.id,
                "letter_sealed": letter.sealed,
                "letter_life_ms": letter.life_ms,
            },
        )

    async def forget(self, number: int) -> None:
        """Nothing is left of the number's passkeys."""
        await self._redis.delete(_key(number))

    def _field(self, id_: str) -> str:
        return self._vault.index(f"passkey {id_}".encode()).hex()

    def _number(self, handle: str) -> int | None:
        try:
            said = base64.urlsafe_b64decode(handle + "=" * (-len(handle) % 4)).decode("ascii")
        except (binascii.Error, ValueError):
            return None
        return self._handles.open(said)

    def _seal(self, number: int, record: MemberPasskeyRecord) -> bytes:
        place = _place(number, self._field(record.id))
        return self._vault.seal(record.model_dump_json().encode(), place)

    def _open(self, number: int, field: str, sealed: bytes) -> MemberPasskeyRecord:
        try:
            content = self._vault.open(sealed, _place(number, field))
        except InvalidTag as error:
            raise RuntimeError("a passkey in Redis is not ours") from error
        return MemberPasskeyRecord.model_validate_json(content)


def _key(number: int | None) -> str:
    return f"notify:passkeys:{number}"


def _place(number: int, field: str) -> str:
    return f"passkey {number} {field}"
