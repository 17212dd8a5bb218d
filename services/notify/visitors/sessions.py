"""Sessions in Redis: which member a browser is logged in as.

A session is found by a keyed hash of its cookie's value, so that a copy of Redis logs nobody in.
It ends when it is not used for an hour, twelve hours after it began, and when all sessions of its
member are ended. Each of those is one command of Redis, so there is no script here.
"""

import hmac
import time
from dataclasses import dataclass

from redis.asyncio import Redis

from services.notify.visitors.cookies import new_id

IDLE_SECONDS = 60 * 60
"""A session ends if nothing is asked in it for so long."""
LIFE_SECONDS = 12 * 60 * 60
"""And so long after it began, whatever is asked in it."""
_MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Session:
    id: str
    """The cookie's value."""
    number: int
    """The member's."""


class Sessions:
    """Those of all members; `key`, of 32 bytes, makes the hashes."""

    def __init__(self, redis: Redis, key: bytes) -> None:
        self._redis = redis
        self._key = key

    async def begin(self, number: int) -> Session:
        """A new session of this member. Each log-in has one of its own."""
        session = Session(new_id(), number)
        await self._redis.set(self._place(session.id), f"{number} {_now()}", ex=IDLE_SECONDS)
        return session

    async def look(self, id_: str) -> Session | None:
        """The session with this cookie, if it has not ended; from now on it idles anew."""
        if not id_:
            return None
        found = await self._redis.getex(self._place(id_), ex=IDLE_SECONDS)
        if found is None:
            return None
        number, began = map(int, found.split())
        ended = await self._redis.get(_ended_key(number))
        if began <= int(ended or 0) or _now() - began >= LIFE_SECONDS * _MICROSECONDS:
            await self.end(id_)
            return None
        return Session(id_, number)

    async def end(self, id_: str) -> None:
        """End this session. Idempotent."""
        await self._redis.delete(self._place(id_))

    async def end_all(self, number: int) -> None:
        """As the function of this name."""
        await end_all(self._redis, number)

    def _place(self, id_: str) -> str:
        hashed = hmac.digest(self._key, f"session {id_}".encode(), "sha256").hex()
        return f"notify:session:{hashed}"


async def end_all(redis: Redis, number: int) -> None:
    """End every session of the member that has begun by now, whatever browser it is in."""
    await redis.set(_ended_key(number), _now(), ex=LIFE_SECONDS)


def _ended_key(number: int) -> str:
    """The key that holds when all sessions of the member were ended. It is kept for as long as one
    that began before could live."""
    return f"notify:sessions-ended:{number}"


def _now() -> int:
    """Microseconds since 1970: a session that begins right after an end is later than it."""
    return time.time_ns() // 1000
