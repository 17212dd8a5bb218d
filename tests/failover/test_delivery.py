"""The master dies in mid-delivery, again and again: nobody is left out, and mail soon goes on.
`make proof-failover` kills it 50 times and holds it to 3 s."""

import asyncio
import os
import time
from collections import Counter

from redis.asyncio import Redis

from tests.failover.steps import Pace, everybody_has_it
from tests.notify.revisions import original
from tests.notify.steps import addresses
from tests.notify.system import running, system
from tests.sentinels import SentinelSet

PROOF = int(os.environ.get("VARSEL_FAILOVERS", "0"))
KILLS = PROOF or 3
BEFORE, AFTER = 150, 300
"""Mails before the master dies, and after it, with another: more than are on their way at once."""
MOST_SILENT_SECONDS = 3.0


async def test_a_master_that_dies_in_mid_delivery_leaves_nobody_out(
    sentinels: SentinelSet, redis: Redis
) -> None:
    everybody = addresses(KILLS * (BEFORE + AFTER + 150) + 100)
    async with system(redis, sentinels.url) as up:
        for start in range(0, len(everybody), 1000):
            await up.join(*everybody[start : start + 1000])
        pace = Pace(up.relay)
        silences = []
        async with running(up):
            await up.publish(original)
            for _ in range(KILLS):
                await pace.more(BEFORE)
                killed_at = time.monotonic()
                master = await asyncio.to_thread(sentinels.master)
                await asyncio.to_thread(master.kill)
                await pace.more(AFTER)
                silences.append(pace.silence_since(killed_at))
                print(f"kill {len(silences)}: silent for {silences[-1]:.1f} s")  # noqa: T201
                async with pace.stopped():
                    await asyncio.to_thread(sentinels.bring_back, master)
                    await asyncio.to_thread(sentinels.wait_until_whole)
            times: Counter[str] = await everybody_has_it(up, everybody)
        twice = sum(count - 1 for count in times.values())
        print(  # noqa: T201 - the proof's figures
            f"{KILLS} masters killed, {len(everybody)} members, {twice} twice, silent for "
            f"{max(silences):.1f} s at most, {sorted(silences)[len(silences) // 2]:.1f} s as a rule"
        )
        assert twice <= 64
        assert not PROOF or max(silences) <= MOST_SILENT_SECONDS, silences
