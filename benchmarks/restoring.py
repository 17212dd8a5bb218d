"""How long a system takes from a backup's file to "held and ready", beyond what the server alone
takes to load the same data.

`python -m benchmarks.restoring MEMBERS`, as 1000000.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator

import httpx
import uvloop

from benchmarks.busy import busy, load_seconds, until
from tests.system.running import Up
from varsel.backup.archive import new_identity

MEMBERS = 20_000


async def measure(members: int = MEMBERS) -> AsyncIterator[tuple[str, str, str]]:
    async with busy(members) as here:
        identity = here.up.data / "identitet.txt"
        file = here.up.data / "kopi.age"
        await asyncio.to_thread(here.take_backup, file, new_identity(identity))
        await asyncio.to_thread(here.up.process.kill)  # type: ignore[union-attr]
        secret = (here.up.data / "secret-key").read_text().strip()
        with Up(VARSEL_SECRET_KEY=secret) as other:
            begun = time.perf_counter()
            done = other.run("restore", str(file), "--identity", str(identity))
            assert done.returncode == 0, done.stderr
            written = time.perf_counter()
            other.launch()
            held = await until(lambda: _services_held(other), lambda count: count == 3)
            assert other.process
            other.process.kill()
            other.process.wait()
            alone = await load_seconds(other.data)
    yield (
        f"from a backup of {members} members to held and ready, beyond the server's own load time",
        f"{held - begun - alone:.1f} s ({written - begun:.1f} s `varsel restore`, "
        f"{held - written:.1f} s the start, {alone:.1f} s the server's own)",
        "≤ 10 s",
    )


async def _services_held(up: Up) -> int:
    try:
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{up.url}/health/ready")
    except httpx.HTTPError:
        return 0
    return sum(": held" in problem for problem in answer.json()["problems"])


async def _main(members: int) -> None:
    async for figure, value, wanted in measure(members):
        print(f"| {figure} | {value} | {wanted} |")


if __name__ == "__main__":
    uvloop.run(_main(int(sys.argv[1])))
