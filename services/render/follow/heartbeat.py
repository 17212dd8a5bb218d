"""Whether the whole way from ingest over render to the followers' posts is alive, as render sees.

It goes by the streams: does somebody read what should be read, and does nothing wait for long? So
it also stops for an alert that is stuck, and not only for a process that is dead.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from redis.asyncio import Redis

from shared.bus.lag import GroupState, group_states

SILENT_SECONDS = 60.0
"""A group none of whose consumers has asked for events for so long is dead; they ask every two
seconds."""
STUCK_SECONDS = 300.0
"""An event that is not settled for so long is stuck."""
_KEPT_SECONDS = 5.0
"""How long what was seen is told again, however many ask."""
_STREAMS = ("articles", "pages")


class ChainStands(Exception):
    """Some part of the way is not alive; the message names it, in Norwegian."""


def standing(groups: Sequence[GroupState]) -> str:
    """What stands still, of the groups that read `articles` and `pages`; empty if nothing does.
    Pure."""
    for one in groups:
        if one.silent_seconds is None or one.silent_seconds > SILENT_SECONDS:
            return f"{one.group} leser ikke det som kommer"
        if one.oldest_seconds > STUCK_SECONDS:
            return f"noe har ventet på {one.group} i over {STUCK_SECONDS / 60:.0f} minutter"
    return ""


class Heartbeat:
    """Looks at most every five seconds."""

    def __init__(self, redis: Redis, clock: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._clock = clock
        self._turn = asyncio.Lock()
        self._seen_at = -_KEPT_SECONDS
        self._alive_at = datetime.now(UTC)
        self._stands = ""

    async def alive_at(self) -> datetime:
        """When all of it was last seen to be alive. ChainStands if it was not when somebody looked
        last; redis-py's errors."""
        async with self._turn:
            if self._clock() - self._seen_at >= _KEPT_SECONDS:
                now = datetime.now(UTC)
                self._stands = standing(await group_states(self._redis, _STREAMS))
                self._alive_at, self._seen_at = now, self._clock()
        if self._stands:
            raise ChainStands(self._stands)
        return self._alive_at
