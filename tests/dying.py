"""A process that dies when it asks Redis for the nth time, played within the test's own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from redis.asyncio.connection import AbstractConnection


class Killed(Exception):
    """The process has died."""


@contextmanager
def dying(monkeypatch: pytest.MonkeyPatch, step: int) -> Iterator[Callable[[], bool]]:
    """Whoever asks Redis for the nth time dies; gives whether they did."""
    send: Callable[..., Any] = AbstractConnection.send_packed_command
    left = step

    async def dies(self: AbstractConnection, *args: Any, **more: Any) -> Any:
        nonlocal left
        left -= 1
        if left <= 0:
            raise Killed
        return await send(self, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(AbstractConnection, "send_packed_command", dies)
        yield lambda: left <= 0
