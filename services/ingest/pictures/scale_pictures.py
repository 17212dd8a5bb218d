"""Makes the other files of pictures, one picture at a time, once a page with them is live.

Nothing waits for it: a page shows the file that was kept until the others are there. Several
processes may do the same at once; the files are the same.
"""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from redis.exceptions import RedisError

from services.ingest.pictures import widths
from services.ingest.pictures.store import AskedPictures, PicturesToScale
from shared import durable_file, log
from shared.article import Picture
from shared.child.children import Children, GaveUp
from shared.events import PicturesScaled
from shared.picture_files import PictureSizes, ScaledPictures, ending
from shared.trace import new_traceparent

LOOK_SECONDS = 0.5
"""From look to look."""
_SECONDS = 600.0
"""The largest takes two seconds, of a processor that nobody else wants: whatever is urgent comes
first."""
_RETRY_SECONDS = 30.0
"""Until the pictures of an article whose files could not be made or written are tried again."""


@dataclass
class ScalePictures:
    folder: Path
    to_scale: PicturesToScale
    children: Children = field(
        default_factory=lambda: Children("services.ingest.pictures.widths", most=1)
    )
    """One of its own, so that uploads and texts have theirs. It ends when nothing is asked for."""
    _failed: dict[str, float] = field(default_factory=dict)
    """Articles whose pictures failed, and when to try each again, by `time.monotonic`."""

    async def __call__(self) -> None:
        """Make what is asked for, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Make the files of all articles that wait for theirs. Raises redis-py's errors."""
        asked = await self.to_scale.all()
        articles = {one.article for one in asked}
        self._failed = {id_: at for id_, at in self._failed.items() if id_ in articles}
        for one in asked:
            if self._failed.get(one.article, 0.0) <= time.monotonic():
                await self._try(one)
        await self.children.close()

    async def _try(self, one: AskedPictures) -> None:
        """An article whose pictures fail must not hold up those behind it."""
        try:
            await self._settle(one)
            self._failed.pop(one.article, None)
        except RedisError:
            raise
        except Exception as error:  # Pillow's coders raise a dozen kinds
            if one.article not in self._failed:
                cause = type(error).__name__
                log.get("ingest").error("pictures_not_scaled", article=one.article, cause=cause)
            self._failed[one.article] = time.monotonic() + _RETRY_SECONDS

    def problems(self) -> list[str]:
        """For health: articles whose pictures have only the file that was kept."""
        return [f"pictures of {article} not scaled" for article in sorted(self._failed)]

    async def _settle(self, asked: AskedPictures) -> None:
        known = await self.to_scale.known(asked.pictures)
        found = [self._there(known.get(p.name)) or await self._made(p) for p in asked.pictures]
        await self.to_scale.settle(asked, _scaled(asked, [sizes for sizes in found if sizes]))

    def _there(self, sizes: PictureSizes | None) -> PictureSizes | None:
        """What is known, if all its files are there."""
        return sizes if sizes and self.is_there(sizes) else None

    def is_there(self, sizes: PictureSizes) -> bool:
        """Whether all its files are in the folder: that may be of an older backup."""
        kinds = (*sizes.formats, ending(sizes.picture))
        names = [name for kind in kinds for name, _ in sizes.files(kind)]
        return all((self.folder / name).is_file() for name in names)

    async def _made(self, picture: Picture) -> PictureSizes | None:
        """What there is of a picture now; None if nothing can be made of it."""
        raw = await asyncio.to_thread((self.folder / picture.name).read_bytes)
        try:
            sizes, files = await self.children.run_apart(
                _SECONDS, widths.scaled_behind, raw, picture
            )
        except GaveUp:
            return None
        for name, data in files.items():
            await asyncio.to_thread(durable_file.write, self.folder / name, data, mode=0o644)
        log.get("ingest").info("picture_scaled", files=len(files))
        return sizes


def _scaled(asked: AskedPictures, sizes: list[PictureSizes]) -> PicturesScaled:
    return PicturesScaled(
        id=f"{asked.article}.{asked.revision}.pictures.scaled",
        source="/varsel/ingest",
        subject=asked.article,
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=ScaledPictures(article=asked.article, revision=asked.revision, sizes=tuple(sizes)),
    )
