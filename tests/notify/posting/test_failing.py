"""A follower who does not take what is posted is told of by name of host, until they do."""

from redis.asyncio import Redis
from starlette.responses import Response

from services.notify.posting.plan import ATTEMPTS, DUE
from services.notify.posting.store import failing_posts
from tests.notify.posting.events import followed_by, published
from tests.notify.posting.follower import Follower
from tests.notify.posting.running import make_due, plan, sending
from tests.wait import until


async def test_a_follower_that_fails_is_told_of_until_it_takes_its_post(
    redis: Redis, follower: Follower
) -> None:
    conf = followed_by(follower.url)
    assert await failing_posts(redis) == {}
    follower.answers = [Response(status_code=500) for _ in range(4)]
    async with sending(redis, conf):
        [post] = await plan(redis, published(), conf)
        for times in range(1, 5):

            async def failed(times: int = times) -> bool:
                return int(await redis.hget(ATTEMPTS, post) or 0) == times

            await until(failed)
            assert await failing_posts(redis) == {"127.0.0.1": [times]}
            await make_due(redis, post)

        async def taken() -> bool:
            return not await redis.zcard(DUE)

        await until(taken)
    assert await failing_posts(redis) == {}
