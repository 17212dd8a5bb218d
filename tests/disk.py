"""A disk that does not take everything: the promises that stand on it are seen by what waits."""

import errno
import os
import re
from pathlib import Path

import pytest

_BESIDE = re.compile(r"\.(.+)\.[0-9a-f]{16}")
"""A file before it has its name; see shared/durable_file.py."""


class Disk:
    """Syncs as the kernel does, except what it refuses, as after a write error (fsync(2), EIO)."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.refused: Path | None = None
        """The file or folder that it cannot sync."""
        self.asked = 0
        """How often that was tried."""
        self._sync = os.fsync
        monkeypatch.setattr(os, "fsync", self._fsync)

    def _fsync(self, descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if beside := _BESIDE.fullmatch(path.name):
            path = path.with_name(beside[1])
        if path == self.refused:
            self.asked += 1
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        self._sync(descriptor)
