"""The tests of the bus run on Valkey from the wheel and, where there is Docker, on redis:8.0."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.docker import redis_container
from tests.server import Valkey, emptied


@pytest.fixture(scope="session")
def _container() -> Iterator[str]:
    with redis_container() as url:
        yield url


@pytest.fixture(params=["valkey", pytest.param("redis:8.0", marks=pytest.mark.docker)])
async def redis_url(request: pytest.FixtureRequest, _valkey: Valkey) -> AsyncIterator[str]:
    """Address of a real, empty server, for the test itself; see tests/server.py."""
    url: str = _valkey.url if request.param == "valkey" else request.getfixturevalue("_container")
    async with emptied(url):
        yield url
