"""A Redis that is put back to a copy."""

from redis.asyncio import Redis


async def copy_of(redis: Redis) -> dict[bytes, bytes]:
    return {key: await redis.dump(key) or b"" async for key in redis.scan_iter()}


async def put_back(redis: Redis, copy: dict[bytes, bytes]) -> None:
    await redis.flushall()
    for key, value in copy.items():
        await redis.restore(key, 0, value)
