"""Which data a service began with, so that it notices when Redis holds other data.

Redis may be emptied while a service runs, or its keys replaced by those of a backup or of another
system. What the service has in its hands and in memory, the members' keys among it, belongs to none
of that. So it does nothing more: it mails nobody, writes nothing, and says so.

Each service keeps a random id in Redis, the field `epoch` of a hash of its own, and remembers what
it found there at its start. The keeper looks at it twice a second. Redis itself compares it before
each script of the service, so that none has an effect on other data, at no moment (see lua.py).
Once over, an epoch stays over: only a restart begins another, since a person has to look first.
"""

import asyncio
import secrets
from collections.abc import Awaitable
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

FIELD = "epoch"
OTHER_DATA = (
    "other_data: Redis was emptied, or its keys were replaced, while this service ran; nobody is "
    "mailed. Stop all services, put the backup back (or begin anew), then start them"
)
"""The problem, in health."""


class EpochOver(RedisError):
    """Redis no longer holds the data that the service began with, or none that it can read."""


class Epoch:
    """The epoch of one service in one process, in the field `epoch` of the hash `key`."""

    def __init__(self, redis: Redis, key: str) -> None:
        self._redis = redis
        self.key = key
        self.id = ""
        """Empty until it is begun."""
        self.over = asyncio.Event()
        self.problem = OTHER_DATA
        """Why it is over, once it is."""

    @property
    def is_over(self) -> bool:
        return self.over.is_set()

    async def begin(self) -> None:
        """Take the id that is there, or make one if there is none. redis-py's errors. Does
        nothing if it is begun."""
        if self.id:
            return
        if not (found := await self._found()):
            await self._redis.hsetnx(self.key, FIELD, secrets.token_hex(8))
            found = await self._found()
        self.id = found

    async def check(self) -> None:
        """See that the epoch lasts, if it is begun; EpochOver if it does not, else redis-py's
        errors. Changes nothing."""
        if self.is_over or (self.id and await self._found() != self.id):
            raise self.end()

    def end(self, problem: str = OTHER_DATA) -> EpochOver:
        """Note that it is over, and why; gives the error to raise. The first reason stands."""
        if not self.is_over:
            self.problem = problem
        self.over.set()
        return EpochOver(self.problem.partition(":")[0])

    async def _found(self) -> str:
        found = await cast("Awaitable[bytes | None]", self._redis.hget(self.key, FIELD))
        return (found or b"").decode()


class ServiceRedis(Redis):
    """A service's client: its scripts have an effect in the service's epoch only."""

    epoch: Epoch | None = None
