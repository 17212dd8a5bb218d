"""A notify in a process of its own, with its sender at work against a sink, asked over a socket.

`python -m benchmarks.served serve URL DATA RELAY [CORE]` is that process: its Redis, its folder,
the sink's port, and the core that it keeps to. `mutant` instead of `serve` looks an address up
before it answers.
"""

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
import uvloop

from benchmarks.deliveries import with_relay
from benchmarks.world import World, end
from services.notify import app as notify
from services.notify.letters.asked import Asked
from services.notify.letters.store import Letters
from services.notify.members.store import Members
from shared import log
from shared.bus.users import as_user
from shared.settings import Settings
from varsel.run.connections import Impatient
from varsel.run.dispatch import Dispatch

_JOINS_AN_HOUR = 1_000_000
"""So that the sender looks up all of them."""


@contextmanager
def served(
    here: World, relay: int, how: str = "serve", *, core: int | None = None
) -> Iterator[int]:
    """The port of a notify in a process of its own, on one `core` if that is said."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.served", how, here.redis_url,
         str(here.settings.data), str(relay), *([] if core is None else [str(core)])],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert process.stdin and process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait()


async def _serve(redis_url: str, data: str, relay: int) -> None:
    """Until the standard input ends."""
    log.configure(logging.ERROR)
    base = Settings(data=Path(data), alert_approvals=0, join_letters_per_hour=_JOINS_AN_HOUR)
    settings = with_relay(base, relay, "http://127.0.0.1:9")
    service = notify.create(settings, as_user(redis_url, "notify"))
    for open_ in service.open:
        await open_()
    loops = [asyncio.ensure_future(loop()) for loop in service.loops]
    config = uvicorn.Config(
        Dispatch([service]), http=Impatient, log_config=None, access_log=False, lifespan="off",
        forwarded_allow_ips="127.0.0.1",
    )  # fmt: skip
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    print(listening.getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.should_exit = True
    await serving
    await end(loops)
    for close in service.close:
        await close()


def _look_up_first() -> None:
    """The mutant: an address is looked up before the letter is accepted."""
    ask = Letters.ask

    async def looks_up(self: Letters, asked: Asked) -> None:
        members = Members(self._redis, self._vault)
        (found,) = await members.find([asked.email])
        if found:
            await members.records([found.number])
        await ask(self, asked)

    Letters.ask = looks_up  # type: ignore[method-assign]


if __name__ == "__main__":
    what, url, data, relay, *on_core = sys.argv[1:]
    if on_core:
        os.sched_setaffinity(0, {int(on_core[0])})
    if what == "mutant":
        _look_up_first()
    uvloop.run(_serve(url, data, int(relay)))
