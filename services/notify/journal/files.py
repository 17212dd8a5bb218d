"""The journal's files: lines that are only ever appended, one file for each process that writes.

A process has its file locked while it runs. A file that nobody has locked is taken over by the next
process, so that there are no more files than processes at one time.
"""

import fcntl
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Self

from shared import durable_file

_SUFFIX = ".journal"


class JournalFile:
    """One file, locked for this process. Its methods block: call them in a thread."""

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor = descriptor
        self._size = size
        """Bytes that are whole lines."""

    @classmethod
    def take(cls, folder: Path) -> Self:
        """A file of `folder` that no other process has, or a new one. OSError if there can be
        none."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in _paths(folder):
            with suppress(OSError):  # of another user, or on a disk that fails: then a new one
                if taken := cls._lock(path):
                    return taken
        path = folder / f"{secrets.token_hex(8)}{_SUFFIX}"
        durable_file.write(path, b"", mode=0o600)
        if taken := cls._lock(path):
            return taken
        return cls.take(folder)  # another process was faster

    @classmethod
    def _lock(cls, path: Path) -> Self | None:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            size = path.read_bytes().rfind(b"\n") + 1
            os.ftruncate(descriptor, size)  # a line that was never finished was never confirmed
        except BaseException as error:
            os.close(descriptor)
            if isinstance(error, BlockingIOError):
                return None
            raise
        return cls(descriptor, size)

    def append(self, lines: list[bytes]) -> None:
        """Append `lines`; they survive a power cut once this returns. OSError if the disk does not
        take them: then the file is not to be written to any more."""
        data = b"".join(line + b"\n" for line in lines)
        rest = data
        while rest:  # a disk that is nearly full takes a part, and says why only of the next
            rest = rest[os.write(self._descriptor, rest) :]
        os.fsync(self._descriptor)
        self._size += len(data)

    def close(self) -> None:
        """Let the file go. What was not confirmed is cut off, if the disk allows."""
        with suppress(OSError):
            os.ftruncate(self._descriptor, self._size)
        os.close(self._descriptor)


def read(folder: Path) -> tuple[list[bytes], int]:
    """All lines of all files, also of those that are being written, and how many files ended in a
    line that was never finished. OSError if a file cannot be read."""
    lines: list[bytes] = []
    torn = 0
    for path in _paths(folder):
        *whole, rest = path.read_bytes().split(b"\n")
        lines += whole
        torn += bool(rest)
    return lines, torn


def _paths(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{_SUFFIX}"))
