"""Posts in Redis: taken with a lease, and finished one attempt at a time."""

from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis

from services.notify.posting.plan import ATTEMPTS, DUE, POSTS, PlannedPost
from shared.bus import lua
from shared.events import PostEvent

LEASE = 60.0
"""Seconds that a sender has for a post; an attempt takes at most 15 (see http.py)."""
_DELIVERIES = "deliveries"
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class DuePost:
    post: PlannedPost
    attempt: int
    """Number of the attempt to be made, from 1."""


class Posts:
    def __init__(self, redis: Redis) -> None:
        self._take = lua.load(redis, _HERE / "take_due.lua")
        self._finish = lua.load(redis, _HERE / "finish_post.lua")

    async def take(self, at_most: int) -> tuple[list[DuePost], float | None]:
        """Posts that are due, the caller's for `LEASE` seconds; and the seconds until the next is,
        or none where there is no next."""
        wait, *rows = await self._take(keys=[POSTS, DUE, ATTEMPTS], args=[_ms(LEASE), at_most])
        taken = [
            DuePost(PlannedPost.model_validate_json(post), behind + 1)
            for post, behind in zip(rows[::2], rows[1::2], strict=True)
        ]
        return taken, None if wait < 0 else wait / 1000

    async def finish(self, taken: DuePost, event: PostEvent, pause: float | None) -> None:
        """The attempt is over, as `event` says; the next comes after `pause` seconds, or never.
        Idempotent."""
        await self._finish(
            keys=[POSTS, DUE, ATTEMPTS, _DELIVERIES],
            args=[
                taken.post.id,
                taken.attempt,
                "" if pause is None else _ms(pause),
                lua.fields(event),
            ],
        )


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
