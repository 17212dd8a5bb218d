"""A copy of a Redis that was emptied takes no good copy's place."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from shared.bus.users import BACKUP, as_user
from shared.newest_backup import KEY
from tests.server import TIED, Valkey
from tests.system.running import REPO, VARSEL
from varsel.backup.archive import new_identity
from varsel.backup.contents import Contents
from varsel.backup.keep import BESIDE, shrunken, taken

NOW = Contents(
    members=1000, articles=40, pictures=9, deliveries=12, under_way=0, trail=500, root="a" * 64
)


def with_(**changed: Any) -> Contents:
    return NOW.model_copy(update=changed)


def test_what_goes_on_from_the_last_copy_is_no_fault() -> None:
    assert shrunken(None, NOW) == ""
    assert shrunken(NOW, NOW) == ""
    assert shrunken(NOW, with_(trail=501, members=980, articles=41)) == ""
    assert shrunken(NOW, with_(members=500, articles=20)) == "", "a half may have left a register"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"trail": 499}, "499 oppføringer i revisjonssporet, og hadde 500"),
        ({"trail": 0, "members": 0, "articles": 0}, "0 oppføringer i revisjonssporet"),
        ({"trail": 900, "members": 499}, "499 medlemmer, og hadde 1000"),
        ({"trail": 900, "articles": 19}, "19 saker, og hadde 40"),
    ],
)
def test_a_copy_of_something_else_or_of_far_less_is(changed: dict[str, int], said: str) -> None:
    assert said in shrunken(NOW, with_(**changed))


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    server = Valkey().start()
    yield server
    server.close()


async def test_an_emptied_redis_takes_no_good_copys_place_and_is_told_of(
    valkey: Valkey, tmp_path: Path
) -> None:
    folder = tmp_path / "kopier"
    folder.mkdir()
    public = new_identity(tmp_path / "id.txt")

    def backup(*more: str) -> subprocess.CompletedProcess[str]:
        options = ("--recipient", public, "--without-key", "--json", *more)
        return subprocess.run(
            [*TIED, *VARSEL, "backup", str(folder), *options],
            env={k: v for k, v in os.environ.items() if not k.startswith("VARSEL_")}
            | {"VARSEL_REDIS_URL": as_user(valkey.url, BACKUP)},
            cwd=REPO,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    async with Redis.from_url(valkey.url) as redis:
        await Trail(redis).append([TrailAction("operator", "backup_put_back", detail={})])
        assert backup().returncode == 0
        [(at, good)] = taken(folder).items()
        before, told = good.read_bytes(), await redis.get(KEY)
        await redis.flushall()
        await redis.set(KEY, told or b"")
        for _ in range(2):
            refused = backup()
            assert refused.returncode == 1
            said = json.loads(refused.stdout)
            assert "erstatter ingen" in said["error"]
            assert said["beside"] == str(folder / BESIDE)
        assert taken(folder) == {at: good}
        assert good.read_bytes() == before
        assert (folder / BESIDE).stat().st_size > 0
        assert BESIDE in (folder / f"{BESIDE}.sha256").read_text()
        assert await redis.get(KEY) == told, "it rings that there is no new one"
        # A person has looked, and it is so.
        assert backup("--smaller").returncode == 0
        assert good not in taken(folder).values() or len(taken(folder)) == 2
        assert backup().returncode == 0
