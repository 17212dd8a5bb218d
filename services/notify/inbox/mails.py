"""The inbox's mails in Redis: the newest thousand, as they came."""

from pathlib import Path
from typing import cast

from redis.asyncio import Redis

from shared.bus import lua

KEPT = 1000
"""Mails; the oldest goes when another comes."""
MAILS = "notify:inbox"
"""Hash: number → the mail's bytes."""
LAST = "notify:inbox:last"
"""Number of the newest mail; they are numbered from 1."""
_HERE = Path(__file__).parent


class Mails:
    """The mails that the inbox keeps."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._store = lua.load(redis, _HERE / "store_mail.lua", lua.Done)

    async def store(self, mail: bytes) -> int:
        """Keep a mail; gives its number."""
        answer = await self._store(
            keys={"last": LAST, "mails": MAILS}, args={"mail": mail, "most": KEPT}
        )
        return int(answer.values[0])

    async def empty(self) -> int:
        """Forget all mails; how many they were. Numbers go on where they were."""
        total = await self.total()
        await self._redis.unlink(MAILS)
        return total

    async def get(self, number: int) -> bytes | None:
        """The mail of this number; none if it is not kept."""
        return cast("bytes | None", await self._redis.hget(MAILS, str(number)))

    async def total(self) -> int:
        """How many mails are kept."""
        return int(await self._redis.hlen(MAILS))

    async def last(self) -> int:
        """The number of the newest mail, 0 if none ever came."""
        return int(await self._redis.get(LAST) or 0)

    async def newest(self, at_most: int, *, before: int | None) -> list[tuple[int, bytes]]:
        """Numbers and mails, the newest first. With `before`, only mails with a lower number."""
        last = await self.last()
        first_wanted = last if before is None else min(last, before - 1)
        numbers = range(first_wanted, max(first_wanted - at_most, last - KEPT, 0), -1)
        if not numbers:
            return []
        asked = [str(number) for number in numbers]
        found = cast("list[bytes | None]", await self._redis.hmget(MAILS, asked))
        return [(n, mail) for n, mail in zip(numbers, found, strict=True) if mail is not None]
