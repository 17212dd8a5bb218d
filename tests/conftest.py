"""Fixtures for all tests. Servers are real; each test worker has one of its own."""

from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from tests.server import Valkey


@pytest.fixture(scope="session")
def _valkey() -> Iterator[Valkey]:
    server = Valkey().start()
    yield server
    server.close()


@pytest.fixture
async def redis_url(_valkey: Valkey) -> str:
    """Address of a real, empty server."""
    async with Redis.from_url(_valkey.url) as client:
        await client.flushall()
    return _valkey.url


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """A client of that server."""
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def own_server() -> Iterator[Valkey]:
    """A server that the test may kill."""
    server = Valkey().start()
    yield server
    server.close()
