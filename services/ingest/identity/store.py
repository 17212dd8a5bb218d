"""The identity in Redis: the hash `ingest:identity` has `version`, `data` and `origin`."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal, cast

from redis.asyncio import Redis

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from shared.bus import lua
from shared.bus.streams import text
from shared.events import SiteDressed
from shared.identity import Identity

IDENTITY = "ingest:identity"
_STREAM = "reference"
Origin = Literal["newsroom", "file"]


class IdentityWord(StrEnum):
    """The answers of change.lua."""

    DONE = "done"
    MOVED = "moved"


@dataclass(frozen=True)
class StoredIdentity:
    identity: Identity
    version: int
    """0 if nobody has said anything yet."""
    origin: Origin


class Identities:
    """The association's identity. The methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._trail = Trail(redis)
        self._script = lua.load(redis, Path(__file__).with_name("change.lua"), IdentityWord)

    async def now(self) -> StoredIdentity:
        """What the association says of itself now."""
        stored = await self._redis.hgetall(IDENTITY)
        if not stored:
            return StoredIdentity(Identity(), 0, "newsroom")
        return StoredIdentity(
            Identity.model_validate_json(stored[b"data"]),
            int(stored[b"version"]),
            cast("Origin", text(stored[b"origin"])),
        )

    async def put(self, identity: Identity, by: str, origin: Origin, seen: int) -> bool:
        """Say this from now on; `by` is who does it, for the trail. False, without effect, if it is
        no longer version `seen` that it takes the place of. What is so already changes nothing."""
        while True:
            before = await self.now()
            if (before.identity, before.origin) == (identity, origin):
                return True  # perhaps by this very call, whose answer was lost
            if before.version != seen:
                return False
            action = TrailAction(by, "site_changed", detail={"origin": origin})
            prepared = await self._trail.prepare([action])
            event = SiteDressed.about(identity, before.version + 1)
            answer = await self._script(
                keys={"identity": IDENTITY, "stream": _STREAM} | prepared.keys,
                args={
                    "version": before.version + 1,
                    "after": identity.model_dump_json(),
                    "origin": origin,
                    "event": lua.fields(event),
                }
                | prepared.args,
            )
            if answer.word is IdentityWord.DONE:
                return True
