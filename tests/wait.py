"""Waiting for a condition, never for time."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class LateError(AssertionError):
    """A condition did not come true in time."""


async def until(condition: Callable[[], T | Awaitable[T]], timeout: float = 30.0) -> T:
    """Poll `condition` (plain or async) until it gives something true, and return that.

    Raises LateError after `timeout` seconds, with the last value seen.
    """
    deadline = asyncio.get_running_loop().time() + timeout
    while True:
        found = condition()
        value = await found if inspect.isawaitable(found) else found
        if value:
            return value
        if asyncio.get_running_loop().time() > deadline:
            raise LateError(f"not so within {timeout} s; last seen: {value!r}")
        await asyncio.sleep(0.01)
