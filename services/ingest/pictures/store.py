"""Uploaded pictures in Redis.

`ingest:pictures` has each picture's size by its name, `ingest:uploads:{person}` the picture's name
by the file name under which that person uploaded it. `ingest:pictures:sizes` has by a picture's
name what there is beside its file, `ingest:pictures:to_scale` by an article's id which pictures of
its page are to have more, `ingest:pictures:all_asked` for which kinds of files all live pages have
asked. `ingest:pictures:to_make` has by its name each picture that was taken in and is still to be
made, `ingest:pictures:refused:{name}` for 30 days why one could not be.
"""

import unicodedata
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, cast, get_args
from urllib.parse import quote, unquote

from pydantic import Field
from redis.asyncio import Redis

from shared.article import ArticleId, Picture
from shared.bus import lua
from shared.bus.entry import Op
from shared.bus.streams import text
from shared.events import PicturesScaled
from shared.fields import Model
from shared.picture_files import NARROWER, Format, PictureSizes
from shared.revision import Revision

_PICTURES = "ingest:pictures"
_SIZES = "ingest:pictures:sizes"
_TO_SCALE = "ingest:pictures:to_scale"
_ALL_ASKED = "ingest:pictures:all_asked"
_TO_MAKE = "ingest:pictures:to_make"
_REFUSED_SECONDS = 30 * 24 * 3600
_MADE_NOW = repr((NARROWER, get_args(Format)))


class Pictures:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def add(self, person: str, uploaded_as: str, picture: Picture) -> None:
        """Remember `picture`. From now on, if this person writes the file name
        `uploaded_as`, they mean it."""
        async with self._redis.pipeline(transaction=True) as both:
            both.hset(_PICTURES, picture.name, picture.model_dump_json())
            both.hset(_uploads(person), _plain(uploaded_as), picture.name)
            await both.execute()

    async def add_to_make(self, person: str, uploaded_as: str, taken: "TakenPicture") -> None:
        """The same of one that is still to be made."""
        async with self._redis.pipeline(transaction=True) as both:
            both.hset(_TO_MAKE, taken.picture.name, taken.model_dump_json())
            both.hset(_uploads(person), _plain(uploaded_as), taken.picture.name)
            await both.execute()

    async def is_known(self, name: str) -> bool:
        """Whether it was made."""
        return bool(await self._redis.hexists(_PICTURES, name))

    async def are_to_make_in(self, written: str) -> bool:
        """Whether a picture whose name, or the name of whose file, stands in what is `written` is
        still to be made, whoever uploaded it."""
        if not await self._redis.hlen(_TO_MAKE):
            return False
        waiting = [
            TakenPicture.model_validate_json(one) for one in await self._redis.hvals(_TO_MAKE)
        ]
        return any(
            name in written
            for one in waiting
            for name in (one.picture.name, one.uploaded_as, quote(one.uploaded_as))
        )

    async def not_made(self, person: str, addresses: Sequence[str]) -> dict[str, "NotMade"]:
        """What became of the pictures that the `addresses` mean and that are not made, by address;
        as `find`. Addresses that were never uploaded are left out."""
        if not addresses:
            return {}
        written = [_plain(address) for address in addresses]
        uploaded = await self._redis.hmget(_uploads(person), written)
        names = [text(name) if name else own for name, own in zip(uploaded, written, strict=True)]
        taken = await self._redis.hmget(_TO_MAKE, names)
        refused = await self._redis.mget([_refused(name) for name in names])
        found = {}
        for address, record, message in zip(addresses, taken, refused, strict=True):
            if record:
                found[address] = NotMade(TakenPicture.model_validate_json(record).uploaded_as, None)
            elif message:
                found[address] = NotMade("", text(message))
        return found

    async def names(self) -> list[str]:
        """The names of all of them: of the file of each that was kept."""
        return [text(one) for one in await self._redis.hkeys(_PICTURES)]

    async def find(self, person: str, addresses: Sequence[str]) -> dict[str, Picture]:
        """The pictures that the `addresses` in a body mean, by address.

        An address is a picture's name, or the file name under which this person uploaded it.
        Addresses that were never uploaded are left out.
        """
        if not addresses:
            return {}
        written = [_plain(address) for address in addresses]
        uploaded = await self._redis.hmget(_uploads(person), written)
        names = [text(name) if name else own for name, own in zip(uploaded, written, strict=True)]
        records = await self._redis.hmget(_PICTURES, names)
        return {
            address: Picture.model_validate_json(record)
            for address, record in zip(addresses, records, strict=True)
            if record
        }


class TakenPicture(Model):
    """A picture of which the file is kept as it was uploaded, and still to be made."""

    picture: Picture
    uploaded_as: str
    file: str
    """What its file is called in the folder of pictures."""
    as_kept: Annotated[str, Field(exclude=True)] = ""
    """The record as it was read; empty before it is written."""


@dataclass(frozen=True)
class NotMade:
    uploaded_as: str
    refused: str | None
    """Why it cannot be made, in Norwegian; None if it is still to be made."""


class PicturesToMake:
    """Its methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._settle = lua.load(redis, Path(__file__).with_name("settle_made.lua"), lua.Done)

    async def all(self) -> list[TakenPicture]:
        found = cast("list[bytes]", await self._redis.hvals(_TO_MAKE))
        return [
            TakenPicture.model_validate_json(one).model_copy(update={"as_kept": text(one)})
            for one in found
        ]

    async def settle(self, taken: TakenPicture, refused: str = "") -> None:
        """Its file is on disk, or, if `refused` says why, it cannot be made. Whoever has uploaded
        it again meanwhile waits for theirs."""
        name = taken.picture.name
        await self._settle(
            keys={"to_make": _TO_MAKE, "pictures": _PICTURES, "refused": _refused(name)},
            args={
                "name": name,
                "taken": taken.as_kept,
                "picture": taken.picture.model_dump_json(),
                "refused": refused,
                "seconds": _REFUSED_SECONDS,
            },
        )


class AskedPictures(Model):
    """The pictures of a page that is live, whose other files are asked for."""

    article: ArticleId
    revision: Annotated[int, Field(ge=1)]
    pictures: tuple[Picture, ...]
    as_kept: Annotated[str, Field(exclude=True)] = ""
    """The asking as it was read; empty before it is written."""


def ask_of(revision: Revision) -> list[Op]:
    """What to write when the page of `revision` is live, so that its pictures get their files."""
    pictures = {one.name: one for one in revision.pictures.values()}  # it may show one twice
    if not pictures:
        return []
    asked = AskedPictures(
        article=revision.id, revision=revision.revision, pictures=tuple(pictures.values())
    )
    return [("HSET", _TO_SCALE, revision.id, asked.model_dump_json())]


def ask_no_more(article: str) -> list[Op]:
    """What to write when the page of the article is withdrawn."""
    return [("HDEL", _TO_SCALE, article)]


class PicturesToScale:
    """Its methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._settle = lua.load(redis, Path(__file__).with_name("settle_sizes.lua"), lua.Done)

    async def all(self) -> list[AskedPictures]:
        """What is asked for."""
        found = cast("list[bytes]", await self._redis.hvals(_TO_SCALE))
        return [
            AskedPictures.model_validate_json(one).model_copy(update={"as_kept": text(one)})
            for one in found
        ]

    async def ask(self, asked: AskedPictures) -> bool:
        """Ask for the pictures of a page that is live, unless a page of this article has asked.
        Whether it had not."""
        return bool(await self._redis.hsetnx(_TO_SCALE, asked.article, asked.model_dump_json()))

    async def all_known(self) -> AsyncIterator[PictureSizes]:
        """What there is, of all pictures whose files were made."""
        async for _, one in self._redis.hscan_iter(_SIZES, count=500):
            yield PictureSizes.model_validate_json(one)

    async def all_were_asked_for(self) -> bool:
        """Whether all live pages have asked for files such as they are made now."""
        return await self._redis.get(_ALL_ASKED) == _MADE_NOW.encode()

    async def note_all_asked_for(self) -> None:
        await self._redis.set(_ALL_ASKED, _MADE_NOW)

    async def known(self, pictures: Sequence[Picture]) -> dict[str, PictureSizes]:
        """What there is of those pictures whose files were made already, by name."""
        found = await self._redis.hmget(_SIZES, [one.name for one in pictures])
        sizes = [PictureSizes.model_validate_json(one) for one in found if one]
        return {one.picture.name: one for one in sizes}

    async def settle(self, asked: AskedPictures, event: PicturesScaled) -> None:
        """The files are on disk: keep what there is, tell of it, and ask for them no more, unless
        a newer page asks for others by now."""
        await self._settle(
            keys={"to_scale": _TO_SCALE, "sizes": _SIZES, "stream": "articles"},
            args={
                "article": asked.article,
                "asked": asked.as_kept,
                "event": lua.fields(event),
                "sizes": [
                    part
                    for one in event.data.sizes
                    for part in (one.picture.name, one.model_dump_json())
                ],
            },
        )


def _uploads(person: str) -> str:
    return f"ingest:uploads:{person}"


def _refused(name: str) -> str:
    return f"ingest:pictures:refused:{name}"


def _plain(address: str) -> str:
    """A file name as both a body and a file system may write it (macOS decomposes letters)."""
    name = unquote(address)[:1000]  # before it is composed, which takes long for a row of accents
    return unicodedata.normalize("NFC", name)[:255]
