"""Saves an uploaded picture: first on disk, then in Redis, so that each known one can be served."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from services.ingest.keys.store import Key
from services.ingest.pictures import picture
from services.ingest.pictures.store import Pictures
from services.ingest.problems import unavailable
from shared import durable_file, log
from shared.article import Picture


@dataclass(frozen=True)
class SavePicture:
    folder: Path
    pictures: Pictures
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Pictures are decoded one at a time: each may take 200 MB of memory."""

    async def __call__(self, key: Key, uploaded_as: str, raw: bytes) -> Picture:
        """Save the picture in `raw`, which was the file `uploaded_as`.

        Gives it as it is stored. Raises Problem 422 if it is no picture, 503 if the disk cannot
        take it.
        """
        async with self._one:
            made = await asyncio.to_thread(picture.make, raw, uploaded_as)
        try:
            file = self.folder / made.picture.name
            await asyncio.to_thread(durable_file.write, file, made.data, mode=0o644)
        except OSError as error:
            log.get("ingest").error("picture_not_written", errno=error.errno)
            raise unavailable("Bildet kunne ikke lagres; prøv igjen om litt.") from error
        await self.pictures.add(key.id, uploaded_as, made.picture)
        return made.picture
