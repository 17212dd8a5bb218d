"""What the association says of itself, in a service's own key: a hash of `version` and `data`."""

from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.bus import Effects
from shared.events import SiteDressed
from shared.identity import Identity


class KeptIdentity:
    """The newest identity in the hash `key`. Each process remembers the one that it read last."""

    def __init__(self, redis: Redis, key: str) -> None:
        self._redis = redis
        self._key = key
        self._version: bytes | str | None = None
        self.known = Identity()
        """As it was read last, for callers without time to ask, or without Redis."""

    def effects(self, event: SiteDressed) -> Effects:
        """What to write when the association says something else of itself. Nothing if something
        newer is known."""
        version, identity = event.data.version, event.data.identity
        return Effects(
            newer_than=(self._key, "version", version),
            ops=[("HSET", self._key, "version", version, "data", identity.model_dump_json())],
        )

    async def newest(self) -> Identity:
        """What the association says of itself now. Whoever shows it asks each time, so only the
        version is read where it is known. Raises redis-py's errors."""
        version = await self._redis.hget(self._key, "version")
        if version != self._version:
            version, data = await self._redis.hmget(self._key, ["version", "data"])
            self.known = Identity.model_validate_json(data or b"{}")
            self._version = version
        return self.known


class Dressing:
    """An ASGI app in front of another, whose pages show `kept.known`: it is the newest for each
    request, or while Redis is away the last one."""

    def __init__(self, app: ASGIApp, kept: KeptIdentity) -> None:
        self._app = app
        self._kept = kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(RedisError, OSError):
            await self._kept.newest()
        await self._app(scope, receive, send)
