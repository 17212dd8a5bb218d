"""How long a system takes from a power cut in mid-delivery until it mails again, beyond what the
server alone takes to load its data. All processes are killed at once; the start is the clock's.

`python -m benchmarks.power_cut MEMBERS`, as 1000000.
"""

import signal
import sys
import time
from collections.abc import AsyncIterator

import uvloop

from benchmarks.busy import busy, load_seconds, until

MEMBERS = 20_000


async def measure(members: int = MEMBERS) -> AsyncIterator[tuple[str, str, str]]:
    async with busy(members) as here:
        await here.reach(0.2)
        here.up.end(signal.SIGKILL)  # the server dies with it
        begun = time.perf_counter()
        here.up.launch()
        loaded = await until(here.handed_over, lambda count: count >= 0)
        before = await here.handed_over()
        assert before < members, "it was over before the cut: take more members"
        mails = await until(here.handed_over, lambda count: count > before)
        here.up.end(signal.SIGKILL)
        alone = await load_seconds(here.up.data)
    yield (
        f"from a start after a power cut in a delivery to {members} to the next mail, beyond the "
        "server's own load time",
        f"{mails - begun - alone:.1f} s ({loaded - begun:.1f} s until Redis answers, "
        f"{mails - loaded:.1f} s more, {alone:.1f} s the server's own)",
        "≤ 10 s",
    )


async def _main(members: int) -> None:
    async for figure, value, wanted in measure(members):
        print(f"| {figure} | {value} | {wanted} |")


if __name__ == "__main__":
    uvloop.run(_main(int(sys.argv[1])))
