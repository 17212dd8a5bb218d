"""The relay's limits: so many mails a second, an hour, a day, for all workers together.

They hold for any span of that length, wherever it begins, also over a restart. Deliveries may use
95 % of each. The other 5 % is kept for letters that somebody waits for, so that neither waits for
the other (promise G14).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from redis.asyncio import Redis

from shared.bus import lua

KEY = "notify:turns"
AT_ONCE = 64
"""Mails that are granted at a time, at most."""
LETTERS_PERCENT = 5
"""Of each limit, kept for letters."""
_SPARE_PERCENT = 10
"""Of each limit, out of the deliveries' part: for letters, while no delivery wants to mail."""
_JOINS_PERCENT = 1
"""Of each limit, out of the letters' part: for letters to people who join, while a delivery
mails."""
_HERE = Path(__file__).parent


class Limit(NamedTuple):
    """A number of mails that may go in any span of some seconds."""

    whose: str
    """Which mails count; empty: all."""
    seconds: float
    mails: int


class Use(Enum):
    """What the mails are for that a grant is asked for. The value is the script's word."""

    ALL = ""
    """Nothing is told apart."""
    DELIVERIES = "delivery"
    LETTERS = "letter"
    """Somebody waits for them."""
    JOINS = "joins"
    """Letters to people who join, while a delivery mails."""
    SPARE = "spare"
    """Any letters, while none does."""


def parts(limits: Mapping[float, int], use: Use) -> list[Limit]:
    """Pure: the limits that mail of this use keeps to. `limits`: for each span in seconds, the
    mails that may be sent in any such span."""
    found = [Limit("", seconds, mails) for seconds, mails in limits.items()]
    for seconds, mails in limits.items():
        letters = _part("letters", seconds, mails, LETTERS_PERCENT)
        whole = math.floor(mails * letters.seconds / seconds + 1e-9)
        deliveries = Limit("alerts", letters.seconds, whole - letters.mails)
        if use in (Use.DELIVERIES, Use.SPARE):
            found.append(deliveries)
        if use in (Use.LETTERS, Use.JOINS):
            found.append(letters)
        if use is Use.JOINS:
            found.append(_part("joins", seconds, mails, _JOINS_PERCENT))
        if use is Use.SPARE:
            found.append(_part("spare", seconds, mails, _SPARE_PERCENT))
    return found


def _part(whose: str, seconds: float, mails: int, percent: int) -> Limit:
    """A part of a limit, in percent. If that is less than one mail, it is one in a longer span."""
    if mails * percent >= 100:
        return Limit(whose, seconds, math.ceil(mails * percent / 100))
    return Limit(whose, seconds * 100 / (mails * percent), 1)


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

    def __init__(self, redis: Redis, limits: Mapping[float, int], use: Use = Use.ALL) -> None:
        """`limits`: for each span in seconds, the mails that may be sent in any such span."""
        mine = parts(limits, use)
        self._whose = [f"{limit.whose} " if limit.whose else "" for limit in mine]
        self._counts = [limit.mails for limit in mine]
        self._lengths_ms = [round(limit.seconds * 1000) for limit in mine]
        self._role = "letter" if use is Use.JOINS else use.value
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
                "role": self._role,
                "whose": self._whose,
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
                args={
                    "given_at": grant.at_ms,
                    "unused": count,
                    "whose": self._whose,
                    "lengths": self._lengths_ms,
                },
            )
