"""Lines of a journal, as tests write and read them."""

from datetime import UTC, datetime
from pathlib import Path

from redis.asyncio import Redis

from services.notify.journal.entries import EntryKind, JournalEntry, JournalState
from services.notify.journal.journal import Journal
from services.notify.vault.vault import Vault

VAULT = Vault(b"v" * 32, b"i" * 32)
NOW = datetime(2026, 11, 28, tzinfo=UTC)


def left(number: int) -> JournalEntry:
    return JournalEntry(EntryKind.LEFT, NOW, number, bytes([number % 256]) * 16)


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.journal"))


async def said(folder: Path) -> JournalState:
    reader = Journal(folder, VAULT, Redis())
    state = await reader.read()
    assert not reader.problems()
    return state
