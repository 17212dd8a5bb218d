"""Saves an uploaded picture: on disk first, then in Redis, so that what is known can be served."""

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
        """The picture as it is stored; Problem 422 where it is none, 503 where the disk is full."""
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
