"""The tests of the bus run on Valkey from the wheel and, where there is Docker, on redis:8.0."""

from collections.abc import Iterator

import pytest
from redis.asyncio import Redis

from tests.docker import redis_container
from tests.server import Valkey


@pytest.fixture(scope="session")
def _container() -> Iterator[str]:
    with redis_container() as url:
        yield url


@pytest.fixture(params=["valkey", pytest.param("redis:8.0", marks=pytest.mark.docker)])
async def redis_url(request: pytest.FixtureRequest, _valkey: Valkey) -> str:
    """Address of a real, empty server."""
    url: str = _valkey.url if request.param == "valkey" else request.getfixturevalue("_container")
    async with Redis.from_url(url) as client:
        await client.flushall()
    return url
