"""API keys, in the hash `ingest:keys`: `varsel_{id}_{secret}`, of which only a SHA-256 is stored.

The secret has 256 random bits, so a plain hash cannot be guessed back and needs no salt.
"""

import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter
from redis.asyncio import Redis

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from shared.bus import lua
from shared.text import Line

ROLES = ("editor", "approver")
"""An approver may do all that an editor may."""

_HERE = Path(__file__).parent
_KEYS = "ingest:keys"
_KEY = re.compile(r"varsel_([0-9a-f]{8})_[A-Za-z0-9_-]{43}")
_Name: TypeAdapter[str] = TypeAdapter(Line)


class Created(StrEnum):
    """The answers of create.lua."""

    DONE = "done"
    TAKEN = "taken"
    MOVED = "moved"


@dataclass(frozen=True)
class Key:
    """A key's owner."""

    id: str
    """The part of the key that is no secret: 8 hexadecimal digits."""
    name: str
    role: str


async def create_key(redis: Redis, name: str, role: str) -> str:
    """Make a key, `varsel_…`, and return it. It cannot be read again.

    Raises ValueError if the role does not exist or the name is not one line. The audit trail gets
    the key's id, name and role.
    """
    if role not in ROLES:
        raise ValueError(f"rollen finnes ikke; disse finnes: {', '.join(ROLES)}")
    name, trail = _Name.validate_python(name), Trail(redis)
    script = lua.load(redis, _HERE / "create.lua", Created)
    while True:
        key_id = secrets.token_hex(4)
        key = f"varsel_{key_id}_{secrets.token_urlsafe(32)}"
        record = {"name": name, "role": role, "sha256": _sha256(key)}
        detail = {"key": key_id, "name": name, "role": role}
        prepared = await trail.prepare([TrailAction("operator", "key_created", detail=detail)])
        answer = await script(
            keys={"keys": _KEYS} | prepared.keys,
            args={"id": key_id, "record": json.dumps(record)} | prepared.args,
        )
        if answer.word is Created.DONE:
            return key


async def find_key(redis: Redis, key: str) -> Key | None:
    """The owner of `key`; None if it is nobody's."""
    match = _KEY.fullmatch(key)
    stored = await redis.hget(_KEYS, match[1]) if match else None
    record = json.loads(stored) if stored else {"sha256": ""}
    if not match or not hmac.compare_digest(_sha256(key), record["sha256"]):
        return None
    return Key(id=match[1], name=record["name"], role=record["role"])


def _sha256(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
