from collections.abc import AsyncIterator

import pytest

from tests.notify.posting.follower import Follower


@pytest.fixture
async def follower() -> AsyncIterator[Follower]:
    server = await Follower().start()
    yield server
    await server.stop()
