"""A delivery with a Redis that fails over, where a replica acknowledges what is written, beside one
with a Redis alone: the same members, sink and process, in turn."""

import asyncio
import shutil
import statistics
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.deliveries import alert_of, deliver, site, take_in, with_relay
from benchmarks.sink import sink
from benchmarks.world import World, world
from shared.bus import connect
from shared.bus.users import OPERATOR, as_user
from shared.settings import Settings
from tests.sentinels import SentinelSet

MEMBERS = 10_000
ROUNDS = 5


@asynccontextmanager
async def _failing_over() -> AsyncIterator[World]:
    """A master, two replicas and three Sentinels on this machine, all synced before each reply."""
    folder, sentinels = Path(tempfile.mkdtemp(prefix="vb-")), SentinelSet()
    try:
        await asyncio.to_thread(sentinels.start)
        url = as_user(sentinels.url, OPERATOR)
        async with connect(url) as redis:
            yield World(Settings(data=folder, alert_approvals=0), url, redis)
    finally:
        await asyncio.to_thread(sentinels.close)
        shutil.rmtree(folder, ignore_errors=True)


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    async with world() as alone, _failing_over() as failing:
        with sink() as port:
            for here in (alone, failing):
                await take_in(here, MEMBERS)
            taken: dict[str, list[float]] = {"alone": [], "failing": []}
            for number in range(ROUNDS + 1):  # the first is to warm up
                revision = alert_of(f"a1b2c3d4e{number:03}")
                for name, here in (("alone", alone), ("failing", failing)):
                    async with site(revision) as check:
                        settings = with_relay(here.settings, port, check)
                        taken[name].append((await deliver(here, settings, revision)).seconds)
    pairs = list(zip(taken["alone"][1:], taken["failing"][1:], strict=True))
    ratios = sorted(before / with_replicas for before, with_replicas in pairs)
    speeds = [MEMBERS / statistics.median(times) for times in zip(*pairs, strict=True)]
    yield (
        f"a delivery to {MEMBERS} members with a Redis that fails over beside one with a Redis "
        f"alone, in turn, median of {ROUNDS}",
        f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}; "
        f"{speeds[1]:.0f} of {speeds[0]:.0f} a second)",
        "≥ 0.7",
    )
