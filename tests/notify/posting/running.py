"""A sender at work: what a test plans for it, and what comes of it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis

from services.notify.journal.entries import JournalState
from services.notify.journal.given_ids import GivenIds
from services.notify.journal.journal import Journal
from services.notify.posting.plan import DUE, POSTS, plan_posts
from services.notify.posting.send_posts import send_due_posts
from shared.bus import tasks
from shared.events import PageEvent, PostDelivered, PostFailed, from_fields
from shared.settings import Settings
from tests.notify.members.people import VAULT
from tests.wait import until


def given(settings: Settings) -> GivenIds:
    """With an empty journal."""
    return GivenIds(Journal(settings.journal_folder, VAULT, Redis()), JournalState())


async def plan(redis: Redis, event: PageEvent, settings: Settings) -> list[str]:
    """Write what a handler of `pages` writes; gives the posts' ids."""
    posts = plan_posts(event, settings)
    for post in posts:
        await redis.hsetnx(POSTS, post.id, post.model_dump_json())
        await redis.zadd(DUE, {post.id: post.planned_at}, nx=True)
    return [post.id for post in posts]


@asynccontextmanager
async def sending(redis: Redis, settings: Settings) -> AsyncIterator[None]:
    task = asyncio.create_task(send_due_posts(redis, settings, given(settings)))
    try:
        yield
        assert not task.done()
    finally:
        await tasks.end([task])


async def outcomes(redis: Redis) -> list[PostDelivered | PostFailed]:
    found = [from_fields(fields) for _, fields in await redis.xrange("deliveries")]
    return [event for event in found if isinstance(event, PostDelivered | PostFailed)]


async def outcome(redis: Redis, number: int) -> PostDelivered | PostFailed:
    """The outcome with this number, from 1, once it is there; it must be the newest."""

    async def there() -> bool:
        return len(await outcomes(redis)) >= number

    await until(there)
    found = await outcomes(redis)
    assert len(found) == number
    return found[-1]


async def make_due(redis: Redis, post: str) -> None:
    """What waiting would do."""
    await redis.zadd(DUE, {post: 0})


async def due_in(redis: Redis, post: str) -> float:
    """Seconds until the post is due."""
    score = await redis.zscore(DUE, post)
    assert score is not None
    return float(score) / 1000 - time.time()


async def everything(redis: Redis) -> str:
    """All of Redis as text."""
    found: list[Any] = []
    for key in await redis.keys():
        kind = await redis.type(key)
        if kind == b"hash":
            found.append(await redis.hgetall(key))
        elif kind == b"zset":
            found.append(await redis.zrange(key, 0, -1))
        else:
            assert kind == b"stream"
            found.append(await redis.xrange(key))
    return str(found)
