"""Whether a service is held, since its data was put back from a backup (promise G13).

A restored system knows less than its readers and followers do. So it does nothing of itself, mails
nobody and posts nothing, until a person has looked and said so: `varsel resume`.
"""

import asyncio
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

SERVICES = ("ingest", "render", "notify")
PROBLEM = (
    "held: a backup was put back; nothing is mailed, posted or published before a person has seen "
    "what happened since, with `varsel resume`"
)
"""In health."""
_LOOK_SECONDS = 1.0


def held_key(service: str) -> str:
    """The key that is there while the service is held."""
    return f"{service}:held"


async def is_held(redis: Redis, service: str) -> bool:
    """Whether it is, also if Redis does not say so."""
    with suppress(RedisError, OSError):
        return bool(await redis.exists(held_key(service)))
    return True


async def until_released(redis: Redis, service: str) -> None:
    """Wait until it is no longer."""
    while await is_held(redis, service):  # noqa: ASYNC110
        await asyncio.sleep(_LOOK_SECONDS)


async def hold(redis: Redis) -> None:
    """Hold all services from their next start; redis-py's errors."""
    await redis.mset({held_key(service): "1" for service in SERVICES})


async def release(redis: Redis) -> None:
    """Let them go on; redis-py's errors."""
    await redis.delete(*map(held_key, SERVICES))
