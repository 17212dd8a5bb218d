"""Whoever waits for a backup sees how far it is, and a program's output stays a program's."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from rich.console import Console

from shared.bus.users import BACKUP, as_user
from tests.make import settings
from tests.server import Valkey
from varsel.backup.archive import new_identity, recipient
from varsel.backup.take_backup import take_backup
from varsel.commands.copies import progress


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    server = Valkey().start()
    yield server
    server.close()


def on(console: Console, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    file = console.file
    assert isinstance(file, io.StringIO)
    monkeypatch.setattr(progress, "err", console)
    return file


async def test_each_step_is_told_and_how_far_it_is_of_how_much(
    valkey: Valkey, tmp_path: Path
) -> None:
    async with Redis.from_url(valkey.url) as redis:
        await redis.set("ingest:much", "x" * 300_000)
    heard: list[tuple[str, int, int]] = []
    public = recipient(new_identity(tmp_path / "id.txt"))
    await take_backup(
        tmp_path / "kopi.age",
        settings(redis_url=as_user(valkey.url, BACKUP)),
        [public],
        with_key=False,
        told=lambda *step: heard.append(step),
    )
    steps = list(dict.fromkeys(step for step, _, _ in heard))
    assert steps == ["redis", "check", "seal"]
    for step in steps:
        done = [count for name, count, _ in heard if name == step]
        assert done == sorted(done)
    last = [(done, whole) for step, done, whole in heard if step == "seal"][-1]
    assert last[0] == last[1] > 0, "it ends at all of it"


def test_a_terminal_shows_a_bar_for_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on(Console(file=io.StringIO(), force_terminal=True, width=100), monkeypatch)
    with progress.bar() as told:
        told("redis", 500_000, 0)
        told("check", 0, 0)
        told("seal", 1_000_000, 4_000_000)
        told("seal", 4_000_000, 4_000_000)
    shown = terminal.getvalue()
    for words in ("Henter en kopi fra Redis", "Leser kopien i en annen server", "Forsegler"):
        assert words in shown
    assert "4.0/4.0 MB" in shown
    assert "500.0" in shown


def test_nothing_is_shown_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    piped = on(Console(file=io.StringIO(), force_terminal=False), monkeypatch)
    with progress.bar() as told:
        told("seal", 1, 2)
    assert piped.getvalue() == ""
