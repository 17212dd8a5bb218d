import asyncio
import os
import resource
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.notify.journal.entries import JournalState
from services.notify.journal.files import JournalFile
from services.notify.journal.journal import BLOCK, Journal, JournalAway
from tests.notify.journal.lines import VAULT, files, left, said
from tests.wait import until


@pytest.fixture
async def journal(tmp_path: Path, redis: Redis) -> AsyncIterator[Journal]:
    journal = Journal(tmp_path / "journal", VAULT, redis)
    yield journal
    await journal.close()


async def test_what_was_noted_is_read_by_any_process(journal: Journal, tmp_path: Path) -> None:
    await journal.note(left(1), left(2))
    assert set((await said(tmp_path / "journal")).gone) == {1, 2}


async def test_many_who_write_at_once_lose_nothing(journal: Journal, tmp_path: Path) -> None:
    await asyncio.gather(*(journal.note(left(number)) for number in range(1, 201)))
    assert set((await said(tmp_path / "journal")).gone) == set(range(1, 201))


async def test_several_processes_have_a_file_each_and_the_next_takes_over(tmp_path: Path) -> None:
    first, second = Journal(tmp_path, VAULT, Redis()), Journal(tmp_path, VAULT, Redis())
    await first.note(left(1))
    await second.note(left(2))
    assert len(files(tmp_path)) == 2
    await first.close()
    third = Journal(tmp_path, VAULT, Redis())
    await third.note(left(3))
    assert len(files(tmp_path)) == 2
    assert set((await said(tmp_path)).gone) == {1, 2, 3}
    for one in (second, third):
        await one.close()


async def test_a_torn_last_line_is_no_error_and_hides_no_other(tmp_path: Path) -> None:
    first = Journal(tmp_path, VAULT, Redis())
    await first.note(left(1))
    await first.close()
    (path,) = files(tmp_path)
    for torn in (b"AAA", path.read_bytes()[:-1], b"\0" * 50):
        with path.open("ab") as file:
            file.write(torn)
        assert set((await said(tmp_path)).gone) == {1}
    second = Journal(tmp_path, VAULT, Redis())
    await second.note(left(2))
    await second.close()
    assert set((await said(tmp_path)).gone) == {1, 2}


async def test_a_line_that_was_changed_turns_health_red(journal: Journal, tmp_path: Path) -> None:
    await journal.note(left(1), left(2))
    (path,) = files(tmp_path / "journal")
    first, second = path.read_bytes().splitlines()
    path.write_bytes(first[:-9] + b"AAAAAAAA=\n" + second + b"\n")
    state = await journal.read()
    assert set(state.gone) == {2}
    assert journal.problems() == ["journal: 1 lines cannot be read"]


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """The disk takes no byte more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = max([path.stat().st_size for path in files(folder)], default=0)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 5, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


async def test_what_must_wait_waits_and_what_must_not_is_written_later(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notify.journal.journal.RETRY_SECONDS", 0.01)
    folder = tmp_path / "journal"
    await journal.note(left(1))
    with full(folder):
        with pytest.raises(JournalAway):
            await journal.note(left(2))
        await journal.note_late(left(3))
        (problem,) = journal.problems()
        assert problem.startswith("journal: cannot be written: ")
        with pytest.raises(JournalAway):
            await journal.reserve(1)
    trying = asyncio.ensure_future(journal.keep_trying())
    await until(lambda: not journal.problems())
    trying.cancel()
    assert set((await said(folder)).gone) == {1, 3}
    assert len(files(folder)) == 1


async def test_of_many_who_wait_together_each_hears_that_the_disk_is_full(
    journal: Journal, tmp_path: Path
) -> None:
    await journal.note(left(1))
    with full(tmp_path / "journal"):
        heard = await asyncio.gather(
            *(journal.note(left(number)) for number in range(2, 12)), return_exceptions=True
        )
    assert [type(one) for one in heard] == [JournalAway] * 10


async def test_a_folder_that_cannot_be_made_turns_health_red_and_stops_nothing(
    tmp_path: Path, redis: Redis
) -> None:
    (tmp_path / "journal").write_text("a file")
    journal = Journal(tmp_path / "journal", VAULT, redis)
    await journal.open()
    assert await journal.read() == JournalState()
    assert [one.partition(":")[0] for one in journal.problems()] == ["journal", "journal"]
    await journal.note_late(left(1))
    (tmp_path / "journal").unlink()
    await journal.close()


async def test_numbers_are_reserved_before_they_are_given_and_by_blocks(
    journal: Journal, tmp_path: Path
) -> None:
    for number in range(1, BLOCK + 2):
        await journal.reserve(number)
    lines = files(tmp_path / "journal")[0].read_bytes().splitlines()
    assert len(lines) == 1
    assert (await said(tmp_path / "journal")).highest == BLOCK + 1
    await journal.reserve(BLOCK + 2)
    assert (await said(tmp_path / "journal")).highest == 2 * BLOCK + 2


WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from redis.asyncio import Redis
from services.notify.journal.entries import JournalEntry, EntryKind
from services.notify.journal.journal import Journal
from services.notify.vault.vault import Vault

async def main():
    journal = Journal(Path(sys.argv[1]), Vault(b"v" * 32, b"i" * 32), Redis())
    for number in range(1, 100_000):
        await journal.note(JournalEntry(EntryKind.LEFT, datetime.now(UTC), number))
        print(number, flush=True)

asyncio.run(main())
"""


async def test_whatever_was_confirmed_is_there_after_a_kill(tmp_path: Path) -> None:
    for seed in range(5):
        folder = tmp_path / str(seed)
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout
            for _ in range(20 + 7 * seed):
                writer.stdout.readline()
            os.kill(writer.pid, signal.SIGKILL)
            confirmed = 20 + 7 * seed + writer.stdout.read().count(b"\n")
        gone = set((await said(folder)).gone)
        assert set(range(1, confirmed + 1)) <= gone
        after = Journal(folder, VAULT, Redis())
        await after.note(left(9999))
        await after.close()
        assert gone | {9999} == set((await said(folder)).gone)


def test_a_file_is_only_its_owners_to_read(tmp_path: Path) -> None:
    file = JournalFile.take(tmp_path / "journal")
    (path,) = (tmp_path / "journal").iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    file.close()
