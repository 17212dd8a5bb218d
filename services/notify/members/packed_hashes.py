"""Reads the hashes in which members' numbers are packed, `BUCKET` of them together."""

from collections.abc import Collection

from redis.asyncio import Redis

from services.notify.members.numbers import BUCKET


async def read_each(redis: Redis, prefix: str, numbers: Collection[int]) -> dict[int, bytes]:
    """What the packed hashes `prefix` with a bucket's number behind it have for each of `numbers`,
    in their order; without those for which there is nothing. redis-py's errors."""
    together: dict[int, list[int]] = {}
    for number in numbers:
        together.setdefault(number // BUCKET, []).append(number)
    async with redis.pipeline(transaction=False) as pipe:
        for bucket, some in together.items():
            pipe.hmget(f"{prefix}{bucket}", [str(number % BUCKET) for number in some])
        answers = await pipe.execute()
    found: dict[int, bytes] = {}
    for some, values in zip(together.values(), answers, strict=True):
        found |= {one: value for one, value in zip(some, values, strict=True) if value is not None}
    return {number: found[number] for number in numbers if number in found}
