"""What the guard and Prometheus take of a system: the processor time of a look and of a scrape, as
often as they come, beside what the system itself takes while it mails.

A look and a scrape are measured while the same delivery is held, where nothing else hides them.
`python -m benchmarks.guarding MEMBERS`, as 100000.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import uvloop

from benchmarks.busy import Busy, busy
from services.notify.ledger import control
from varsel.guard.look_outside import OutsideLooker
from varsel.guard.settings import GuardSettings
from varsel.guard.sight import Memory
from varsel.guard.stand_guard import BETWEEN_SECONDS

MEMBERS = 60_000
SCRAPE_SECONDS = 15.0
"""As deploy/metrics/prometheus.yml has it."""
TIMES, ROUNDS = 40, 4
_SECONDS = 5.0
_TICKS = os.sysconf("SC_CLK_TCK")


async def measure(members: int = MEMBERS) -> AsyncIterator[tuple[str, str, str]]:
    async with busy(members) as here, httpx.AsyncClient(timeout=30) as client:
        key = here.up.json("keys", "create", "vakt", "--only", "receipts")["key"]
        busy_share = await _share(here, lambda: asyncio.sleep(_SECONDS))
        assert await here.handed_over() < members, "it was over meanwhile: take more members"
        await control.control(here.redis, here.delivery, "hold", why="operator")
        await asyncio.sleep(_SECONDS)  # what was on its way
        metrics = f"{here.up.url}/metrics"
        with tempfile.TemporaryDirectory() as folder:
            guard = GuardSettings(site=here.up.url, key=key, state=Path(folder))
            looker, memory = OutsideLooker(guard), Memory()
            scrape = await _each(here, lambda: client.get(metrics))
            own = time.process_time()
            look = await _each(here, lambda: looker.look(memory))
            own = (time.process_time() - own) / TIMES
    taken = scrape / SCRAPE_SECONDS + look / BETWEEN_SECONDS
    yield (
        f"processor time of a system for guard and metrics beside all that it takes while it mails "
        f"{members}",
        f"{taken / busy_share:.4f} ({scrape * 1000:.1f} ms a scrape, {look * 1000:.1f} ms a look, "
        f"{busy_share:.2f} cores busy)",
        "≤ 0.01",
    )
    yield (
        "processor time of the guard itself beside one core, on its own machine",
        f"{own / BETWEEN_SECONDS:.4f} ({own * 1000:.1f} ms a look)",
        "≤ 0.01",
    )


async def _each(here: Busy, work: Callable[[], Awaitable[object]]) -> float:
    """Processor seconds of the system for doing it once, without what it takes by itself: that is
    measured in turn with it, since it changes."""

    async def some() -> None:
        for _ in range(TIMES // ROUNDS):
            await work()

    more = 0.0
    for _ in range(ROUNDS):
        idle = await _share(here, lambda: asyncio.sleep(_SECONDS / 2))
        begun = time.perf_counter()
        share = await _share(here, some)
        more += (share - idle) * (time.perf_counter() - begun)
    return max(more, 0.0) / TIMES


async def _share(here: Busy, work: Callable[[], Awaitable[None]]) -> float:
    """Cores that the system takes while the work is done: its process, and the server."""
    before, begun = await _taken(here), time.perf_counter()
    await work()
    return (await _taken(here) - before) / (time.perf_counter() - begun)


async def _taken(here: Busy) -> float:
    assert here.up.process
    own = _processor_seconds(here.up.process.pid)
    info = await here.redis.info("cpu")
    return own + float(info["used_cpu_sys"] + info["used_cpu_user"])


def _processor_seconds(pid: int) -> float:
    """See proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


async def _main(members: int) -> None:
    async for figure, value, wanted in measure(members):
        print(f"| {figure} | {value} | {wanted} |")


if __name__ == "__main__":
    uvloop.run(_main(int(sys.argv[1])))
