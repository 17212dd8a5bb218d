"""notify in a process of its own, which ends itself by SIGKILL at a chosen step of a letter.

Usage: python -m tests.notify.letters.sender URL SETTINGS STEP. SETTINGS is JSON, STEP is one of
`STEPS`, or `none`.
"""

import asyncio
import json
import os
import signal
import sys
from typing import Any

from services.notify.letters import store
from services.notify.letters.hand_over import HandOver
from services.notify.letters.store import Letters
from services.notify.letters.tickets import Tickets
from tests.make import settings
from tests.notify.system import System, serving

LEASE_SECONDS = 1.0
"""So that what a killed sender had in hand soon comes again."""
METHODS = {
    "take": (Letters, "take"),
    "read": (Letters, "read"),
    "admit": (Letters, "admit"),
    "put_with_joins": (Letters, "put_with_joins"),
    "make": (Tickets, "make"),
    "grant": (HandOver, "grant"),
    "send": (HandOver, "send"),
    "finish": (Letters, "finish"),
}
STEPS = [f"{when} {name}" for name in METHODS for when in ("before", "after")]


def die_at(step: str) -> None:
    when, name = step.split()
    owner, method = METHODS[name]
    real = getattr(owner, method)

    async def dying(self: Any, *args: Any, **kwargs: Any) -> Any:
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        found = await real(self, *args, **kwargs)
        if name != "take" or found[0]:  # a look that finds nothing is no step of a letter
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    setattr(owner, method, dying)


async def main(url: str, given: str, step: str) -> None:
    store.LEASE_SECONDS = LEASE_SECONDS
    if step != "none":
        die_at(step)
    # Relay and site are the test's own.
    on = System(None, url, settings(**json.loads(given)), None, None)  # type: ignore[arg-type]
    async with serving(on, consumer=f"notify-{os.getpid()}"):
        print("started", flush=True)  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
