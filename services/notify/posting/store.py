"""Posts in Redis: taken with a lease, and finished one attempt at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

from redis.asyncio import Redis

from services.notify.posting.plan import ATTEMPTS, DUE, POSTS, PlannedPost
from shared.bus import Bus, Entry, lua
from shared.events import PageEvent, PageWithdrawn, PostEvent

LEASE = 60.0
"""Seconds that a sender has for a post; an attempt takes at most 15 (see http.py)."""
_EVENTS = "deliveries"
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class DuePost:
    post: PlannedPost
    attempt: int
    """Number of the attempt to be made, from 1."""


class Planning(StrEnum):
    """The answers of plan_posts.lua."""

    GONE = "gone"
    PLANNED = "planned"
    OLDER = "older"


class Taking(StrEnum):
    """The answer of take_due.lua."""

    TAKEN = "taken"


class Finished(StrEnum):
    """The answers of finish_post.lua."""

    DONE = "done"
    BEFORE = "before"


class PostPlanner:
    """Keeps the posts that an event owes, while the event is pending."""

    def __init__(self, bus: Bus) -> None:
        self._script = bus.fenced(_HERE / "plan_posts.lua", Planning)

    async def plan(self, entry: Entry, event: PageEvent, posts: Sequence[PlannedPost]) -> None:
        """Keep `posts` and make them due; idempotent, and nothing if a newer revision was posted.

        The entry stays pending. Raises redis-py's errors.
        """
        await self._script(
            entry,
            keys={"posted": f"notify:posted:{event.data.id}", "posts": POSTS, "due": DUE},
            args={
                "revision": event.data.revision,
                "withdrawn": isinstance(event, PageWithdrawn),
                "ids": [post.id for post in posts],
                "posts": [post.model_dump_json() for post in posts],
                "dues": [post.planned_at for post in posts],
            },
        )


async def waiting_posts(redis: Redis) -> list[str]:
    """The ids of the posts that are not finished."""
    return [post.decode() for post in cast("list[bytes]", await redis.hkeys(POSTS))]


async def failing_posts(redis: Redis) -> dict[str, list[int]]:
    """By the host of each follower who does not take what is posted: how often each of its posts
    that come again has failed. redis-py's errors."""
    failed = cast("dict[bytes, bytes]", await redis.hgetall(ATTEMPTS))
    if not failed:
        return {}
    stored = cast("list[bytes | None]", await redis.hmget(POSTS, [*map(bytes.decode, failed)]))
    found: dict[str, list[int]] = {}
    for post, times in zip(stored, failed.values(), strict=True):
        if post:
            found.setdefault(PlannedPost.model_validate_json(post).host, []).append(int(times))
    return found


class Posts:
    def __init__(self, redis: Redis) -> None:
        self._take = lua.load(redis, _HERE / "take_due.lua", Taking)
        self._finish = lua.load(redis, _HERE / "finish_post.lua", Finished)

    async def take(self, at_most: int) -> tuple[list[DuePost], float | None]:
        """Posts that are due, the caller's for `LEASE` seconds; and the seconds until the next is,
        or none if there is no next."""
        answer = await self._take(
            keys={"posts": POSTS, "due": DUE, "attempts": ATTEMPTS},
            args={"lease_ms": _ms(LEASE), "at_most": at_most},
        )
        wait, *rows = answer.values
        taken = [
            DuePost(PlannedPost.model_validate_json(post), behind + 1)
            for post, behind in zip(rows[::2], rows[1::2], strict=True)
        ]
        return taken, None if wait < 0 else wait / 1000

    async def finish(self, taken: DuePost, event: PostEvent, pause: float | None) -> None:
        """The attempt is over, as `event` says; the next comes after `pause` seconds, or never.
        Idempotent."""
        await self._finish(
            keys={"posts": POSTS, "due": DUE, "attempts": ATTEMPTS, "events": _EVENTS},
            args={
                "id": taken.post.id,
                "attempt": taken.attempt,
                "pause": None if pause is None else _ms(pause),
                "event": lua.fields(event),
            },
        )


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
