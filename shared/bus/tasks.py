"""Ending background work."""

import asyncio
from collections.abc import Iterable
from typing import Any

_PATIENCE_SECONDS = 0.2


async def end(tasks: Iterable["asyncio.Task[Any]"]) -> None:
    """Cancel `tasks` and wait until they have ended, whatever they end with.

    A single cancellation may get lost: until Python 3.12 `asyncio.wait_for` swallows one that
    comes as its work completes, and redis-py sends every command through it.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_PATIENCE_SECONDS)
