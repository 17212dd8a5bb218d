"""Flow: tell followers who want it that all is alive, every five minutes, so that they can tell a
silence from a dead line.

What is told is what the site itself says at `/heartbeat.json`, fetched as a reader would. If that
says that something stands still, or does not answer, nothing is posted: the follower then rings. A
post that is not taken is not tried again, since the next one comes by itself.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.posting.http import Sender
from services.notify.posting.pinned import networks
from services.notify.posting.plan import Follower, PlannedPost, followers
from services.notify.relay import metrics
from shared import log
from shared.bus.errors import cause
from shared.settings import Settings
from shared.trace import new_traceparent

PATH = "/heartbeat.json"
EVERY_SECONDS = 300
"""From one heartbeat to the next."""
LATE_SECONDS = 60
"""What the site says is older than that: some cache said it."""
_LOOK_SECONDS = 5.0
ReadPage = Callable[[str], Awaitable[str]]
"""The text of the page at a path of the site; empty if there is none."""
_TOLD = "notify:heartbeat:"
"""String for each follower's name: that it was told within the last five minutes, or is being."""


class SeenAlive(BaseModel):
    """What the site says of itself."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    alive_at: AwareDatetime
    newest_change: str | None
    changes: str


def seen_alive(page: str, now: datetime) -> SeenAlive | None:
    """What the text of the site's heartbeat says; none if it does not say that all is alive now.
    Pure."""
    try:
        found = SeenAlive.model_validate_json(page)
    except ValidationError:
        return None
    return found if abs(now - found.alive_at) <= timedelta(seconds=LATE_SECONDS) else None


def heartbeat_post(seen: SeenAlive, to: Follower, now: datetime) -> PlannedPost:
    """The post; its id is new each time."""
    body = {
        "type": "heartbeat",
        "timestamp": now.isoformat(timespec="milliseconds"),
        "data": seen.model_dump(mode="json"),
    }
    return PlannedPost(
        id=f"heartbeat-{secrets.token_hex(12)}",
        follower=to.name,
        host=to.host,
        content_type="application/json",
        body=json.dumps(body, separators=(",", ":")),
        article="",
        revision=0,
        traceparent=new_traceparent(),
        planned_at=int(now.timestamp() * 1000),
    )


class SendHeartbeats:
    """Any number of processes may do this: each heartbeat is sent by one of them."""

    def __init__(self, redis: Redis, settings: Settings, read_page: ReadPage) -> None:
        self._redis = redis
        self._read_page = read_page
        self._settings = settings
        self._wanting: Sequence[Follower] = [
            one for one in followers(settings).values() if one.wants_heartbeat
        ]
        self._log = log.get("notify")
        self._redis_away = False

    async def run(self) -> None:
        """Tell them until cancelled."""
        if not self._wanting:
            await asyncio.Event().wait()
        sender = Sender(self._settings.site, allowed=networks(self._settings.post_networks))
        try:
            while True:
                await self._tell_due(sender)
                await asyncio.sleep(_LOOK_SECONDS)
        finally:
            await sender.close()

    async def _tell_due(self, sender: Sender) -> None:
        try:
            due = [one for one in self._wanting if not await self._redis.exists(_key(one))]
            if not due:
                return
            seen = seen_alive(await self._read_page(PATH), datetime.now(UTC))
            if seen is None:
                return
            mine = [one for one in due if await self._take(one)]
            self._redis_away = False
        except RedisError as error:
            if not self._redis_away:
                self._log.warning("heartbeats_wait_for_redis", cause=cause(error))
            self._redis_away = True
            return
        await asyncio.gather(*(self._send(sender, seen, one) for one in mine))

    async def _take(self, follower: Follower) -> bool:
        """Whether no other process has told this follower meanwhile."""
        return bool(await self._redis.set(_key(follower), "1", nx=True, ex=EVERY_SECONDS))

    async def _send(self, sender: Sender, seen: SeenAlive, follower: Follower) -> None:
        answer = await sender.send(heartbeat_post(seen, follower, datetime.now(UTC)), follower)
        metrics.posted(answer.status)
        if answer.status is None or not 200 <= answer.status < 300:
            self._log.warning(
                "heartbeat_not_taken",
                follower=follower.host,
                status=answer.status,
                error=answer.error,
            )


def _key(follower: Follower) -> str:
    return f"{_TOLD}{follower.name}"
