"""Flow: read what came to the return paths, and do what follows from it.

Each mail is kept until all of it is done, and everything is done so that doing it twice is doing it
once. So whoever is killed, nothing is lost and nothing counts twice.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.bounces import metrics
from services.notify.bounces.outcomes import about_us, came_back, complaint, mark_address, surge
from services.notify.bounces.outcomes.complaint import Leave
from services.notify.bounces.outcomes.heard import Heard
from services.notify.bounces.reading.read import read_shut_off
from services.notify.bounces.sent_mail import delivery_of
from services.notify.bounces.store import Bounces, WaitingMail
from services.notify.members.store import Members
from shared import log
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
        heard = {mail.id: await self._hear(mail, now) for mail in mails}
        told = await self._act([one for one in heard.values() if one], now)
        await self._store.handled(
            {name: told.get(id(one), "") if one else "" for name, one in heard.items()}
        )
        for one in heard.values():
            metrics.handled(one)
        self._log.info("bounces_handled", count=len(mails))
        return len(mails)

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

    async def _act(self, heard: Sequence[Heard], now: datetime) -> dict[int, str]:
        """Do what follows. Gives what staff are told, by the identity of what was heard."""
        await came_back.note(self._redis, heard)
        domains = [await mark_address.mark(self._store, self._members, one) for one in heard]
        await surge.take_back(self._store, self._members, filter(None, domains), now=now)
        told: dict[int, str] = {}
        for one in heard:
            what = about_us.told(one) or await complaint.leave(self._leave, one)
            if what:
                self._log.warning("bounce_told", what=what, delivery=one.delivery)
            told[id(one)] = what
        return told
