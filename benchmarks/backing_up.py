"""How much of its speed a delivery keeps while a backup is taken, looked through and sealed: slices
with a backup and without in turn, in one delivery; and what that is of a delivery with one backup.

`python -m benchmarks.backing_up MEMBERS`, as 1000000 (some ten minutes).
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable
from statistics import median

import uvloop

from benchmarks.busy import Busy, busy
from varsel.backup.archive import new_identity

MEMBERS = 60_000
_UNTIL = 0.95
"""Of the members: the last pieces of a delivery are slower."""


async def measure(members: int = MEMBERS) -> AsyncIterator[tuple[str, str, str]]:
    async with busy(members) as here:
        quiet, with_backup, took = await _slices(here)
    if not took:
        raise SystemExit(f"a delivery to {members} ends before a backup does: take more members")
    yield (
        f"speed of a delivery to {members} while a backup is taken, beside that without one",
        f"{with_backup / quiet:.2f} ({with_backup:.0f} of {quiet:.0f} mails per second, "
        f"{len(took)} backups, each some {median(took):.1f} s)",
        "reported",
    )
    whole = members / quiet
    lost = median(took) * (1 - with_backup / quiet)
    yield (
        "so much of its speed a delivery keeps in which one backup is taken",
        f"{whole / (whole + lost):.2f} ({whole:.0f} s, and {lost:.1f} more)",
        "≥ 0.9",
    )


async def _slices(here: Busy) -> tuple[float, float, list[float]]:
    """Mails per second without and with a backup, and how long each backup took."""
    public = new_identity(here.up.data / "identitet.txt")
    mails, seconds, took = [0, 0], [0.0, 0.0], list[float]()
    pause = 3.0

    async def slice_of(index: int, work: Awaitable[None]) -> None:
        before, begun = await here.handed_over(), time.perf_counter()
        await work
        after, taken = await here.handed_over(), time.perf_counter() - begun
        if after < here.members * _UNTIL:
            mails[index] += after - before
            seconds[index] += taken
            if index:
                took.append(taken)

    while await here.handed_over() < here.members * _UNTIL:
        await slice_of(0, asyncio.sleep(pause))
        file = here.up.data / "kopi.age"
        await slice_of(1, asyncio.to_thread(here.take_backup, file, public))
        pause = took[-1] if took else pause
    return mails[0] / max(seconds[0], 1e-9), mails[1] / max(seconds[1], 1e-9), took


async def _main(members: int) -> None:
    async for figure, value, wanted in measure(members):
        print(f"| {figure} | {value} | {wanted} |")


if __name__ == "__main__":
    uvloop.run(_main(int(sys.argv[1])))
