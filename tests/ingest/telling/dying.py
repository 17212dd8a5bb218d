"""A process that has people told, and ends itself by SIGKILL at a chosen step.

Usage: python -m tests.ingest.telling.dying URL STEP, where STEP is one of `STEPS`.
"""

import asyncio
import os
import signal
import sys
from typing import Any

from redis.asyncio import Redis

from services.ingest.receipts.staff_facts import StaffFactsOf
from services.ingest.telling.store import Tellings
from tests.ingest.telling.steps import teller

_METHODS = {
    "due": (Tellings, "due"),
    "facts": (StaffFactsOf, "__call__"),
    "settle": (Tellings, "settle"),
}
STEPS = [f"{when} {name}" for name in _METHODS for when in ("before", "after")]


def die_at(step: str) -> None:
    when, name = step.split()
    owner, method = _METHODS[name]
    real = getattr(owner, method)

    async def dying(self: Any, *args: Any, **kwargs: Any) -> Any:
        if when == "after":
            await real(self, *args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, method, dying)


async def main(url: str, step: str) -> None:
    die_at(step)
    await teller(Redis.from_url(url)).look()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
