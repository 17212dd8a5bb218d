"""Whether anybody of the staff can be told of anything, as notify told last, in Redis.

`ingest:staff-reach` has a number of addresses and whether a webhook is set; never an address.
"""

from datetime import datetime

from redis.asyncio import Redis

from shared.bus import Effects
from shared.bus.streams import text
from shared.staff import StaffReach

_KEY = "ingest:staff-reach"


def reach_counted(reach: StaffReach, at: datetime) -> Effects:
    """What to write when notify has counted anew."""
    ms = int(at.timestamp() * 1000)
    return Effects(
        newer_than=(_KEY, "at", ms),
        ops=[("HSET", _KEY, "at", ms, "reach", reach.model_dump_json())],
    )


async def staff_reach(redis: Redis) -> StaffReach | None:
    """The newest; None if notify has not told yet. redis-py's errors."""
    found = await redis.hget(_KEY, "reach")
    return StaffReach.model_validate_json(text(found)) if found else None
