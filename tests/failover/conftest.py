"""One set for the tests here; each begins with it whole and empty."""

from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from shared.bus import connect
from shared.bus.users import as_user
from tests.sentinels import SentinelSet


@pytest.fixture(scope="package")
def _sentinels() -> Iterator[SentinelSet]:
    running = SentinelSet()
    try:
        yield running.start()
    finally:
        running.close()


@pytest.fixture
async def sentinels(_sentinels: SentinelSet) -> SentinelSet:
    for server in _sentinels.servers:
        if not server.lives:
            _sentinels.bring_back(server)
    _sentinels.wait_until_whole()
    _sentinels.master().ask("FLUSHALL")
    _sentinels.master().ask("SCRIPT", "FLUSH")
    return _sentinels


@pytest.fixture
async def redis(sentinels: SentinelSet) -> AsyncIterator[Redis]:
    """A client of the master of now, for the test itself."""
    async with connect(as_user(sentinels.url, "tests")) as client:
        yield client
