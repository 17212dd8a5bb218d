from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from tests.notify.system import System, running, system


@pytest.fixture
async def notify(redis: Redis, redis_url: str) -> AsyncIterator[System]:
    """Everything around notify; notify itself is not running yet."""
    async with system(redis, redis_url) as around:
        yield around


@pytest.fixture
async def up(notify: System) -> AsyncIterator[System]:
    """The same with notify running."""
    async with running(notify):
        yield notify
