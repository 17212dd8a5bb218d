"""The site's folder: files that are always whole, and never older than what Redis holds."""

import asyncio
import fcntl
import os
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from shared import durable_file
from shared.bus import Surroundings

GONE = ".gone.html"
"""Stands in the folder of an article that is gone: a server answers 410 with it."""
PREVIEWS = "utkast"
"""The folder of pages that are not published, which nobody may keep."""
_LOCKS = 64
"""Lock files. Paths share them, so that 10,000 pages do not leave 10,000 lock files."""
_LOOK = ".look"
_FIRST = ("index.html", "style.css")
"""If one of these is gone, somebody has emptied the folder."""


async def _nothing() -> None:
    pass


class SiteFiles:
    """`folder` is what the web sees; `locks` lies apart, so that it outlives a lost folder."""

    def __init__(
        self, folder: Path, locks: Path, *, check: Callable[[], Awaitable[None]] = _nothing
    ) -> None:
        """`check` raises if what was read is not the site's own state."""
        self._folder = folder
        self._locks = locks
        self._check = check

    def prepare(self, always: dict[str, str], absent: dict[str, str]) -> None:
        """Write the files `always`, and those `absent` if there are none."""
        for path, text in always.items():
            durable_file.write(self._folder / path, text.encode(), durable=False)
        for path, text in absent.items():
            durable_file.write(self._folder / path, text.encode(), durable=False, once=True)

    async def project(
        self, path: str, make: Callable[[], Awaitable[str | None]], *, durable: bool = False
    ) -> bool:
        """Write what `make` gives to `path` (in the folder), under the path's lock; where it gives
        None, no file is left there, also after a power cut. Whether there is one now.

        `make` reads the state, and does so inside the lock: of two processes that write the same
        file, the later one also has the later state. With `durable` the file survives a power cut.
        Raises Surroundings("disk") if the disk does not take it.
        """
        async with self._locked(path):
            text = await make()
            await self._check()
            with _disk_is_surroundings():
                if text is None:
                    await asyncio.to_thread(durable_file.remove, self._folder / path)
                    return False
                await asyncio.to_thread(
                    durable_file.write,
                    self._folder / path,
                    text.encode(),
                    durable=durable,
                    root=self._folder,
                )
        return True

    def has_look(self, look: str) -> bool:
        """Whether all files were last written with this look, and are still there."""
        try:
            written = (self._folder / _LOOK).read_text()
        except FileNotFoundError:
            return False
        return written == look and all((self._folder / name).exists() for name in _FIRST)

    async def set_look(self, look: str) -> None:
        """Remember that all files have this look; call it last."""

        async def make() -> str:
            return look

        await self.project(_LOOK, make)

    @asynccontextmanager
    async def _locked(self, path: str) -> AsyncIterator[None]:
        """Hold the lock of `path`, among tasks and processes. Held one at a time: no deadlock."""
        name = f"{zlib.crc32(path.encode()) % _LOCKS:02}"
        with _disk_is_surroundings():
            self._locks.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._locks / name, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            # Asked again and again: a thread that waits in flock could not be cancelled.
            while not _try_lock(descriptor):  # noqa: ASYNC110 (another process holds it)
                await asyncio.sleep(0.005)
            yield
        finally:
            os.close(descriptor)


@contextmanager
def _disk_is_surroundings() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Surroundings("disk") from error


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
