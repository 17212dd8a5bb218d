"""Backups into a folder, one after another, by the command."""

import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.bus.users import BACKUP, as_user
from tests.server import TIED, Valkey
from tests.system.running import REPO, VARSEL
from tests.wait import until
from varsel.backup.archive import new_identity
from varsel.backup.keep import kept, name_of, taken


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    server = Valkey().start()
    yield server
    server.close()


def all_old_are_gone(folder: Path, before: int) -> bool:
    there = set(taken(folder))
    return len(there) < before and there == kept(there)


async def test_one_is_taken_when_the_newest_is_old_and_an_end_leaves_nothing_in_the_clear(
    valkey: Valkey, tmp_path: Path
) -> None:
    folder, passing = tmp_path / "kopier", tmp_path / "passing"
    folder.mkdir()
    passing.mkdir()
    now = datetime.now(UTC)
    before = {now - timedelta(days=night) for night in range(1, 41)}
    for at in before:
        (folder / name_of(at)).touch()
    public = new_identity(tmp_path / "id.txt")
    options = ("--every", "23", "--recipient", public, "--without-key")
    process = subprocess.Popen(
        [*TIED, *VARSEL, "backup", str(folder), *options],
        env={k: v for k, v in os.environ.items() if not k.startswith("VARSEL_")}
        | {"VARSEL_REDIS_URL": as_user(valkey.url, BACKUP), "TMPDIR": str(passing)},
        cwd=REPO,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        await until(lambda: all_old_are_gone(folder, len(before)), timeout=60)
    finally:
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "lest i en annen server" in said
    there = taken(folder)
    newest = max(there)
    assert newest >= now.replace(microsecond=0)
    assert there[newest].stat().st_size > 0
    assert set(there) == kept({at.replace(microsecond=0) for at in before} | {newest})
    assert list(passing.iterdir()) == []
