"""Saves an uploaded picture: first on disk, then in Redis, so that each known one can be served."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from services.ingest.people.person import Person
from services.ingest.pictures import picture
from services.ingest.pictures.store import Pictures
from services.ingest.problems import unavailable
from shared import durable_file, log
from shared.article import Picture
from shared.child.children import ChildDied, Children, GaveUp

_SECONDS = 20.0
"""A camera's largest picture takes three."""


@dataclass(frozen=True)
class SavePicture:
    folder: Path
    pictures: Pictures
    children: Children
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Pictures are decoded one at a time: each may take 300 MB of memory, and one child is left for
    texts."""

    async def __call__(self, person: Person, uploaded_as: str, raw: bytes) -> Picture:
        """Save the picture in `raw`, which was the file `uploaded_as`.

        Gives it as it is stored. Raises Problem 422 if it is no picture, 503 if the disk cannot
        take it.
        """
        made = await self.made(uploaded_as, raw)
        try:
            file = self.folder / made.picture.name
            await asyncio.to_thread(durable_file.write, file, made.data, mode=0o644)
        except OSError as error:
            log.get("ingest").error("picture_not_written", errno=error.errno)
            raise unavailable("Bildet kunne ikke lagres; prøv igjen om litt.") from error
        await self.pictures.add(person.id, uploaded_as, made.picture)
        return made.picture

    async def made(self, uploaded_as: str, raw: bytes) -> picture.Made:
        """What `raw` is made into, when its turn has come. Raises Problem as above."""
        async with self._one:
            await self.children.warm()  # for whoever asks meanwhile: to start one takes a while
            try:
                return await self.children.run_apart(_SECONDS, picture.make, raw, uploaded_as)
            except GaveUp:
                raise picture.too_hard(uploaded_as) from None
            except ChildDied:
                raise unavailable("Bildet kunne ikke leses nå; prøv igjen om litt.") from None
