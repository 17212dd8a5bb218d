"""Flow: the whole audit trail is checked while others are served, and it is seen how far it is.

Each check reads every entry: what was found before proves nothing of what has been changed since.
"""

import asyncio
import secrets

from redis.exceptions import RedisError

from services.ingest.audit.entries import Broken, Verified, Verifier
from services.ingest.audit.trail import Trail

_AT_ONCE = 100
"""Lines that are checked before others have their turn: some milliseconds' work."""
_WAIT_SECONDS = 0.05
"""How long a page waits for the end of a check before it shows how far it is."""


class TrailCheck:
    """One check, which begins as it is made."""

    def __init__(self, trail: Trail) -> None:
        self.id = secrets.token_hex(8)
        self.taken = 0
        """Entries that are checked so far."""
        self.total = 0
        """Entries that there are; 0 until that is known."""
        self._trail = trail
        self._work = asyncio.create_task(self._check())

    @property
    def is_over(self) -> bool:
        return self._work.done()

    async def outcome(self) -> Verified | Broken | None:
        """What was found; None if it goes on. redis-py's errors, if it ended by one."""
        await asyncio.wait({self._work}, timeout=_WAIT_SECONDS)
        if not self._work.done():
            return None
        found = self._work.result()
        if isinstance(found, RedisError):
            raise found
        return found

    async def _check(self) -> Verified | Broken | RedisError:
        try:
            count, head = await self._trail.extent()
            self.total = head.number
            verifier = Verifier(roots=[head.hash], entries=head.number)
            async for line in self._trail.read(max(count, head.number)):
                if broken := verifier.take(line):
                    return broken
                self.taken += 1
                if self.taken % _AT_ONCE == 0:
                    await asyncio.sleep(0)
        except RedisError as error:  # for whoever asks, if anybody does
            return error
        return verifier.end()


class TrailChecks:
    """The newest check in this process: whoever asks while it goes on is told of that one."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._newest: TrailCheck | None = None

    def find(self, id_: str) -> TrailCheck:
        """The check with this id; a new one if there is none, and none goes on."""
        found = self._newest
        if found is None or (found.is_over and found.id != id_):
            found = self._newest = TrailCheck(self._trail)
        return found
