"""Many reads of Redis in one answer, for what pages are made of: redis-py takes some 40 µs over
each answer of a pipeline, and Redis one or two over what is in it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from shared.bus import lua

Read = tuple[str | int, ...]
"""A command that reads, its key, and its arguments."""
_MOST = 500
"""Reads in one script: some milliseconds in which Redis does nothing else."""


class Reads:
    """The method raises redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._script = lua.load(redis, Path(__file__).with_name("read_many.lua"), lua.Done)

    async def all(self, reads: Sequence[Read]) -> list[Any]:
        """What Redis answers to each of `reads`, as it answers a script: scores stand between the
        members, as text. Each sees the state at its own moment, as in a pipeline."""
        found: list[Any] = []
        for first in range(0, len(reads), _MOST):
            some = reads[first : first + _MOST]
            answer = await self._script(
                keys={"read": [str(key) for _, key, *_ in some]},
                args={"reads": [[command, *map(str, rest)] for command, _, *rest in some]},
            )
            found += answer.values[0]
        return found
