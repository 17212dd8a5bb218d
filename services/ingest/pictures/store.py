"""Uploaded pictures in Redis.

`ingest:pictures` has each picture's size by its name, `ingest:uploads:{API key}` the picture's name
by the file name that it was uploaded under with that key.
"""

import unicodedata
from collections.abc import Sequence
from urllib.parse import unquote

from redis.asyncio import Redis

from shared.article import Picture
from shared.bus.streams import text

_PICTURES = "ingest:pictures"


class Pictures:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def add(self, api_key: str, uploaded_as: str, picture: Picture) -> None:
        """Remember `picture`. From now on this key's file name `uploaded_as` means it."""
        async with self._redis.pipeline(transaction=True) as both:
            both.hset(_PICTURES, picture.name, picture.model_dump_json())
            both.hset(_uploads(api_key), _plain(uploaded_as), picture.name)
            await both.execute()

    async def find(self, api_key: str, addresses: Sequence[str]) -> dict[str, Picture]:
        """The pictures that the `addresses` in a body mean, by address.

        An address is a picture's name, or the file name that it was uploaded under with this key.
        Addresses that were never uploaded are left out.
        """
        if not addresses:
            return {}
        written = [_plain(address) for address in addresses]
        uploaded = await self._redis.hmget(_uploads(api_key), written)
        names = [text(name) if name else own for name, own in zip(uploaded, written, strict=True)]
        records = await self._redis.hmget(_PICTURES, names)
        return {
            address: Picture.model_validate_json(record)
            for address, record in zip(addresses, records, strict=True)
            if record
        }


def _uploads(api_key: str) -> str:
    return f"ingest:uploads:{api_key}"


def _plain(address: str) -> str:
    """A file name as both a body and a file system may write it (macOS decomposes letters)."""
    name = unquote(address)[:1000]  # before it is composed, which takes long for a row of accents
    return unicodedata.normalize("NFC", name)[:255]
