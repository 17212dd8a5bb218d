"""Flow: tell whether anybody of the staff can be told of anything, for as long as the service runs.

The newsroom knows no address, and is to warn if there is none.
"""

import asyncio
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.staff.store import ADDRESSES
from shared.bus import lua
from shared.events import StaffReachCounted
from shared.settings import Settings
from shared.staff import StaffReach
from shared.trace import new_traceparent

TOLD = "notify:people:told"
_PAUSE_SECONDS = 2.0
_EVENTS = "deliveries"


class ReachTold(StrEnum):
    """The answers of tell_reach.lua."""

    TOLD = "told"
    SAME = "same"


async def tell_reach(redis: Redis, settings: Settings) -> None:
    """Look every two seconds, and tell what is new, until cancelled."""
    script = lua.load(redis, Path(__file__).with_name("tell_reach.lua"), ReachTold)
    webhook = settings.staff_webhook is not None
    while True:
        try:
            now = datetime.now(UTC)
            event = StaffReachCounted(
                id=f"staff.{int(now.timestamp() * 1000)}.staff.reach_counted",
                source="/varsel/notify",
                subject="staff",
                time=now,
                traceparent=new_traceparent(),
                data=StaffReach(addresses=0, webhook=webhook),
            )
            await script(
                keys={"addresses": ADDRESSES, "told": TOLD, "events": _EVENTS},
                args={"webhook": webhook, "event": lua.fields(event)},
            )
        except RedisError:
            pass  # the bus tells
        await asyncio.sleep(_PAUSE_SECONDS)
