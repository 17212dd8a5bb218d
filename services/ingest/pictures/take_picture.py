"""Takes in a picture that somebody waits for: what its header tells is told at once, and its pixels
are decoded afterwards, by make_pictures.py.

The file is on disk as it was uploaded before Redis knows of it, under a name that nothing serves.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from services.ingest.people.person import Person
from services.ingest.pictures import picture
from services.ingest.pictures.store import Pictures, TakenPicture
from services.ingest.problems import unavailable
from shared import durable_file, log
from shared.article import Picture
from shared.child.children import ChildDied, Children, GaveUp

UPLOADS = ".{}.upload"
"""What files are called that are as they were uploaded. Servers and backups pass by names that
begin with a dot."""
_SECONDS = 5.0
"""A header takes a few milliseconds."""
_LOOK_SECONDS = 0.05
_MOST_LOOKS = 40
"""Two seconds: what somebody waits who has just uploaded a picture and wants to send it in."""


@dataclass(frozen=True)
class TakePicture:
    folder: Path
    pictures: Pictures
    children: Children
    wake: Callable[[], None]
    """Has pictures made that wait."""

    async def __call__(self, person: Person, uploaded_as: str, raw: bytes) -> tuple[Picture, bool]:
        """Take in the picture in `raw`, which was the file `uploaded_as`.

        Gives it as it will be, and whether it is made already. Raises Problem 422 if it is no
        picture, 503 if the disk cannot take it.
        """
        if len(raw) > picture.MAX_BYTES:
            raise picture.too_many_bytes(uploaded_as)
        found = await self._looked(uploaded_as, raw)
        if await self._is_there(found.name):
            await self.pictures.add(person.id, uploaded_as, found)
            return found, True
        file = UPLOADS.format(secrets.token_hex(16))
        try:
            await asyncio.to_thread(durable_file.write, self.folder / file, raw, mode=0o600)
        except OSError as error:
            log.get("ingest").error("picture_not_written", errno=error.errno)
            raise unavailable("Bildet kunne ikke lagres; prøv igjen om litt.") from error
        taken = TakenPicture(picture=found, uploaded_as=uploaded_as[:255], file=file)
        await self.pictures.add_to_make(person.id, uploaded_as, taken)
        self.wake()
        return found, False

    async def all_made(self, written: str) -> None:
        """Wait until no picture that stands in what is `written` is to be made, and not for long.
        Raises redis-py's errors."""
        for _ in range(_MOST_LOOKS):
            if not await self.pictures.are_to_make_in(written):
                break
            await asyncio.sleep(_LOOK_SECONDS)

    async def _looked(self, uploaded_as: str, raw: bytes) -> Picture:
        try:
            return await self.children.run_apart(_SECONDS, picture.look, raw, uploaded_as)
        except GaveUp:
            raise picture.too_hard(uploaded_as) from None
        except ChildDied:
            raise unavailable("Bildet kunne ikke leses nå; prøv igjen om litt.") from None

    async def _is_there(self, name: str) -> bool:
        return await self.pictures.is_known(name) and (self.folder / name).is_file()
