"""Accounts of an association's own log-in (OpenID Connect), in the hash `ingest:accounts`: which
person each is, by a hash of its issuer and its subject there. They end with the person."""

import hashlib
from datetime import UTC, datetime

from pydantic import AwareDatetime
from redis.asyncio import Redis

from services.ingest.audit.entries import TrailAction
from services.ingest.people.person import Person
from services.ingest.people.store import ACCOUNTS, People
from services.ingest.people.way_in import WayIn
from shared.fields import Model
from shared.revision import PersonId


class AccountRecord(Model):
    """An account as it is stored."""

    person: PersonId
    at: AwareDatetime
    """When it became theirs."""


class Accounts:
    """Its methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._people = People(redis)

    async def find(self, account: str) -> Person | None:
        """Whose account this is; None if it is nobody's, and once they are revoked."""
        stored = await self._redis.hget(ACCOUNTS, account)
        if stored is None:
            return None
        return await self._people.find(AccountRecord.model_validate_json(stored).person)

    def way_in(self, account: str, person: Person) -> WayIn:
        """The account as it is kept once it lets this person in."""
        record = AccountRecord(person=person.id, at=datetime.now(UTC)).model_dump_json()
        detail = {"person": person.id, "name": person.name}
        return WayIn(
            ACCOUNTS, account, record, TrailAction(person.name, "account_added", detail=detail)
        )


def account_id(issuer: str, subject: str) -> str:
    """What an account is called here; it tells neither of the two."""
    return hashlib.sha256(f"{issuer}\0{subject}".encode()).hexdigest()
