"""The relay's limits: so many mails a second, an hour, a day, for all workers together."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis

from shared.bus import lua

KEY = "notify:turns"
AT_ONCE = 64
"""Turns taken at a time: what is granted counts, also where the relay then stops taking mail."""
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Turns:
    granted: int
    """Mails that may be sent now; they count, sent or not."""
    wait: float
    """Seconds until there are more; 0 where all that were asked for are granted."""


class TurnTaker:
    def __init__(self, redis: Redis, limits: Mapping[float, int]) -> None:
        """`limits` are mails in any span of so many seconds; there may be none."""
        self._limits = [
            part for seconds, most in limits.items() for part in (most, round(seconds * 1000))
        ]
        self._script = lua.load(redis, _HERE / "take_turns.lua")

    async def take(self, wanted: int) -> Turns:
        """At most `wanted` turns, and where there are limits at most `AT_ONCE`."""
        if not self._limits:
            return Turns(wanted, 0.0)
        args = [min(wanted, AT_ONCE), *self._limits]
        granted, wait = await self._script(keys=[KEY], args=args)
        return Turns(int(granted), int(wait) / 1000)
