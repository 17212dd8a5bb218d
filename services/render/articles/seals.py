"""The seals of the audit trail, in `render:seals`: a hash from the day to the newest seal of it."""

from pathlib import Path

from redis.asyncio import Redis

from shared.bus import lua
from shared.event_data import Seal

_SEALS = "render:seals"


class Seals:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._keep = lua.load(redis, Path(__file__).with_name("store_seal.lua"), lua.Done)

    async def keep(self, seal: Seal) -> None:
        """Store `seal` unless one of that day with as many entries or more is stored."""
        await self._keep(
            keys={"seals": _SEALS},
            args={
                "day": seal.day.isoformat(),
                "entries": seal.entries,
                "seal": seal.model_dump_json(),
            },
        )

    async def all(self) -> list[Seal]:
        """All of them, newest day first."""
        kept = await self._redis.hvals(_SEALS)
        seals = (Seal.model_validate_json(seal) for seal in kept)
        return sorted(seals, key=lambda seal: seal.day, reverse=True)
