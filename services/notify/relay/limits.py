"""The relay's limits: so many mails a second, an hour, a day, for all workers together."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis

from shared.bus import lua

KEY = "notify:turns"
AT_ONCE = 64
"""Turns taken at a time."""
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Grant:
    granted: int
    """Mails that may be sent now; they count until they are given back."""
    wait: float
    """Seconds until there are more; 0 where all that were asked for are granted."""
    at: int = 0
    """When, in milliseconds by Redis's clock."""


class Limits:
    def __init__(self, redis: Redis, limits: Mapping[float, int]) -> None:
        """`limits` are mails in any span of so many seconds; there may be none."""
        self._counts = list(limits.values())
        self._lengths_ms = [round(seconds * 1000) for seconds in limits]
        self._take = lua.load(redis, _HERE / "take.lua", lua.Done)
        self._give_back = lua.load(redis, _HERE / "give_back.lua", lua.Done)

    @property
    def are_limited(self) -> bool:
        return bool(self._counts)

    async def take(self, wanted: int) -> Grant:
        """At most `wanted` turns, and where there are limits at most `AT_ONCE`."""
        if not self._counts:
            return Grant(wanted, 0.0)
        answer = await self._take(
            keys={"slices": KEY},
            args={
                "wanted": min(wanted, AT_ONCE),
                "counts": self._counts,
                "lengths": self._lengths_ms,
            },
        )
        granted, wait, at = answer.values
        return Grant(int(granted), int(wait) / 1000, int(at))

    async def give_back(self, turns: Grant, count: int) -> None:
        """So many of `turns` were not used: their mails never left."""
        if self._counts and count:
            await self._give_back(
                keys={"slices": KEY},
                args={"given_at": turns.at, "unused": count, "lengths": self._lengths_ms},
            )
