"""Addresses of the staff in Redis, sealed, and the links by which a person gives theirs.

`notify:people` has a person's address by their id, `notify:people:links` whom a link is for, by the
hash of its token, and who is of the staff no more.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import cast

from redis.asyncio import Redis

from services.notify.letters.asked import StaffAddress
from services.notify.members.addresses import parse
from services.notify.vault.vault import Vault
from shared.bus import Bus, Entry, lua
from shared.staff import AddressLink

ADDRESSES = "notify:people"
LINKS = "notify:people:links"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
"""256 bits as base64url."""
_PERSON = re.compile(r"[0-9a-f]{16}", re.ASCII)
_HERE = Path(__file__).parent


class LinkKept(StrEnum):
    """The answers of keep_link.lua."""

    GONE = "gone"
    KEPT = "kept"
    REFUSED = "refused"


class LinkUsed(StrEnum):
    """The answers of use_link.lua."""

    USED = "used"
    NONE = "none"


class PersonForgotten(StrEnum):
    """The answers of forget_person.lua."""

    GONE = "gone"
    FORGOTTEN = "forgotten"


class Staff:
    """Where people of the staff get letters. Its methods raise redis-py's errors."""

    def __init__(self, redis: Redis, vault: Vault) -> None:
        self._redis = redis
        self._vault = vault
        self._use = lua.load(redis, _HERE / "use_link.lua", LinkUsed)

    async def set(self, person: str, email: str, lang: str = "nb") -> None:
        """Keep this as the address of the person with this id, in the place of any other.

        ValueError, with the reason in Norwegian and without the address, if mail cannot be sent to
        it, or the id is none.
        """
        if not _PERSON.fullmatch(person):
            raise ValueError("dette er ingen persons id")
        await self._redis.hset(ADDRESSES, person, self._sealed(person, email, lang))

    async def address(self, person: str) -> StaffAddress | None:
        """The person's address; none if there is none. cryptography's InvalidTag if it was sealed
        with another key."""
        sealed = cast("bytes | None", await self._redis.hget(ADDRESSES, person))
        if sealed is None:
            return None
        email, lang = json.loads(self._vault.open(sealed, _place(person)))
        return StaffAddress(email, lang)

    async def reached(self, people: Sequence[str]) -> frozenset[str]:
        """Those of these ids that have an address."""
        if not people:
            return frozenset()
        found = cast("list[bytes | None]", await self._redis.hmget(ADDRESSES, list(people)))
        return frozenset(person for person, sealed in zip(people, found, strict=True) if sealed)

    async def look(self, token: str) -> str | None:
        """The id of the person that a link is for, if it works. Changes nothing."""
        if not _TOKEN.fullmatch(token):
            return None
        kept = cast("bytes | None", await self._redis.hget(LINKS, token_hash(token)))
        if kept is None:
            return None
        person, until_ms = kept.decode().split(" ")
        seconds, _ = await self._redis.time()
        return person if seconds * 1000 < int(until_ms) else None

    async def use(self, token: str, email: str, lang: str) -> str | None:
        """Keep an address that was given by this link, and use the link up. Gives the person's id;
        none, and nothing is kept, if the link does not work. ValueError: as `set`, and the link
        still works."""
        person = await self.look(token)
        if person is None:
            return None
        answer = await self._use(
            keys={"links": LINKS, "addresses": ADDRESSES},
            args={
                "token": token_hash(token),
                "person": person,
                "sealed": self._sealed(person, email, lang),
            },
        )
        return person if answer.word is LinkUsed.USED else None

    def _sealed(self, person: str, email: str, lang: str) -> bytes:
        said = json.dumps([parse(email), "nn" if lang == "nn" else "nb"])
        return self._vault.seal(said.encode(), _place(person))


class StaffEvents:
    """What events of `control` change here, each in one step with its acknowledgement."""

    def __init__(self, bus: Bus) -> None:
        self._keep_link = bus.fenced(_HERE / "keep_link.lua", LinkKept)
        self._forget = bus.fenced(_HERE / "forget_person.lua", PersonForgotten)

    async def keep_link(self, entry: Entry, link: AddressLink) -> None:
        """The person may give their address by this link from now on, if they are of the staff."""
        await self._keep_link(
            entry,
            keys={"links": LINKS},
            args={
                "token": link.token_sha256,
                "person": link.person,
                "until_ms": round(link.expires.timestamp() * 1000),
            },
        )

    async def forget(self, entry: Entry, person: str) -> None:
        """The person's address goes, and their links, those too that are heard of later."""
        await self._forget(
            entry, keys={"links": LINKS, "addresses": ADDRESSES}, args={"person": person}
        )


def token_hash(token: str) -> str:
    """SHA-256 of a link's token, as the event tells it: a token is too random to be found from
    that."""
    return hashlib.sha256(token.encode()).hexdigest()


def _place(person: str) -> str:
    return f"staff:{person}"
