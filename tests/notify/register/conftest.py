from pathlib import Path

import pytest
from redis.asyncio import Redis

from shared.settings import Settings
from tests.make import settings
from tests.notify.register.followed import Register


@pytest.fixture
def mine() -> Settings:
    return settings()


@pytest.fixture
def register(redis: Redis, mine: Settings, tmp_path: Path) -> Register:
    return Register(redis, mine, tmp_path)
