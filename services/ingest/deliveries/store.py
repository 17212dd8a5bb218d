"""What was asked of deliveries, in Redis: `ingest:wishes:{article}` has the newest wish about each
delivery, by its id."""

from enum import StrEnum
from pathlib import Path
from typing import cast

from redis.asyncio import Redis

from services.ingest.audit.trail import Prepared
from services.ingest.deliveries.wish import AskedWish
from shared.bus import lua
from shared.events import DeliveryWanted


class WishKept(StrEnum):
    """The answers of ask.lua."""

    DONE = "done"
    MOVED = "moved"


class DeliveryWishes:
    """Its methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._ask = lua.load(redis, Path(__file__).with_name("ask.lua"), WishKept)

    async def newest(self, article: str, delivery: str) -> AskedWish | None:
        """What was last asked of the delivery, which is one of the article's; None if nothing
        was."""
        found = cast("bytes | None", await self._redis.hget(_key(article), delivery))
        return AskedWish.model_validate_json(found) if found else None

    async def ask(
        self, before: AskedWish | None, wish: AskedWish, event: DeliveryWanted, trail: Prepared
    ) -> bool:
        """Tell notify of `wish`, with its entry in the trail. False, and nothing is written, if
        something was asked after `before`, or the trail has moved."""
        answer = await self._ask(
            keys={"wishes": _key(event.subject), "stream": "control"} | trail.keys,
            args={
                "delivery": event.data.delivery,
                "before": before.model_dump_json() if before else "",
                "wish": wish.model_dump_json(),
                "event": lua.fields(event),
            }
            | trail.args,
        )
        return answer.word is WishKept.DONE


def _key(article: str) -> str:
    return f"ingest:wishes:{article}"
