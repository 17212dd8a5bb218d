"""A process that handles what came back, and is killed with SIGKILL right after one step of it.

Usage: python -m tests.notify.bounces.handler REDIS_URL SECRET STEP [IMAP_URL]. Without a step it
goes on until nothing waits. With a mailbox's address it looks into that first.
"""

import asyncio
import os
import signal
import sys
from functools import partial
from inspect import iscoroutinefunction
from typing import Any

from services.notify.bounces import mailbox, store
from services.notify.bounces.handle_bounces import HandleBounces
from services.notify.bounces.intake import ReturnIntake
from services.notify.bounces.mailbox import Mailbox
from services.notify.bounces.outcomes import came_back, complaint, mark_address, surge
from services.notify.bounces.store import Bounces
from services.notify.members.store import Members, leave
from services.notify.vault import keys
from services.notify.vault.return_paths import ReturnPaths
from services.notify.vault.tokens import Tokens
from services.notify.vault.vault import Vault
from shared.bus import connect
from tests.notify.bounces.steps import ADDRESS

STEPS = {
    "take": (Bounces, "take"),
    "came_back": (came_back, "note"),
    "mark": (mark_address, "mark"),
    "surge": (surge, "take_back"),
    "leave": (complaint, "leave"),
    "handled": (Bounces, "handled"),
}
LOOKS = {
    "fetched": (mailbox.MailSession, "fetch"),
    "kept": (ReturnIntake, "take"),
    "removed": (mailbox.MailSession, "remove"),
    "gone on": (Mailbox, "_read_on"),
}
"""Steps of a look into the mailbox."""


async def main(url: str, secret: str, step: str, imap: str = "") -> None:
    store.LEASE_SECONDS = 0.2
    if step:
        _die_after(*(STEPS | LOOKS)[step])
    async with connect(url) as redis:
        found = await keys.load(redis, secret)
        vault = Vault(found.vault, found.index)
        bounces = Bounces(redis, vault)
        if imap:
            paths = ReturnPaths(found.returns, ADDRESS)
            intake = ReturnIntake(redis, bounces, paths, Tokens(found.token))
            await Mailbox(redis, intake, mailbox.parse(imap)).look()
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

    def blocks_and_dies(*args: Any, **kwargs: Any) -> Any:
        step(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(place, name, and_die if iscoroutinefunction(step) else blocks_and_dies)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
