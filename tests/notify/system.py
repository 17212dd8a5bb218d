"""notify as it runs: the whole service on a real Redis, a real relay and a real site."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from services.notify import app
from services.notify.ledger.control import control
from services.notify.ledger.delivery import deliveries, put_off_key
from services.notify.members.member import Member
from services.notify.members.store import Members
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from shared.bus import Bus
from shared.bus.users import as_user
from shared.event_data import OutsideLook
from shared.events import (
    Event,
    PageLookedAt,
    PagePublished,
    PageWithdrawn,
    StaffReachCounted,
    from_fields,
    to_fields,
)
from shared.revision import Revision
from shared.service import Service
from shared.settings import Settings
from shared.trace import new_traceparent
from tests import tls
from tests.make import settings
from tests.notify.relay_server import Relay
from tests.notify.site import Pages
from tests.wait import until

HOST = "varsel.example.org"
"""Of the site's public address."""


@dataclass
class System:
    redis: Redis
    """For the test itself."""
    url: str
    """For notify, as its own user."""
    settings: Settings
    relay: Relay
    site: Pages

    async def members(self) -> Members:
        found = await keys.load(self.redis, secret_key(self.settings))
        return Members(self.redis, Vault(found.vault, found.index))

    async def join(self, *emails: str, name: str = "Kåre Eksempel") -> None:
        """Sign up, in this order."""
        members = await self.members()
        new = [Member(email, name, "nb", "consent") for email in emails]
        assert await members.add(new, after=await members.last())

    async def publish(self, revision: Revision, *, live: bool = True) -> None:
        if live:
            self.site.show(revision)
        await self.tell(PagePublished.about(revision, traceparent=new_traceparent()))

    async def withdraw(self, revision: Revision) -> None:
        self.site.show_withdrawn(revision)
        await self.tell(PageWithdrawn.about(revision, traceparent=new_traceparent()))

    async def tell(self, event: Event, *, stream: str = "pages") -> None:
        await self.redis.xadd(stream, to_fields(event))

    async def settled(self, stream: str = "pages") -> None:
        """Wait until notify has handled every event of the stream."""

        async def nothing_left() -> bool:
            groups = {group["name"]: group for group in await self.redis.xinfo_groups(stream)}
            info = await self.redis.xinfo_stream(stream)
            mine = groups[b"notify"]
            read = mine["last-delivered-id"] == info["last-generated-id"]
            return bool(read and mine["pending"] == 0)

        await until(nothing_left)

    async def delivery(self, state: str = "complete") -> dict[str, Any]:
        """The only delivery, once it is in this state."""

        async def reached() -> dict[str, Any] | None:
            found = await deliveries(self.redis)
            assert len(found) < 2
            return found[0] if found and found[0]["state"] == state else None

        return await until(reached)

    async def delivery_of(self, revision: Revision, state: str = "complete") -> dict[str, Any]:
        """The delivery of a revision, once it is in this state."""

        async def reached() -> dict[str, Any] | None:
            found = {one["id"]: one for one in await deliveries(self.redis)}
            mine = found.get(f"{revision.id}.{revision.revision}")
            return mine if mine and mine["state"] == state else None

        return await until(reached)

    async def bring_forward(self, delivery: str = "") -> None:
        """Once some were put off, of this delivery or of the only one: let them come again now, as
        `varsel deliver --resume` does."""

        async def put_off() -> str | None:
            found = await deliveries(self.redis)
            for one in [delivery] if delivery else [str(one["id"]) for one in found]:
                if await self.redis.exists(put_off_key(one)):
                    return one
            return None

        await control(self.redis, await until(put_off), "resume")

    async def told(self) -> list[Event]:
        """The events of `deliveries` but those that come by a clock of their own."""
        by_clock = PageLookedAt | StaffReachCounted
        return [event for event in await self.all_told() if not isinstance(event, by_clock)]

    async def looks(self) -> list[OutsideLook]:
        """What was seen of pages, in the order in which it was told."""
        return [event.data for event in await self.all_told() if isinstance(event, PageLookedAt)]

    async def all_told(self) -> list[Event]:
        """Every event of `deliveries`."""
        return [from_fields(fields) for _, fields in await self.redis.xrange("deliveries")]


@asynccontextmanager
async def system(redis: Redis, url: str, **overrides: Any) -> AsyncIterator[System]:
    """A relay, a site and their settings; `running` starts notify on it."""
    relay, site = await Relay().start(), await Pages().start(tls.context(HOST))
    mine = settings(
        **{
            "smtp_url": f"smtp://127.0.0.1:{relay.port}",
            "mail_from": "varsel@example.org",
            "site_url": f"https://{HOST}",
            "site_check_url": site.address,
            "site_probe": site.probe,
            "alert_approvals": 0,
        }
        | overrides
    )
    try:
        with tls.trusted():
            yield System(redis, as_user(url, "notify"), mine, relay, site)
    finally:
        await relay.stop()
        await site.stop()


@asynccontextmanager
async def running(on: System, *, consumer: str = "notify-1") -> AsyncIterator[Bus]:
    async with serving(on, consumer=consumer) as service:
        yield service.bus


@asynccontextmanager
async def serving(on: System, *, consumer: str = "notify-1") -> AsyncIterator[Service]:
    service: Service = app.create(on.settings, on.url, consumer=consumer)
    for step in service.open:
        await step()
    await service.bus.start()
    loops = {asyncio.ensure_future(loop()) for loop in service.loops}
    try:
        yield service
    finally:
        while loops:  # redis-py may swallow a cancellation in the middle of a command
            for loop in loops:
                loop.cancel()
            _, loops = await asyncio.wait(loops, timeout=0.2)
        await service.bus.stop()
        for step in service.close:
            await step()
