"""A process that handles what came back, and is killed with SIGKILL right after one step of it.

Usage: python -m tests.notify.bounces.handler REDIS_URL SECRET STEP. Without a step it goes on until
nothing waits.
"""

import asyncio
import os
import signal
import sys
from functools import partial
from typing import Any

from services.notify.bounces import store
from services.notify.bounces.handle_bounces import HandleBounces
from services.notify.bounces.outcomes import came_back, complaint, mark_address, surge
from services.notify.bounces.store import Bounces
from services.notify.members.store import Members, leave
from services.notify.vault import keys
from services.notify.vault.vault import Vault
from shared.bus import connect

STEPS = {
    "take": (Bounces, "take"),
    "came_back": (came_back, "note"),
    "mark": (mark_address, "mark"),
    "surge": (surge, "take_back"),
    "leave": (complaint, "leave"),
    "handled": (Bounces, "handled"),
}


async def main(url: str, secret: str, step: str) -> None:
    store.LEASE_SECONDS = 0.2
    if step:
        _die_after(*STEPS[step])
    async with connect(url) as redis:
        found = await keys.load(redis, secret)
        vault = Vault(found.vault, found.index)
        bounces = Bounces(redis, vault)
        handle = HandleBounces(
            redis, bounces, members=Members(redis, vault), leave=partial(leave, redis)
        )
        while await bounces.waiting():
            await handle.handle_some()
            await asyncio.sleep(0.05)
        await handle.close()


def _die_after(place: Any, name: str) -> None:
    step = getattr(place, name)

    async def and_die(*args: Any, **kwargs: Any) -> Any:
        await step(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(place, name, and_die)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
