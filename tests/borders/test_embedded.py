"""The embedded server has the same users; its socket is what keeps others out."""

import shutil
import stat
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError, NoPermissionError

from shared.bus.errors import login_refused
from tests.borders.conftest import SERVICES
from varsel.run.embedded import SOCKET, EmbeddedServer


@pytest.fixture
async def embedded() -> AsyncIterator[tuple[EmbeddedServer, Path]]:
    folder = Path(tempfile.mkdtemp(prefix="ve-"))
    (folder / "users.acl").write_text("user default on nopass ~* +@all\n")  # of another version
    server = EmbeddedServer(folder)
    try:
        await server.start()
        yield server, folder
    finally:
        await server.stop()
        shutil.rmtree(folder)


async def test_each_service_has_its_own_keys_there_too(
    embedded: tuple[EmbeddedServer, Path],
) -> None:
    server, _ = embedded
    for user in SERVICES:
        async with Redis.from_url(server.url_for(user)) as client:
            for owner in SERVICES:
                if owner == user:
                    await client.set(f"{owner}:x", "1")
                else:
                    with pytest.raises(NoPermissionError):
                        await client.get(f"{owner}:x")


async def test_nobody_is_let_in_without_a_name_or_from_another_account(
    embedded: tuple[EmbeddedServer, Path],
) -> None:
    _, folder = embedded
    async with Redis.from_url(f"unix://{folder / SOCKET}") as client:
        with pytest.raises(ConnectionError) as refused:
            await client.ping()
        assert login_refused(refused.value)
    assert stat.S_IMODE((folder / SOCKET).stat().st_mode) == 0o700
