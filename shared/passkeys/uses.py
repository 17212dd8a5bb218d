"""A passkey's record in Redis, once it was used."""

from enum import StrEnum
from pathlib import Path

from redis.asyncio import Redis

from shared.bus import lua


class PasskeyNoted(StrEnum):
    """The answers of use.lua."""

    DONE = "done"
    MOVED = "moved"


class PasskeyUses:
    """Its method raises redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._use = lua.load(redis, Path(__file__).with_name("use.lua"), PasskeyNoted)

    async def note(self, key: str, id_: str, before: str | bytes, after: str | bytes) -> bool:
        """In the hash `key`, the passkey under `id_` has the record `after`, if it had `before`.
        False if it was used or removed at the same moment: then it lets nobody in."""
        answer = await self._use(
            keys={"passkeys": key}, args={"id": id_, "before": before, "after": after}
        )
        return answer.word is PasskeyNoted.DONE
