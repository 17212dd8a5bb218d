"""The master is cut off and does not die: from the Sentinels alone, from its replicas too, or from
everybody. Nothing that was confirmed is lost, and mail goes on before the cable is back."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from redis.exceptions import RedisError

from shared.bus import connect, tasks
from shared.bus.users import as_user
from tests.examples import SHARE, all_or_last
from tests.failover.cut import CLIENTS, REPLICAS, SENTINELS, Way
from tests.failover.steps import Pace, everybody_has_it
from tests.notify.revisions import original
from tests.notify.steps import addresses
from tests.notify.system import running, system
from tests.sentinels import SentinelSet
from tests.server import free_port
from tests.wait import until

CUTS = [(SENTINELS, REPLICAS, CLIENTS), (SENTINELS, REPLICAS), (SENTINELS,)]
"""The last is the hardest: the master goes on, and a replica still answers it when the other is the
master already."""
MOST_SILENT_SECONDS = 3.0
"""Once there is another master, or the cable is back."""
Apart = tuple[SentinelSet, dict[int, Way]]


@pytest.fixture
async def apart() -> AsyncIterator[Apart]:
    """A set, and the way to each of its servers, by the port that others know."""
    sentinels = SentinelSet(announced=lambda _: free_port())
    ways = {one.announced: Way(one.announced, one.port) for one in sentinels.servers}
    try:
        for way in ways.values():
            await way.open()
        await asyncio.to_thread(sentinels.start)
        yield sentinels, ways
    finally:
        for way in ways.values():
            await way.close()
        await asyncio.to_thread(sentinels.close)


@pytest.mark.parametrize("kinds", all_or_last(CUTS), ids=" and ".join)
async def test_a_master_that_is_cut_off_in_mid_delivery_confirms_nothing_and_mail_goes_on(
    apart: Apart, kinds: tuple[str, ...]
) -> None:
    sentinels, ways = apart
    everybody = addresses(2500)
    confirmed = 0
    async with AsyncExitStack() as stack:
        redis = await stack.enter_async_context(connect(as_user(sentinels.url, "tests")))
        up = await stack.enter_async_context(system(redis, sentinels.url))
        await up.join(*everybody)
        pace = Pace(up.relay)

        async def write() -> None:
            """Numbers one after the other; `confirmed` is the last one that was."""
            nonlocal confirmed
            while True:
                try:
                    await redis.rpush("numbers", confirmed + 1)
                    confirmed += 1
                except RedisError:  # it was not
                    await asyncio.sleep(0.05)

        async with running(up):
            writing = asyncio.create_task(write())
            await up.publish(original)
            await pace.more(150)
            before = await asyncio.to_thread(sentinels.master)
            ways[before.announced].cut(*kinds)
            cut_at = time.monotonic()
            await asyncio.to_thread(sentinels.wait_until, lambda: sentinels.master() is not before)
            replaced_at, seen = time.monotonic(), confirmed
            await until(lambda: confirmed > seen + 10, timeout=60)
            await pace.more(300)
            silent, silences = pace.silence_since(cut_at), [pace.silence_since(replaced_at)]
            ways[before.announced].mend()
            mended_at = time.monotonic()
            await asyncio.to_thread(sentinels.wait_until_whole)
            times = await everybody_has_it(up, everybody)
            silences.append(pace.silence_since(mended_at))
            print(  # noqa: T201
                f"cut off from {' and '.join(kinds)}: silent for {silent:.1f} s, replaced after "
                f"{replaced_at - cut_at:.1f} s, then silent for {silences[0]:.1f} s, and with the "
                f"cable back for {silences[1]:.1f} s"
            )
            await tasks.end([writing])
        assert sum(count - 1 for count in times.values()) <= 64
        kept = {int(number) for number in await redis.lrange("numbers", 0, -1)}
        assert kept >= set(range(1, confirmed + 1))
        assert SHARE < 1 or max(silences) <= MOST_SILENT_SECONDS, silences
