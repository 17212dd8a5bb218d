"""Who asked for the whole site anew, and how far it is, in `render:rebuild`: a hash of

| field | holds |
|---|---|
| `asked` | how often somebody asked |
| `done` | the greatest of these numbers that a site was written for to its end |
| `written`, `articles` | how many articles are written of how many, by whoever writes |
| `placed_by` | by which rules all articles were put into their lists |

The folder of each machine says itself for which number it was written (site_files.py), so each
machine writes its own, and one that ends half-way begins again.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from redis.asyncio import Redis

_REBUILD = "render:rebuild"


@dataclass(frozen=True)
class RebuildState:
    asked: int
    done: int
    written: int
    articles: int


class Rebuilds:
    """The methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def ask(self) -> int:
        """Ask for the whole site anew; gives the number of this wish."""
        async with self._redis.pipeline(transaction=False) as both:
            both.hset(_REBUILD, mapping={"written": 0, "articles": 0})
            both.hincrby(_REBUILD, "asked", 1)
            return int((await both.execute())[-1])

    async def asked(self) -> int:
        """The number of the newest wish; 0 if there was none."""
        return int(await self._redis.hget(_REBUILD, "asked") or 0)

    async def note(self, written: int, articles: int) -> None:
        """Note how many of all articles are written."""
        await self._redis.hset(_REBUILD, mapping={"written": written, "articles": articles})

    async def note_done(self, wish: int) -> None:
        """The site is written as it was asked for by this wish, or by an earlier one."""
        if wish > (await self.state()).done:
            await self._redis.hset(_REBUILD, "done", str(wish))

    async def state(self) -> RebuildState:
        names = ("asked", "done", "written", "articles")
        found = await self._redis.hmget(_REBUILD, names)
        return RebuildState(*(int(one or 0) for one in found))

    async def are_placed(self) -> bool:
        """Whether all articles were put into their lists by the rules of now."""
        return await self._redis.hget(_REBUILD, "placed_by") == _rules().encode()

    async def note_placed(self) -> None:
        """All articles are in their lists by the rules of now."""
        await self._redis.hset(_REBUILD, "placed_by", _rules())


@cache
def _rules() -> str:
    """A fingerprint of all that says where articles stand."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.iterdir()):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()
