"""Flow: send the posts that are due, for as long as the service runs."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.journal.given_ids import GivenIds
from services.notify.posting.http import FollowerAnswer, Sender
from services.notify.posting.pinned import networks
from services.notify.posting.plan import followers, staff_follower
from services.notify.posting.schedule import GIVEN_UP, Verdict, judge
from services.notify.posting.store import DuePost, Posts
from services.notify.relay import metrics
from shared import log
from shared.bus.errors import cause
from shared.bus.tasks import end_for_sure
from shared.event_data import Post
from shared.events import PostDelivered, PostEvent, PostFailed
from shared.settings import Settings
from shared.trace import logged

AT_ONCE = 8
"""Posts under way in one process. No more are taken, so that a lease never runs while one waits."""
_LOOK = 0.5
"""Seconds between two looks at Redis, at most: other processes plan posts too."""
_LONGEST_PAUSE = 5.0
"""Seconds between two tries while Redis is away, at most."""

T = TypeVar("T")


async def send_due_posts(redis: Redis, settings: Settings, given: GivenIds) -> None:
    """Send posts until cancelled. What is being sent then is taken up again after its lease.

    Everything about a post is in Redis, so any number of processes may do this, and a restart
    forgets nothing. No post is sent before its id is noted in `given`.
    """
    sender = Sender(settings.site, allowed=networks(settings.post_networks))
    try:
        await _SendPosts(Posts(redis), sender, settings, given).run()
    finally:
        await sender.close()


class _SendPosts:
    def __init__(self, posts: Posts, sender: Sender, settings: Settings, given: GivenIds) -> None:
        self._posts = posts
        self._sender = sender
        self._given = given
        self._followers = followers(settings)
        if staff := staff_follower(settings):
            self._followers[staff.name] = staff
        self._log = log.get("notify")
        self._redis_away = False

    async def run(self) -> None:
        under_way: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as group:
            try:
                while True:
                    take = partial(self._posts.take, AT_ONCE - len(under_way))
                    taken, due_in = await self._insist(take)
                    for one in taken:
                        task = group.create_task(self._post(one))
                        under_way.add(task)
                        task.add_done_callback(under_way.discard)
                    if len(under_way) == AT_ONCE:
                        await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                    else:
                        await asyncio.sleep(_LOOK if due_in is None else min(due_in, _LOOK))
            finally:
                await end_for_sure(under_way)

    async def _post(self, taken: DuePost) -> None:
        with logged(taken.post.traceparent):
            answer, verdict = await self._attempt(taken)
            event = _event(taken, answer, verdict)
            await self._insist(partial(self._posts.finish, taken, event, verdict.pause))
            metrics.posted(answer.status)
            self._log.info(
                "post_delivered" if verdict.delivered else "post_failed",
                post=taken.post.id,
                follower=taken.post.host,
                attempt=taken.attempt,
                status=answer.status,
                error=answer.error,
                final=event.data.final,
            )

    async def _attempt(self, taken: DuePost) -> tuple[FollowerAnswer, Verdict]:
        follower = self._followers.get(taken.post.follower)
        if follower is None:  # it was removed from the settings, and its secret with it
            return FollowerAnswer(None, error="follower_removed"), GIVEN_UP
        await self._given.note_posts([taken.post.id])
        answer = await self._sender.send(taken.post, follower)
        verdict = judge(
            taken.attempt,
            answer.status,
            answer.retry_after,
            now=datetime.now(UTC),
            chance=random.random(),
        )
        return answer, verdict

    async def _insist(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask Redis until it answers, with growing pauses and one line in the log."""
        pause = _LOOK
        while True:
            try:
                found = await ask()
            except RedisError as error:
                if not self._redis_away:
                    self._log.warning("posts_wait_for_redis", cause=cause(error))
                self._redis_away = True
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                self._redis_away = False
                return found


def _event(taken: DuePost, answer: FollowerAnswer, verdict: Verdict) -> PostEvent:
    kind = PostDelivered if verdict.delivered else PostFailed
    post, now = taken.post, datetime.now(UTC)
    return kind(
        id=f"{post.id}.{taken.attempt}.{kind.model_fields['type'].default}",
        source="/varsel/notify",
        subject=post.article,
        time=now,
        traceparent=post.traceparent,
        data=Post(
            post=post.id,
            article=post.article,
            revision=post.revision,
            follower=post.host,
            attempt=taken.attempt,
            status=answer.status,
            final=verdict.pause is None,
            again_at=None if verdict.pause is None else now + timedelta(seconds=verdict.pause),
        ),
    )
