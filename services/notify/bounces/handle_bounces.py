"""Flow: read what came to the return paths, and do what follows from it.

Each mail is kept until all of it is done, and everything is done so that doing it twice is doing it
once. So whoever is killed, nothing is lost and nothing counts twice.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.bounces import metrics
from services.notify.bounces.outcomes import (
    about_us,
    asked_to_leave,
    came_back,
    complaint,
    mark_address,
    surge,
)
from services.notify.bounces.outcomes.complaint import Leave
from services.notify.bounces.outcomes.heard import Heard
from services.notify.bounces.reading.read import read_shut_off
from services.notify.bounces.sent_mail import delivery_of
from services.notify.bounces.store import Bounces, WaitingMail
from services.notify.members.store import Members
from shared import log
from shared.bus.errors import cause
from shared.child.children import Children

AT_ONCE = 16
"""Mails that are taken at a time: read within the lease, also if each takes a second."""
READ_SECONDS = 10.0
"""How long the reading of one mail may take; it takes some milliseconds."""
_LOOK_SECONDS = 1.0
"""Between two looks for mail while there is none."""
_RETRY_SECONDS = 5.0
"""After an error of Redis."""


class HandleBounces:
    """One process's part of it; any number of processes may share the work. `leave` ends a
    subscription."""

    def __init__(self, redis: Redis, store: Bounces, *, members: Members, leave: Leave) -> None:
        self._redis = redis
        self._store = store
        self._members = members
        self._leave = leave
        self._children = Children("services.notify.bounces.reading.read", most=1)
        self._log = log.get("notify")

    async def run(self) -> None:
        """Handle what comes until cancelled."""
        while True:
            try:
                handled = await self.handle_some()
            except RedisError:  # the bus tells
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                await asyncio.sleep(0 if handled else _LOOK_SECONDS)

    async def close(self) -> None:
        await self._children.close()

    async def handle_some(self) -> int:
        """Handle some of the mails that wait; gives how many. redis-py's errors: what was taken
        comes again then, after its lease."""
        mails = await self._store.take(AT_ONCE)
        if not mails:
            return 0
        now = datetime.now(UTC)
        told = {mail.id: "" for mail in mails if await self._has_left(mail)}
        heard = {mail.id: await self._hear(mail, now) for mail in mails if mail.leaves is None}
        told |= dict.fromkeys((name for name, one in heard.items() if one is None), "")
        told |= await self._act({name: one for name, one in heard.items() if one}, now)
        await self._store.handled(told)
        for name in told.keys() & heard.keys():
            metrics.handled(heard[name])
        self._log.info("bounces_handled", count=len(told))
        return len(mails)

    async def _has_left(self, mail: WaitingMail) -> bool:
        """Whether a member asked to leave by this mail, and has left now."""
        if mail.leaves is None:
            return False
        try:
            await asked_to_leave.leave(self._leave, mail.leaves)
        except RedisError:
            raise
        except Exception as error:
            self._log.error("bounce_failed", delivery="", cause=cause(error))
            return False
        return True

    async def _hear(self, mail: WaitingMail, now: datetime) -> Heard | None:
        """What a mail says; none if it cannot be read, or is of no delivery that we know."""
        if mail.sent is None:
            self._log.error("bounce_unreadable", cause="key")
            return None
        delivery = await delivery_of(self._redis, mail.sent, now=now)
        if delivery is None:
            return None
        try:
            said = await self._children.run_apart(READ_SECONDS, read_shut_off, mail.content)
        except Exception as error:  # whatever a mail does to its reader is no trouble of others
            self._log.error("bounce_unreadable", cause=type(error).__name__)
            return None
        return Heard(mail.sent, delivery, said, now)

    async def _act(self, heard: Mapping[str, Heard], now: datetime) -> dict[str, str]:
        """Do what follows from mails, by their ids. Gives, of each that is done with, what staff
        are told; the others come again, after the lease."""
        every = list(heard.values())
        await came_back.note(self._redis, every)
        domains = [await mark_address.mark(self._store, self._members, one) for one in every]
        await surge.take_back(self._store, self._members, filter(None, domains), now=now)
        told: dict[str, str] = {}
        for name, one in heard.items():
            try:
                told[name] = about_us.told(one) or await complaint.leave(self._leave, one)
            except RedisError:
                raise
            except Exception as error:  # one that cannot be followed holds up no other
                self._log.error("bounce_failed", delivery=one.delivery, cause=cause(error))
                continue
            if told[name]:
                self._log.warning("bounce_told", what=told[name], delivery=one.delivery)
        return told
