"""The backups of a folder are in another place too, and stay there when the folder is lost."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.expects import skip_or_fail
from tests.server import TIED, free_port
from tests.system.running import REPO, VARSEL
from tests.varsel.guard.steps import ping_service
from tests.wait import until
from varsel.backup.elsewhere import Elsewhere, NotElsewhere, decide, put_elsewhere
from varsel.backup.keep import DAILY, MONTHLY, WEEKLY, kept, name_of

START = datetime(2026, 1, 1, 3, tzinfo=UTC)
SFTP = ("/usr/lib/openssh/sftp-server", "/usr/lib/sftp-server")
TIMES = st.sets(st.integers(0, 2_000).map(lambda hours: START + timedelta(hours=hours)))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another disk, where restic's variables lead."""
    if not shutil.which("restic"):
        skip_or_fail("restic", "no restic")
    where = tmp_path / "elsewhere"
    monkeypatch.setenv("RESTIC_REPOSITORY", str(where))
    monkeypatch.setenv("RESTIC_PASSWORD", "of the other place")
    monkeypatch.setenv("RESTIC_CACHE_DIR", str(tmp_path / "cache"))
    return where


@pytest.fixture
def by_sftp(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same behind an SFTP server, at the end of a pipe; ssh would only have carried it."""
    server = next(filter(os.path.exists, SFTP), None) or skip_or_fail("restic", "no SFTP server")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/ssh").write_text(f"#!/bin/sh\nexec {server}\n")
    (tmp_path / "bin/ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    monkeypatch.setenv("RESTIC_REPOSITORY", f"sftp:copies@elsewhere.example.org:{repository}")


@pytest.fixture
def by_s3(
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """The same behind an S3 server, with a file that says who asks, as the stack has it."""
    port = free_port()
    said = "[default]\naws_access_key_id = copies\naws_secret_access_key = of the other place\n"
    (tmp_path / "who").write_text(said)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "who"))
    monkeypatch.setenv("RESTIC_REPOSITORY", f"s3:http://127.0.0.1:{port}/copies")
    command = [*TIED, sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with (tmp_path / "s3.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while not _answers(port):
            assert time.monotonic() < deadline, (tmp_path / "s3.log").read_text()
            time.sleep(0.05)
        yield
    finally:
        server.kill()
        server.wait()


def _answers(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "copies").mkdir()
    return tmp_path / "copies"


def add(folder: Path, hour: int) -> str:
    name = name_of(START + timedelta(hours=hour))
    (folder / name).write_bytes(os.urandom(2_000))
    (folder / f"{name}.sha256").write_text(f"the sum of {name}\n")
    return name


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def names_in(folder: Path) -> list[str]:
    return sorted(map(str, folder.rglob("*")))


def brought_back(folder: Path) -> dict[str, bytes]:
    """What restic itself brings back of the newest snapshot."""
    subprocess.run(["restic", "--quiet", "restore", "latest", "--target", folder], check=True)
    return files(folder)


@given(TIMES, TIMES)
def test_the_other_place_keeps_what_a_folder_with_all_of_them_would(
    here: set[datetime], there: set[datetime]
) -> None:
    send, remove = decide(here, there)
    after = (there | {*send}) - {*remove}
    assert after == kept(here | there)
    assert len(after) <= DAILY + WEEKLY + MONTHLY
    assert decide(here & after, after) == ([], []), "it was all done at once"


@pytest.mark.parametrize("way", ["by_sftp", "by_s3"])
def test_a_backup_is_there_byte_for_byte_and_stays_though_the_folder_is_emptied(
    request: pytest.FixtureRequest, way: str, folder: Path, tmp_path: Path
) -> None:
    request.getfixturevalue(way)
    name = add(folder, 0)
    assert put_elsewhere(folder) == Elsewhere(sent=[name], removed=[], there=[name])
    assert brought_back(tmp_path / "back") == files(folder)
    for path in folder.iterdir():
        path.unlink()
    assert put_elsewhere(folder) == Elsewhere(sent=[], removed=[], there=[name])


async def test_each_is_sent_once_and_an_old_one_goes_also_after_a_killed_push(
    repository: Path, folder: Path
) -> None:
    old, newer = add(folder, 0), add(folder, 12)
    (folder / newer).rename(folder / "later")
    put_elsewhere(folder)
    (folder / "later").rename(folder / newer)
    killed = subprocess.Popen(
        ["restic", "backup", "--stdin"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    try:
        await until(lambda: [*(repository / "locks").glob("[0-9a-f]" * 64)], 90)  # it is whole
    finally:
        killed.kill()
        killed.communicate()
    assert put_elsewhere(folder) == Elsewhere(sent=[newer], removed=[old], there=[newer])
    assert put_elsewhere(folder) == Elsewhere(sent=[], removed=[], there=[newer])


async def test_the_command_ends_with_1_where_it_could_not_and_a_ping_service_hears_it(
    repository: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a wrong password no second repository is made."""
    add(folder, 0)
    put_elsewhere(folder)
    before = names_in(repository)
    monkeypatch.setenv("RESTIC_PASSWORD", "another")
    async with ping_service() as (url, pings):
        command = [*VARSEL, "backup", str(folder), "--elsewhere"]
        env = os.environ | {"VARSEL_PING_URL": url}
        failed = await asyncio.to_thread(
            subprocess.run, command, env=env, cwd=REPO, capture_output=True, text=True, check=False
        )
        assert failed.returncode == 1
        assert "wrong password" in failed.stderr
        [(how, _)] = pings.heard
        assert how == "/fail"
    assert names_in(repository) == before


@pytest.mark.parametrize("empty", ["RESTIC_REPOSITORY", "RESTIC_REPOSITORY_FILE"])
def test_no_other_place_is_none_and_not_the_folder_that_one_stands_in(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty: str
) -> None:
    """To restic an empty name is that folder."""
    add(folder, 0)
    (tmp_path / "empty").write_text("\n")
    for name in ("RESTIC_REPOSITORY", "RESTIC_REPOSITORY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(empty, str(tmp_path / "empty") if empty.endswith("FILE") else "")
    monkeypatch.setenv("RESTIC_PASSWORD", "of nothing")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotElsewhere, match="RESTIC_REPOSITORY"):
        put_elsewhere(folder)
    assert {path.name for path in tmp_path.iterdir()} <= {"copies", "empty"}
