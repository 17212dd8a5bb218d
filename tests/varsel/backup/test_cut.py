"""The cut of a Redis that works is of one moment, and is made by a user who can do nothing else."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from shared.bus.users import BACKUP, as_user
from tests.server import Valkey
from varsel.backup.cut import NoCut, take_cut
from varsel.backup.second_server import CutUnreadable, second_server


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    server = Valkey().start()
    yield server
    server.close()


async def test_a_cut_in_the_midst_of_writing_is_of_one_moment(
    valkey: Valkey, tmp_path: Path
) -> None:
    stop, cut = threading.Event(), tmp_path / "cut"

    def write() -> None:
        with redis.Redis.from_url(valkey.url) as client:
            number = 0
            while not stop.is_set():
                number += 1
                with client.pipeline(transaction=True) as pipe:
                    pipe.set("ingest:first", number)
                    pipe.hset("ingest:numbers", str(number), "x" * 100)
                    pipe.set("ingest:last", number)
                    pipe.execute()

    with redis.Redis.from_url(valkey.url) as client:
        for number in range(200):
            client.set(f"ingest:filler:{number}", "y" * 10_000)
        writer = threading.Thread(target=write)
        writer.start()
        try:
            while int(client.get("ingest:last") or 0) < 100:  # type: ignore[arg-type]
                pass
            before = int(client.get("ingest:last") or 0)  # type: ignore[arg-type]
            take_cut(as_user(valkey.url, BACKUP), cut)
            after = int(client.get("ingest:last") or 0)  # type: ignore[arg-type]
        finally:
            stop.set()
            writer.join()
    assert cut.stat().st_mode & 0o777 == 0o600
    async with second_server(cut) as copy:
        first, last = await copy.get("ingest:first"), await copy.get("ingest:last")
        assert first == last
        assert await copy.hlen("ingest:numbers") == int(last)
        assert before <= int(last) <= after
        assert len([key async for key in copy.scan_iter()]) == 203


async def test_a_cut_is_read_though_this_machine_has_a_server_that_is_older(
    valkey: Valkey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = tmp_path / "cut"
    with redis.Redis.from_url(valkey.url) as client:
        client.set("ingest:last", 1)
    take_cut(as_user(valkey.url, BACKUP), cut)
    older = tmp_path / "redis-server"
    older.write_text('#!/bin/sh\necho "Can\'t handle RDB format version" >&2\nexit 1\n')
    older.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    async with second_server(cut) as copy:
        assert await copy.get("ingest:last")


def test_nothing_of_it_is_left_beside_the_data(valkey: Valkey, tmp_path: Path) -> None:
    before = sorted(path.name for path in valkey.folder.iterdir())
    take_cut(as_user(valkey.url, BACKUP), tmp_path / "cut")
    assert sorted(path.name for path in valkey.folder.iterdir()) == before


def test_who_may_not_gets_none(valkey: Valkey, tmp_path: Path) -> None:
    with pytest.raises((redis.exceptions.NoPermissionError, NoCut)):
        take_cut(as_user(valkey.url, "ingest"), tmp_path / "cut")
    assert not (tmp_path / "cut").exists()


@pytest.mark.parametrize("damage", ["changed", "shortened", "other"])
async def test_a_cut_that_is_not_whole_is_told(valkey: Valkey, tmp_path: Path, damage: str) -> None:
    with redis.Redis.from_url(valkey.url) as client:
        client.hset("ingest:people", "a", "b" * 5000)
    cut = tmp_path / "cut"
    take_cut(as_user(valkey.url, BACKUP), cut)
    data = bytearray(cut.read_bytes())
    if damage == "changed":
        data[len(data) // 2] ^= 1
    cut.write_bytes({"changed": data, "shortened": data[:-20], "other": b"hei" * 50}[damage])
    with pytest.raises(CutUnreadable):
        async with second_server(cut):
            pass
