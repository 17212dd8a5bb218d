"""What is said again and again does not fill a stream: each event takes the place of the one before
it, and none is taken from somebody's hands."""

from redis.asyncio import Redis

from shared.bus import Effects, Entry
from tests.bus.helpers import Running, page_ids, page_of, publish, published
from tests.wait import until

STATE = ("render:state", "entry")


async def in_its_place(entry: Entry) -> None:
    await entry.commit(Effects(events=[("pages", page_of(entry))], supersedes=STATE))


async def pages_are(redis: Redis, *numbers: int) -> bool:
    return await page_ids(redis) == [f"article{one:05d}.1.page.published" for one in numbers]


async def test_only_the_last_is_left(redis_url: str, redis: Redis) -> None:
    await publish(redis, *(published(number) for number in range(1, 5)))
    async with Running(redis_url, in_its_place):
        await until(lambda: pages_are(redis, 4))
    [(entry, _)] = await redis.xrange("pages")
    assert await redis.hget(*STATE) == entry


async def test_what_somebody_has_in_hand_stays(redis_url: str, redis: Redis) -> None:
    async with Running(redis_url, in_its_place):
        await publish(redis, published(1))
        await until(lambda: pages_are(redis, 1))
        assert await redis.xreadgroup("notify", "somebody", {"pages": ">"})
        await publish(redis, published(2))
        await until(lambda: pages_are(redis, 1, 2))
        await publish(redis, published(3))
        await until(lambda: pages_are(redis, 1, 3))
