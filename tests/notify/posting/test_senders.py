"""Several senders of posts, one after the other or at once: none is lost, and none goes twice."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis
from starlette.responses import Response

from services.notify.posting.store import LEASE, Posts
from shared.bus import connect
from shared.bus.users import as_user
from shared.events import PostDelivered
from shared.settings import Settings
from tests.notify.posting.events import followed_by, published
from tests.notify.posting.follower import SECRET, Follower
from tests.notify.posting.running import due_in, make_due, outcome, outcomes, plan, sending
from tests.wait import until

REPO = Path(__file__).parents[3]
StartSender = Callable[[Settings], Awaitable[asyncio.subprocess.Process]]


@pytest.fixture
async def in_a_process(redis_url: str) -> AsyncIterator[StartSender]:
    """Starts a sender with these settings in a process of its own."""
    started: list[asyncio.subprocess.Process] = []
    user = as_user(redis_url, "notify")

    async def start(settings: Settings) -> asyncio.subprocess.Process:
        webhooks = [{"url": w.url, "secret": SECRET} for w in settings.webhooks]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.notify.posting.sender", user),
            cwd=REPO,
            env=os.environ
            | {"VARSEL_WEBHOOKS": json.dumps(webhooks), "VARSEL_DATA": str(settings.data)},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_killed_senders_post_is_taken_by_another_after_its_lease(
    redis: Redis, follower: Follower, in_a_process: StartSender
) -> None:
    follower.hold = asyncio.Event()
    settings = followed_by(follower.url)
    (post,) = await plan(redis, published(), settings)
    killed = await in_a_process(settings)
    await until(lambda: follower.calls, timeout=30)
    killed.kill()
    await killed.wait()
    follower.hold.set()
    assert await outcomes(redis) == []
    assert (await Posts(redis).take(1))[0] == []
    assert LEASE - 10 < await due_in(redis, post) <= LEASE
    async with sending(redis, settings):
        await make_due(redis, post)
        told = await outcome(redis, 1)
    assert isinstance(told, PostDelivered)
    assert told.data.attempt == 1
    assert [call.id for call in follower.calls] == [post, post]


async def test_a_restart_in_between_goes_on_where_it_was(
    redis: Redis, redis_url: str, follower: Follower
) -> None:
    follower.answers = [Response(status_code=500)]
    settings = followed_by(follower.url)
    (post,) = await plan(redis, published(), settings)
    async with sending(redis, settings):
        await outcome(redis, 1)
    await make_due(redis, post)
    async with connect(redis_url) as anew, sending(anew, settings):
        told = await outcome(redis, 2)
    assert isinstance(told, PostDelivered)
    assert told.data.attempt == 2


async def test_two_senders_share_the_posts_and_none_goes_twice(
    redis: Redis, redis_url: str, follower: Follower
) -> None:
    settings = followed_by(follower.url)
    posts = [(await plan(redis, published(n), settings))[0] for n in range(1, 41)]
    async with connect(redis_url) as other, sending(redis, settings), sending(other, settings):
        await outcome(redis, 40)
    assert sorted(call.id for call in follower.calls) == sorted(posts)
