"""The relay's limits: so many mails a second, an hour, a day, for all workers together.

They hold for any span of that length, wherever it begins, also over a restart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis

from shared.bus import lua

KEY = "notify:turns"
AT_ONCE = 64
"""Mails that are granted at a time, at most."""
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Grant:
    """What the limits allow at one moment."""

    mails: int
    """How many may be sent now; they count until they are given back."""
    wait_seconds: float
    """Until more may be sent; 0 if all that were asked for are granted."""
    at_ms: int = 0
    """The moment, in milliseconds since 1970 by Redis's clock."""


class Limits:
    """Asked by each worker before it sends; what was granted is kept in Redis."""

    def __init__(self, redis: Redis, limits: Mapping[float, int]) -> None:
        """`limits`: for each span in seconds, the mails that may be sent in any such span."""
        self._counts = list(limits.values())
        self._lengths_ms = [round(seconds * 1000) for seconds in limits]
        self._take = lua.load(redis, _HERE / "take.lua", lua.Done)
        self._give_back = lua.load(redis, _HERE / "give_back.lua", lua.Done)

    @property
    def are_set(self) -> bool:
        """Whether there is any limit."""
        return bool(self._counts)

    async def take(self, wanted: int) -> Grant:
        """A grant of at most `wanted` mails; if there are limits, of at most `AT_ONCE`."""
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

    async def give_back(self, grant: Grant, count: int) -> None:
        """Tell that `count` mails of the grant never left, so they count no more."""
        if self._counts and count:
            await self._give_back(
                keys={"slices": KEY},
                args={"given_at": grant.at_ms, "unused": count, "lengths": self._lengths_ms},
            )
