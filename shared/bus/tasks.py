"""Work beside other work, and its end."""

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from contextlib import suppress
from typing import Any

_PATIENCE_SECONDS = 0.2


async def together(*works: Awaitable[Any]) -> "Sequence[asyncio.Future[Any]]":
    """Do `works` at the same time, each to its end whatever becomes of the others. Gives each as it
    ended: `result()` has what it gave, or raises what it raised."""
    done = [asyncio.ensure_future(work) for work in works]
    await asyncio.gather(*done, return_exceptions=True)
    return done


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


async def end_for_sure(tasks: Iterable["asyncio.Task[Any]"]) -> None:
    """The same where whoever calls is being cancelled too, perhaps again and again: it returns once
    all have ended. A `TaskGroup` cancels each of its tasks once, so whoever has one calls this
    before it ends: else it waits for ever for a task whose cancellation got lost."""
    ending = asyncio.ensure_future(end(tasks))
    while not ending.done():
        with suppress(asyncio.CancelledError):
            await asyncio.shield(ending)
