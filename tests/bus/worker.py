"""A consumer in a process of its own, which ends itself by SIGKILL at a chosen step.

Usage: python -m tests.bus.worker URL CONSUMER STEP, where STEP is one of `STEPS` or `none`.
"""

import asyncio
import os
import signal
import sys

from shared.bus import Bus, Effects, Entry
from tests.bus.helpers import FAST, page_of

STEPS = ("before the handler", "before the commit", "after the commit")


async def main(url: str, consumer: str, step: str) -> None:
    def reached(here: str) -> None:
        if here == step:
            os.kill(os.getpid(), signal.SIGKILL)

    async def handler(entry: Entry) -> None:
        reached(STEPS[0])
        page = page_of(entry)
        key = f"render:article:{page.subject}"
        reached(STEPS[1])
        await entry.commit(
            Effects(
                newer_than=(key, "emitted", page.data.revision),
                ops=[("HSET", key, "emitted", page.data.revision), ("HINCRBY", key, "effects", 1)],
                events=[("pages", page)],
            )
        )
        reached(STEPS[2])

    bus = Bus(url, service="render", consumer=consumer, timing=FAST)
    bus.consume("articles", handler)
    await bus.start()
    print("started", flush=True)  # noqa: T201
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
