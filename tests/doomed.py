"""A process that kills itself with SIGKILL at a command to Redis."""

import os
import signal
from collections.abc import Callable
from typing import Any

from redis.asyncio.connection import AbstractConnection


def doom(step: int) -> None:
    """End this process at its next commands: 1 is before the first is sent, 2 after it was and
    before its answer is read, 3 before the second, and so on."""
    left = step
    send: Callable[..., Any] = AbstractConnection.send_packed_command

    def meet() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    async def doomed(self: Any, *args: Any, **more: Any) -> Any:
        meet()
        found = await send(self, *args, **more)
        meet()
        return found

    AbstractConnection.send_packed_command = doomed  # type: ignore[method-assign]
