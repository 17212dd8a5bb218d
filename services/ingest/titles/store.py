"""What articles are found by in the newsroom, in the hash `ingest:titles`: by id the title, who
took the last step and the end of its address, as they are compared. The script that takes a step
keeps it.
"""

from collections.abc import Sequence
from typing import cast

from redis.asyncio import Redis

from shared.bus.streams import text
from shared.text import nfc

TITLES = "ingest:titles"
_AT_ONCE = 1000
"""Titles that one command reads: some 100 kB, which keep nobody waiting."""


def folded(said: str) -> str:
    """As it is compared: without regard to case and to how a letter is written."""
    try:
        return str(nfc(said)).casefold()
    except ValueError:
        return said.casefold()


def title_entry(title: str, by: str, slug: str) -> str:
    """What is kept of an article."""
    return folded(f"{title}\n{by}\n{slug}")


def has_all(words: Sequence[str], entry: str) -> bool:
    """Whether all of these, which are folded, stand in what is kept of an article."""
    return all(word in entry for word in words)


class Titles:
    """Its methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def search(self, words: Sequence[str]) -> list[str]:
        """The ids of all articles that have all of these words, which are folded, in no order. A
        command for each thousand articles."""
        found: dict[str, None] = {}
        cursor = 0
        while True:
            cursor, read = await self._redis.hscan(TITLES, cursor, count=_AT_ONCE)
            some = cast("dict[bytes, bytes]", read)
            found |= {text(id_): None for id_, one in some.items() if has_all(words, text(one))}
            if not cursor:
                return list(found)

    async def known(self, articles: Sequence[str]) -> set[str]:
        """Those of these ids that are articles'."""
        if not articles:
            return set()
        stored = await self._redis.hmget(TITLES, list(articles))
        return {one for one, entry in zip(articles, stored, strict=True) if entry is not None}
