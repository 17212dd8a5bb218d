"""A process that does one flow, and is killed before its Nth step: a write to the journal, or a
command to Redis.

`python -m tests.notify.members.doomed URL FOLDER FLOW NUMBER STEP`; the exit code is 0 if the flow
was done before that. It prints `noted` once the journal's disk has confirmed a line.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection

from services.notify.journal.files import JournalFile
from services.notify.members.member import Member
from tests.notify.members.people import People

EMAIL = "kari.canary@example.org"


class _Fate:
    def __init__(self, step: int) -> None:
        self._left = step
        self.begun = False

    def meets(self) -> None:
        """One step is about to be done."""
        self._left -= self.begun
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _doom(fate: _Fate) -> None:
    append = JournalFile.append
    send: Callable[..., Any] = AbstractConnection.send_packed_command

    def doomed_append(self: JournalFile, lines: list[bytes]) -> None:
        fate.meets()
        append(self, lines)
        if lines and fate.begun:
            print("noted", flush=True)  # noqa: T201

    async def doomed_send(self: Any, *args: Any, **more: Any) -> Any:
        fate.meets()
        return await send(self, *args, **more)

    JournalFile.append = doomed_append  # type: ignore[method-assign]
    AbstractConnection.send_packed_command = doomed_send  # type: ignore[method-assign]


async def main(url: str, folder: str, flow: str, number: str, step: str) -> None:
    fate = _Fate(int(step))
    _doom(fate)
    async with Redis.from_url(url) as redis:
        people = People(redis, Path(folder))
        await redis.ping()
        fate.begun = True
        those = people.membership
        if flow == "join":
            await those.join(Member(EMAIL, "Kari Canary", "nb", "consent"))
        else:
            await {"leave": those.leave, "erase": those.erase, "come_back": those.come_back}[flow](
                int(number)
            )
        fate.begun = False


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
