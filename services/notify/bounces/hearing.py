"""What one notify process does to hear of mail that came back: a port, a mailbox, and the work."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.bounces.handle_bounces import HandleBounces
from services.notify.bounces.intake import ReturnIntake
from services.notify.bounces.listener import BounceServer
from services.notify.bounces.mailbox import Mailbox, parse
from services.notify.bounces.marks import KEPT
from services.notify.bounces.outcomes.complaint import Leave
from services.notify.bounces.store import Bounces
from services.notify.members.store import Members
from shared.bus.tasks import end_for_sure
from shared.settings import Settings

_DAY_SECONDS = 86400.0
_RETRY_SECONDS = 60.0
_SAY_SECONDS = 60.0
"""From word to word that the port is open; a part of `LISTENS_SECONDS`."""


class Hearing:
    """`leave` ends a subscription. ValueError if a setting makes it impossible."""

    def __init__(
        self,
        redis: Redis,
        settings: Settings,
        *,
        store: Bounces,
        intake: ReturnIntake,
        members: Members,
        leave: Leave,
    ) -> None:
        self._settings = settings
        self._store = store
        self._members = members
        self._handle = HandleBounces(redis, store, members=members, leave=leave)
        self._server = BounceServer(intake)
        url = settings.bounce_imap_url.get_secret_value()
        self._mailbox = Mailbox(redis, intake, parse(url)) if url else None

    async def start(self) -> None:
        """Listen, if there is a port to listen on, and say so before a delivery starts. OSError if
        it is taken; redis-py's errors."""
        if self._settings.bounce_port is not None:
            await self._server.start(self._settings.host, self._settings.bounce_port)
            await self._store.listens()

    async def run(self) -> None:
        """Look into the mailbox, and handle what comes, until cancelled."""
        async with asyncio.TaskGroup() as group:
            loops = [self._handle.run(), self._forget_daily(), self._say_that_the_port_is_open()]
            if self._mailbox:
                loops.append(self._mailbox.run())
            work = [group.create_task(loop) for loop in loops]
            try:
                await asyncio.wait(work)
            finally:
                await end_for_sure(work)

    async def _forget_daily(self) -> None:
        """Forget marks that count no more. Several processes may do so at the same time."""
        while True:
            try:
                last = await self._members.last()
                await self._store.forget_old(last, before=datetime.now(UTC) - KEPT)
            except RedisError:
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                await asyncio.sleep(_DAY_SECONDS)

    async def _say_that_the_port_is_open(self) -> None:
        while True:
            await asyncio.sleep(_SAY_SECONDS)
            if self._server.is_open:
                with suppress(RedisError):  # the bus tells
                    await self._store.listens()

    async def close(self) -> None:
        """Listen no more."""
        await self._server.stop()
        await self._handle.close()
