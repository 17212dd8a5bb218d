"""Flow: look, decide, keep, ring, and tell the ping service that the guard lives."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

from shared import log
from shared.bus.errors import cause
from varsel.guard import memory as memories
from varsel.guard import state_file
from varsel.guard.judge import Patience
from varsel.guard.look_outside import OutsideLooker
from varsel.guard.ring import Bell, channels
from varsel.guard.settings import GuardSettings
from varsel.guard.sight import Memory
from varsel.ping import EVERY_SECONDS, Pings

BETWEEN_SECONDS = 20.0
"""From the beginning of one look to that of the next. With the look itself (15 s at most) and a
message (15 s) it rings within 60 s of a limit."""


class Guard:
    """Stands guard over one system."""

    def __init__(self, settings: GuardSettings) -> None:
        self._settings = settings
        self._outside = OutsideLooker(settings)
        self._bell = Bell(settings)
        url = settings.ping_url.get_secret_value()
        self._pings = Pings(url) if url else None
        self._pinged = float("-inf")
        self._rung: list[str] = []
        self._memory = state_file.read(settings.state)

    async def stand(self, told: Callable[[Memory], None]) -> None:
        """Look until cancelled; `told` gets what is known after each look."""
        while True:
            begun = time.monotonic()
            try:
                told(await self.look())
            except Exception as error:  # no ping follows, so the ping service rings
                log.get("guard").error("guard_look_failed", cause=cause(error))
            await asyncio.sleep(max(begun + BETWEEN_SECONDS - time.monotonic(), 0))

    async def look(self) -> Memory:
        """One look, and what follows from it."""
        is_due = time.monotonic() - self._pinged >= EVERY_SECONDS
        if self._pings and is_due:
            await self._pings.tell("start")
        sight, read = await self._outside.look(self._memory)
        found = memories.after(read, sight, limits(self._settings), channels(self._settings))
        # Kept before anybody is told: a guard that dies between the two tells twice, never not.
        self._keep(found)
        left = await self._bell.ring(found.unsent)
        self._memory = found.model_copy(update={"unsent": left})
        if left != found.unsent:
            self._keep(self._memory)
        await self._ping(is_due=is_due)
        return self._memory

    def _keep(self, memory: Memory) -> None:
        try:
            state_file.write(self._settings.state, memory)
        except OSError as error:  # it rings all the same, and once more after a restart
            log.get("guard").error("guard_memory_not_written", cause=type(error).__name__)

    async def _ping(self, *, is_due: bool) -> None:
        rung = memories.rung(self._memory)
        if self._pings and (is_due or rung != self._rung):
            self._pinged, self._rung = time.monotonic(), rung
            await self._pings.tell("fail" if rung else "", "\n".join(rung))


def limits(settings: GuardSettings) -> Patience:
    return Patience(
        page=timedelta(minutes=settings.page_minutes),
        still=timedelta(minutes=settings.still_minutes),
        mail=timedelta(minutes=settings.mail_minutes),
    )
