"""notify in a process of its own, which is killed with SIGKILL at a step of the journal.

Usage: python -m tests.notify.journal.doomed REDIS_URL KIND MOMENT, with the pickled settings on
standard input; see gate.py for kinds.
"""

import asyncio
import os
import pickle
import signal
import sys
from typing import Any

from shared.settings import Settings
from tests.chaos import gate
from tests.notify.system import System, running


async def main(url: str, kind: str, moment: str) -> None:
    settings: Settings = pickle.load(sys.stdin.buffer)  # the test's own

    def tell(*step: str) -> None:
        if step == (kind, moment):
            os.kill(os.getpid(), signal.SIGKILL)

    gate.install(tell)
    nobody: Any = None
    async with running(System(nobody, url, settings, nobody, nobody)):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
