"""The gate tells of each write to the journal where the matrix says it is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.notify.journal import files, journal
from services.notify.journal.entries import EntryKind, JournalEntry
from services.notify.journal.journal import Journal
from tests.chaos import gate
from tests.notify.members.people import VAULT

AT = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _without_it_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "seal", journal.seal)  # type: ignore[attr-defined]
    monkeypatch.setattr(files, "os", files.os)  # type: ignore[attr-defined]


async def test_each_step_of_a_line_is_told_when_the_file_is_so_far(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    sizes: list[int] = []

    def tell(kind: str, moment: str) -> None:
        told.append((kind, moment))
        sizes.append(sum(path.stat().st_size for path in tmp_path.glob("*.journal")))

    gate.install(tell)
    mine = Journal(tmp_path, VAULT, Redis())
    await mine.note(JournalEntry(EntryKind.LEFT, AT, 7, b"index"))
    write, half, fsync = gate.in_journal(EntryKind.LEFT)
    assert told == [
        (write, "before"), (half, "after"), (write, "after"), (fsync, "before"), (fsync, "after"),
    ]  # fmt: skip
    assert sizes[0] == 0
    assert 0 < sizes[1] < sizes[2] == sizes[4]
    assert (await mine.read()).gone.keys() == {7}
    await mine.close()


async def test_lines_that_are_written_together_are_told_of_by_every_kind(tmp_path: Path) -> None:
    told: list[str] = []
    gate.install(lambda kind, moment: told.append(f"{moment} {kind}"))
    mine = Journal(tmp_path, VAULT, Redis())
    entries = [JournalEntry(kind, AT, 7, b"index", id="a") for kind in EntryKind]
    await mine.note(*entries, *entries)
    assert {line.split(maxsplit=1)[1] for line in told} == set(gate.in_journal(*EntryKind))
    assert len(told) == 5 * len(EntryKind)
    await mine.close()
