"""Sessions in Redis: as whom a browser is logged in.

A session is found by a keyed hash of its cookie's value, so that a copy of Redis logs nobody in.
It ends when it is not used for a while, some time after it began, and when all sessions of the same
person are ended. Each of those is one command of Redis, so there is no script here. It knows what
let its person in, and when: whoever finds a browser open must not be able to make themselves a key.
"""

import hmac
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple, cast

from redis.asyncio import Redis

from shared.visitors.cookies import new_id

_HOUR_SECONDS = 60 * 60
_MICROSECONDS = 1_000_000
FRESH_SECONDS = 15 * 60
"""How long what let somebody in proves who they are, if they want to make a new way in (OWASP ASVS
5.0, 7.5.1: anew before such a change; NIST SP 800-63B-4, 2.3.3, has 15 minutes for the strictest
case). A code in a letter works for as long."""


class Proof(StrEnum):
    """What let somebody in."""

    LETTER = "letter"
    """A link or a code that was mailed to them."""
    PASSKEY = "passkey"
    INVITATION = "invitation"
    OTHER = "other"
    """Another log-in, or none if a system is only tried."""


class SessionTerms(NamedTuple):
    """Where a service keeps its sessions, and how long they last."""

    place: str
    """How the keys of sessions in Redis begin."""
    ended: str
    """How the keys begin that say when all sessions of somebody ended."""
    of: str
    """How the keys begin that say which sessions somebody has, by their hashes: so that they can
    see them."""
    idle_seconds: int
    """A session ends if nothing is asked in it for so long."""
    life_seconds: int
    """And so long after it began, whatever is asked in it."""


MEMBER_SESSIONS = SessionTerms(
    "notify:session",
    "notify:sessions-ended",
    "notify:sessions-of",
    _HOUR_SECONDS,
    12 * _HOUR_SECONDS,
)
STAFF_SESSIONS = SessionTerms(
    "ingest:session",
    "ingest:sessions-ended",
    "ingest:sessions-of",
    12 * _HOUR_SECONDS,
    7 * 24 * _HOUR_SECONDS,
)
"""A day at work is one session; a browser that was left open for a week logs in again."""


@dataclass(frozen=True)
class Session:
    id: str
    """The cookie's value."""
    who: str
    """A member's number, or the id of one of the staff; without spaces."""
    proof: Proof
    """What let them in."""
    proved_at: int
    """When, in microseconds since 1970."""

    def is_fresh(self, *proofs: Proof) -> bool:
        """Whether one of these let them in, and not long ago."""
        return self.proof in proofs and _now() - self.proved_at < FRESH_SECONDS * _MICROSECONDS


class Sessions:
    """The sessions of a service; `key`, of 32 bytes, makes the hashes."""

    def __init__(self, redis: Redis, terms: SessionTerms, key: bytes) -> None:
        self._redis = redis
        self._terms = terms
        self._key = key

    async def begin(self, who: str, proof: Proof = Proof.OTHER) -> Session:
        """A new session of this person, whom this let in now. Each log-in has one of its own."""
        return await self._begin(Session(new_id(), who, proof, _now()))

    async def go_on(self, former: Session, who: str) -> Session:
        """A new session in the place of one that ends, for the same person, who may have another
        number now. It is no new proof of who they are."""
        return await self._begin(Session(new_id(), who, former.proof, former.proved_at))

    async def _begin(self, session: Session) -> Session:
        said = f"{session.who} {_now()} {session.proof} {session.proved_at}"
        place, of = self._place(session.id), _of_key(self._terms, session.who)
        now = time.time()
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.zremrangebyscore(of, "-inf", now - self._terms.life_seconds)
            pipe.zadd(of, {place.rpartition(":")[2]: now})
            pipe.expire(of, self._terms.life_seconds)
            pipe.set(place, said, ex=self._terms.idle_seconds)  # last: none that nobody is told of
            await pipe.execute()
        return session

    async def look(self, id_: str, *, idles: bool = True) -> Session | None:
        """The session with this cookie, if it has not ended; from now on it idles anew, if
        `idles`."""
        if not id_:
            return None
        place, seconds = self._place(id_), self._terms.idle_seconds
        redis = self._redis
        found = await (redis.getex(place, ex=seconds) if idles else redis.get(place))
        if found is None:
            return None
        who, began, proof, proved_at = cast("bytes", found).decode().split()
        ended = await self._redis.get(_ended_key(self._terms, who))
        lives = self._terms.life_seconds * _MICROSECONDS
        if int(began) <= int(ended or 0) or _now() - int(began) >= lives:
            await self.end(id_)
            return None
        return Session(id_, who, Proof(proof), int(proved_at))

    async def end(self, id_: str) -> None:
        """End this session. Idempotent."""
        await self._redis.delete(self._place(id_))

    async def end_all(self, who: str) -> None:
        """As the function of this name."""
        await end_all(self._redis, self._terms, who)

    def _place(self, id_: str) -> str:
        hashed = hmac.digest(self._key, f"session {id_}".encode(), "sha256").hex()
        return f"{self._terms.place}:{hashed}"


async def end_all(redis: Redis, terms: SessionTerms, who: str) -> None:
    """End every session of the person that has begun by now, whatever browser it is in."""
    await redis.set(_ended_key(terms, who), _now(), ex=terms.life_seconds)


@dataclass(frozen=True)
class SessionSeen:
    """A session that lives, without what would log anybody in."""

    began: datetime
    """The session itself: one that goes on after a change is a new one."""
    proof: Proof
    proved_at: datetime


async def sessions_of(
    redis: Redis, terms: SessionTerms, whos: Collection[str]
) -> list[SessionSeen]:
    """The sessions of somebody, by any of these names, the oldest first."""
    ended = {who: int(await redis.get(_ended_key(terms, who)) or 0) for who in whos}
    found = []
    hashes = [one for who in whos for one in await redis.zrange(_of_key(terms, who), 0, -1)]
    for hashed in cast("list[bytes]", hashes):
        said = cast("bytes | None", await redis.get(f"{terms.place}:{hashed.decode()}"))
        if said is None:
            continue
        who, began, proof, proved_at = said.decode().split()
        if who in ended and int(began) > ended[who]:
            found.append(SessionSeen(_moment(began), Proof(proof), _moment(proved_at)))
    return sorted(found, key=lambda one: one.began)


async def ended_at(redis: Redis, terms: SessionTerms, who: str) -> datetime | None:
    """When all sessions of somebody were last ended, as long as that is kept."""
    found = await redis.get(_ended_key(terms, who))
    return _moment(found) if found else None


def _of_key(terms: SessionTerms, who: str) -> str:
    return f"{terms.of}:{who}"


def _moment(microseconds: bytes | str) -> datetime:
    return datetime.fromtimestamp(int(microseconds) / _MICROSECONDS, UTC)


def _ended_key(terms: SessionTerms, who: str) -> str:
    """The key that holds when all sessions of the person were ended. It is kept for as long as one
    that began before could live."""
    return f"{terms.ended}:{who}"


def _now() -> int:
    """Microseconds since 1970: a session that begins right after an end is later than it."""
    return time.time_ns() // 1000
