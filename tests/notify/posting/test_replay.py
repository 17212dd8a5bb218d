"""Page events that come again, through the whole of notify: followers hear of each once."""

import json

import pytest
from redis.asyncio import Redis

from shared.events import PagePublished, PageWithdrawn
from shared.trace import new_traceparent
from tests.make import news, revision
from tests.notify.posting.follower import SECRET, Follower
from tests.notify.posting.running import outcome, outcomes
from tests.notify.system import System, running, system


async def tell_all(on: System, events: list[PagePublished | PageWithdrawn]) -> None:
    for event in events:
        await on.tell(event)
    await on.settled()


async def no_post_is_owed(redis: Redis) -> bool:
    return not await redis.exists("notify:posts", "notify:posts:due")


async def test_a_replay_of_finished_posts_events_posts_nothing_again(
    redis: Redis, redis_url: str, follower: Follower
) -> None:
    webhooks = [{"url": follower.url, "secret": SECRET}]
    async with system(redis, redis_url, webhooks=webhooks) as around:
        first, second = revision(), revision(revision=2)
        around.site.show(second)
        events = [
            PagePublished.about(first, traceparent=new_traceparent()),
            PagePublished.about(second, traceparent=new_traceparent()),
            PageWithdrawn.about(second, traceparent=new_traceparent()),
        ]
        async with running(around):
            for number, event in enumerate(events, start=1):
                await tell_all(around, [event])
                await outcome(redis, number)
            await tell_all(around, events)
            await tell_all(around, events[::-1])
            assert await no_post_is_owed(redis)
    assert [json.loads(call.body)["type"] for call in follower.calls] == [
        "page.published",
        "page.published",
        "page.withdrawn",
    ]
    assert len(await outcomes(redis)) == 3


async def posted(on: System) -> list[tuple[str, int]]:
    kept = [json.loads(post) for post in (await on.redis.hgetall("notify:posts")).values()]
    return sorted((json.loads(post["body"])["type"], post["revision"]) for post in kept)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (["publish 3", "withdraw 2"], [("page.published", 3)]),
        (["withdraw 3", "publish 2"], [("page.withdrawn", 3)]),
        (["withdraw 3", "publish 3"], [("page.withdrawn", 3)]),
        (["publish 3", "publish 2"], [("page.published", 3)]),
        (["publish 2", "withdraw 2"], [("page.published", 2), ("page.withdrawn", 2)]),
        (["withdraw 2", "publish 3"], [("page.published", 3), ("page.withdrawn", 2)]),
    ],
)
async def test_what_is_older_than_the_last_post_is_not_posted(
    redis: Redis, redis_url: str, events: list[str], expected: list[tuple[str, int]]
) -> None:
    nobody = [{"url": "http://127.0.0.1:9/", "secret": SECRET}]
    async with system(redis, redis_url, webhooks=nobody) as around, running(around):
        for event in events:
            kind, number = event.split()
            page = revision(news(), revision=int(number))
            await (around.publish(page) if kind == "publish" else around.withdraw(page))
            await around.settled()
        assert await posted(around) == expected
