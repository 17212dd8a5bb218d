"""Fixtures for all tests. Servers are real; each test worker has one of its own."""

from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from tests.server import Valkey, emptied


@pytest.fixture(scope="session")
def _valkey() -> Iterator[Valkey]:
    server = Valkey().start()
    yield server
    server.close()


@pytest.fixture
async def redis_url(_valkey: Valkey) -> AsyncIterator[str]:
    """Address of a real, empty server, for the test itself; see tests/server.py."""
    async with emptied(_valkey.url) as url:
        yield url


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests in containers take longest, in one worker: they begin first."""
    items.sort(key=lambda item: "tests/containers/" not in item.nodeid)
