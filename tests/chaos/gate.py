"""In a process that is to be killed: tells of each write to the journal before and after it is
done, as the proxies tell of commands. The process itself does not know of it.

A line is written in two halves, so that somebody may be killed in the middle of one.
"""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from services.notify.journal import files, journal
from services.notify.journal.entries import EntryKind, JournalEntry
from services.notify.vault.vault import Vault

WRITE, HALF, FSYNC = "JOURNAL write", "JOURNAL half", "JOURNAL fsync"
Tell = Callable[[str, str], object]
"""Is told of a step's kind, as `JOURNAL write left`, and its moment; it may never return."""


def in_journal(*entries: EntryKind) -> tuple[str, ...]:
    """The kinds of the steps that write these entries."""
    return tuple(f"{step} {entry.value}" for entry in entries for step in (WRITE, HALF, FSYNC))


def install(tell: Tell) -> None:
    """From now on `tell` is told of all that this process writes to the journal."""
    seal: Callable[[Vault, JournalEntry], bytes] = journal.seal
    kinds: dict[bytes, str] = {}

    def sealed(vault: Vault, entry: JournalEntry) -> bytes:
        line = seal(vault, entry)
        kinds[line] = entry.kind.value
        return line

    journal.seal = sealed  # type: ignore[attr-defined]
    files.os = _Gate(tell, kinds)  # type: ignore[assignment,attr-defined]


def install_at(path: str) -> None:
    """The same, told by the socket at `path`, which answers with a byte when it may go on; nothing
    is told while nobody listens there."""

    def tell(kind: str, moment: str) -> None:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.connect(path)
            line.sendall(f"{moment} {kind}\n".encode())
            line.recv(1)

    install(tell)


class _Gate:
    """What the journal's files know as `os`."""

    def __init__(self, tell: Tell, kinds: dict[bytes, str]) -> None:
        self._tell = tell
        self._kinds = kinds
        self._written: dict[int, list[str]] = {}
        """By descriptor, what was written last."""

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def write(self, descriptor: int, data: bytes) -> int:
        found = {self._kinds.pop(line, "") for line in data.split(b"\n") if line}
        self._written[descriptor] = sorted(found)
        self._each(WRITE, descriptor, "before")
        middle = len(data) // 2
        written = os.write(descriptor, data[:middle])
        self._each(HALF, descriptor, "after")
        written += os.write(descriptor, data[middle:])
        self._each(WRITE, descriptor, "after")
        return written

    def fsync(self, descriptor: int) -> None:
        self._each(FSYNC, descriptor, "before")
        os.fsync(descriptor)
        self._each(FSYNC, descriptor, "after")

    def _each(self, step: str, descriptor: int, moment: str) -> None:
        for kind in self._written.get(descriptor, []):
            self._tell(f"{step} {kind}", moment)
