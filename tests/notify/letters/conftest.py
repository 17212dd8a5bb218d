from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from services.notify.letters.store import Letters
from services.notify.letters.tickets import Tickets
from services.notify.vault.vault import Vault
from shared.bus.users import as_user

KEY = b"l" * 32


@pytest.fixture
async def mine(redis_url: str) -> AsyncIterator[Redis]:
    """A client that may do what notify may."""
    async with Redis.from_url(as_user(redis_url, "notify")) as client:
        yield client


@pytest.fixture
def letters(mine: Redis) -> Letters:
    return Letters(mine, Vault(b"v" * 32, b"i" * 32), KEY)


@pytest.fixture
def tickets(mine: Redis) -> Tickets:
    return Tickets(mine, Vault(b"v" * 32, b"i" * 32), KEY)
