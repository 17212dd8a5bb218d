"""Events are read on from the next master: none is skipped, and none has its effects twice."""

from redis.asyncio import Redis

from shared.bus import Timing
from tests.bus.helpers import Running, commit_page, page_ids, publish, published, settled
from tests.sentinels import SentinelSet
from tests.wait import until

BEFORE, AFTER = 20, 20


async def test_events_of_before_and_after_a_master_s_death_are_handled_once(
    sentinels: SentinelSet, redis: Redis
) -> None:
    # With the product's own times: what is tested is that nobody waits for more than they say.
    async with Running(sentinels.url, commit_page, timing=Timing()) as bus:
        await publish(redis, *(published(number) for number in range(BEFORE)))
        await until(lambda: settled(redis, BEFORE))
        sentinels.master().kill()
        for number in range(BEFORE, BEFORE + AFTER):
            await publish(redis, published(number))
        await until(lambda: settled(redis, BEFORE + AFTER), timeout=10)
        await until(lambda: bus.problems() == [])
    effects = [
        int(await redis.hget(f"render:article:article{n:05d}", "effects") or 0)
        for n in range(BEFORE + AFTER)
    ]
    assert effects == [1] * (BEFORE + AFTER)
    assert len(await page_ids(redis)) == BEFORE + AFTER
