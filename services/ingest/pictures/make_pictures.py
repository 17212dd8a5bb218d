"""Makes the pictures that were taken in: decoded, stripped, on disk, and only then known.

Whatever dies, what was taken in is made after the next start. Several processes may do the same at
once; the files are the same.
"""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from redis.exceptions import RedisError

from services.ingest.pictures import picture
from services.ingest.pictures.save_picture import SavePicture
from services.ingest.pictures.store import PicturesToMake, TakenPicture
from services.ingest.pictures.take_picture import UPLOADS
from services.ingest.problems import Problem
from shared import durable_file, log

LOOK_SECONDS = 1.0
"""From look to look, unless somebody wakes it."""
_RETRY_SECONDS = 15.0
"""Until a picture that could not be made for another reason than its file is tried again."""
MOST_DEATHS = 3
"""Of tries that ended the processes that made them: then it is the picture's fault. Until the next
start; a disk that does not take a picture is waited for, however long."""
_SWEEP_SECONDS = 3600.0
_LEFT_SECONDS = 600.0
"""A file that nothing knows of after so long was left by a process that died before its answer."""


@dataclass
class MakePictures:
    save: SavePicture
    to_make: PicturesToMake
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _failed: dict[str, float] = field(default_factory=dict)
    """Pictures that failed, and when to try each again, by `time.monotonic`."""
    _deaths: Counter[str] = field(default_factory=Counter)
    """How often it killed the processes that made it, by a picture's name."""
    _swept: float = float("-inf")

    @property
    def _folder(self) -> Path:
        return self.save.folder

    def wake(self) -> None:
        self._woken.set()

    async def __call__(self) -> None:
        """Make what was taken in, until cancelled."""
        while True:
            self._woken.clear()
            await self.look()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), LOOK_SECONDS)

    async def look(self) -> None:
        """Make all that waits, and now and then remove what was left. Raises redis-py's errors."""
        waiting = await self.to_make.all()
        names = {one.picture.name for one in waiting}
        self._failed = {name: at for name, at in self._failed.items() if name in names}
        for one in waiting:
            if self._failed.get(one.picture.name, 0.0) <= time.monotonic():
                await self._try(one)
        if self._swept + _SWEEP_SECONDS <= time.monotonic():
            await self.sweep()
            self._swept = time.monotonic()

    async def sweep(self) -> None:
        """Remove files as they were uploaded that nothing waits for. Raises redis-py's errors."""
        found = await asyncio.to_thread(_left, self._folder)
        wanted = {one.file for one in await self.to_make.all()}
        for path in found:
            if path.name not in wanted:
                await asyncio.to_thread(path.unlink, missing_ok=True)

    def problems(self) -> list[str]:
        """For health: how many pictures wait although their turn has come."""
        return [f"pictures that wait to be made: {len(self._failed)}"] if self._failed else []

    async def _try(self, one: TakenPicture) -> None:
        """One that fails must not hold up those behind it."""
        try:
            await self._settle(one)
            self._failed.pop(one.picture.name, None)
        except RedisError:
            raise
        except Exception as error:  # the disk's, and a child that was killed
            if one.picture.name not in self._failed:
                log.get("ingest").error("picture_not_made", cause=type(error).__name__)
            self._failed[one.picture.name] = time.monotonic() + _RETRY_SECONDS

    async def _settle(self, taken: TakenPicture) -> None:
        try:
            await self._write(taken)
        except Problem as problem:
            if problem.status != 422:  # a child that was killed, and the one after it
                self._deaths[taken.picture.name] += 1
                if self._deaths[taken.picture.name] < MOST_DEATHS:
                    raise
                problem = picture.too_hard(taken.uploaded_as)
            message = problem.errors[0].message if problem.errors else problem.detail
            await self.to_make.settle(taken, message)
        else:
            await self.to_make.settle(taken)
        del self._deaths[taken.picture.name]
        # Of who dies before this the sweep removes it.
        (self._folder / taken.file).unlink(missing_ok=True)

    async def _write(self, taken: TakenPicture) -> None:
        """Problem 422 if it cannot be made. A file never changes: one that is there stays."""
        target = self._folder / taken.picture.name
        try:
            raw = await asyncio.to_thread((self._folder / taken.file).read_bytes)
        except FileNotFoundError:
            if target.is_file():
                return
            raise picture.lost(taken.uploaded_as) from None
        made = await self.save.made(taken.uploaded_as, raw)
        await asyncio.to_thread(durable_file.write, target, made.data, mode=0o644, once=True)


def _left(folder: Path) -> list[Path]:
    """Files as they were uploaded, whole or not, that are not of just now."""
    before = time.time() - _LEFT_SECONDS
    found = []
    for path in folder.glob(f"{UPLOADS.format('*')}*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                found.append(path)
    return found
