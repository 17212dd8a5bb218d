"""The site's folder: files that are always whole, and never older than what Redis holds.

Several machines may write it, if its file system keeps locks between them (decision 0074).
"""

import asyncio
import fcntl
import os
import shutil
import time
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

from shared import durable_file
from shared.bus import Surroundings

GONE = ".gone.html"
"""Stands in the folder of an article that is gone: a server answers 410 with it."""
MOVED = ".moved"
"""Stands in the folder of an address of a site that an article was moved from: the path of its page
now."""
NOT_FOUND = ".not-found.html"
"""The page for addresses that are not there, for the web server."""
PREVIEWS = "utkast"
"""The folder of pages that are not published, which nobody may keep."""
PAPER = "utskrift"
"""In a sketch's folder: the page as it would be printed."""
_LOCKS = 64
"""Lock files. Paths share them, so that 10,000 pages do not leave 10,000 lock files."""
_LOST_SECONDS = 10.0
"""A lock that was held for so long may have been lost meanwhile: a server of files gives it to
others once it has not heard of a machine for its lease (NFSv4: RFC 8881, section 8.3). That is 30 s
or more, and Linux renews it when two thirds are gone."""
_LOOK = ".look"
_FIRST = ("index.html", "style.css")
"""If one of these is gone, somebody has emptied the folder."""


T = TypeVar("T")


class InTheWay(Surroundings):
    """There is a file where a folder would be, or a folder where a file would be. The disk does not
    come back from that by itself."""


async def _nothing() -> None:
    pass


def _clock() -> float:
    """Seconds, also those in which the machine slept."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SiteFiles:
    """`folder` is what the web sees; `locks` lies apart, so that it outlives a lost folder."""

    def __init__(
        self, folder: Path, locks: Path, *, check: Callable[[], Awaitable[None]] = _nothing
    ) -> None:
        """`check` raises if what was read is not the site's own state."""
        self._folder = folder
        self._locks = locks
        self._check = check

    def prepare(self, absent: dict[str, str | bytes]) -> None:
        """Write those of the files that are not there."""
        for path, text in absent.items():
            content = text.encode() if isinstance(text, str) else text
            durable_file.write(self._folder / path, content, durable=False, once=True)

    async def project(
        self, path: str, make: Callable[[], Awaitable[str | bytes | None]], *, durable: bool = False
    ) -> bool:
        """Write what `make` gives to `path` (in the folder), under the path's lock; if it gives
        None, no file is left there, also after a power cut. Whether there is one now.

        `make` reads the state, and does so inside the lock: of two processes that write the same
        file, the later one also has the later state. With `durable` the file survives a power cut.
        Raises Surroundings("disk") if the disk does not take it, InTheWay if that is why.
        """

        async def write() -> bool:
            text = await make()
            await self._check()
            with _disk_is_surroundings():
                if text is None:
                    await asyncio.to_thread(durable_file.remove, self._folder / path)
                    return False
                data = text.encode() if isinstance(text, str) else text
                await asyncio.to_thread(self._write, path, data, durable=durable)
            return True

        return await self._with_lock(path, write)

    def by_lock(self, paths: Iterable[str]) -> list[list[str]]:
        """The paths, those that share a lock together."""
        found = defaultdict(list)
        for path in paths:
            found[_lock(path)].append(path)
        return list(found.values())

    async def project_several(
        self, paths: list[str], make: Callable[[], AsyncIterator[tuple[str, str, bytes]]]
    ) -> None:
        """As `project`, for files whose `paths` share a lock. `make` gives some of them, each with
        its text and what the file says now (see `read`), and reads their state before it gives the
        first. None survives a power cut before `flush`.

        A file that says so already is left: to take the place of another costs a file system far
        more than to be read.
        """

        async def write() -> None:
            is_checked = False
            async for path, text, before in make():
                if not is_checked:
                    # After the state was read, and not before: what was read is what is checked.
                    await self._check()
                    is_checked = True
                data = text.encode()
                if data != before:
                    with _disk_is_surroundings():
                        self._write(path, data, durable=False)

        await self._with_lock(paths[0], write)

    def read(self, path: str) -> bytes:
        """What the file at `path` says; nothing if there is none."""
        try:
            return (self._folder / path).read_bytes()
        except (FileNotFoundError, IsADirectoryError):
            return b""

    def _write(self, path: str, data: bytes, *, durable: bool) -> None:
        """Write a file. A folder that stands in its place goes, if all that is in it leads on from
        addresses of another site: an earlier version took such addresses, where files are now."""
        target = self._folder / path
        if target.is_dir() and all(one.is_dir() or one.name == MOVED for one in target.rglob("*")):
            shutil.rmtree(target)
        durable_file.write(target, data, durable=durable, root=self._folder)

    async def settle(self, path: str) -> None:
        """The file that is at `path` survives a power cut from when this returns, as if it had been
        written `durable`. Raises what `project` raises."""
        with _disk_is_surroundings():
            await asyncio.to_thread(durable_file.settle, self._folder / path, self._folder)

    async def flush(self) -> None:
        """All that was written survives a power cut from when this returns."""
        with _disk_is_surroundings():
            await asyncio.to_thread(durable_file.flush, self._folder)

    def holds(self, path: str, mark: bytes) -> bool:
        """Whether there is a file at `path` that begins with `mark` somewhere in its first KiB."""
        try:
            with (self._folder / path).open("rb") as file:
                return mark in file.read(1024)
        except OSError:
            return False

    def look(self) -> str:
        """The look with which all files were last written; empty if some have another."""
        return self.read(_LOOK).decode()

    def has_look(self, look: str) -> bool:
        """Whether all files were last written with this look, and are still there."""
        return self.look() == look and all((self._folder / name).exists() for name in _FIRST)

    async def set_look(self, look: str) -> None:
        """Remember that all files have this look; call it last."""

        async def make() -> str:
            return look

        await self.project(_LOOK, make)

    async def unset_look(self) -> None:
        """Forget which look the files have, also after a power cut; call it before some get
        another."""

        async def make() -> None:
            pass

        await self.project(_LOOK, make)

    async def _with_lock(self, path: str, write: Callable[[], Awaitable[T]]) -> T:
        """What `write` gives, done with the lock of `path` held. If that took so long that another
        machine may have had the lock before it was done, it is done once more: it reads the state
        anew, so the newest is what stays."""
        for _ in range(2):
            async with self._locked(path):
                began = _clock()
                done = await write()
                took = _clock() - began
            if took < _LOST_SECONDS:
                break
        return done

    @asynccontextmanager
    async def _locked(self, path: str) -> AsyncIterator[None]:
        """Hold the lock of `path`, among tasks and processes. Held one at a time: no deadlock."""
        with _disk_is_surroundings():
            self._locks.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._locks / _lock(path), os.O_RDWR | os.O_CREAT, 0o666)
        try:
            # Asked again and again: a thread that waits in flock could not be cancelled.
            with _disk_is_surroundings():
                while not _try_lock(descriptor):  # noqa: ASYNC110 (another process holds it)
                    await asyncio.sleep(0.005)
            yield
        finally:
            os.close(descriptor)


def _lock(path: str) -> str:
    return f"{zlib.crc32(path.encode()) % _LOCKS:02}"


@contextmanager
def _disk_is_surroundings() -> Iterator[None]:
    try:
        yield
    except (FileExistsError, IsADirectoryError, NotADirectoryError) as error:
        raise InTheWay("disk") from error
    except OSError as error:
        raise Surroundings("disk") from error


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
