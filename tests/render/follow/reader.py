"""A follower: asks as the documentation says, and keeps nothing but where to ask next."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from services.render.articles.store import Store
from shared.bus import Bus, Entry, Surroundings
from shared.bus.users import as_user
from shared.service import Service
from tests.bus.helpers import FAST


@asynccontextmanager
async def asking(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(service.http)
    async with httpx.AsyncClient(transport=transport, base_url="http://follower") as client:
        yield client


class Reader:
    def __init__(self, client: httpx.AsyncClient, begin: str = "/changes.json") -> None:
        self._client = client
        self.next = begin
        self.read: list[dict[str, Any]] = []

    async def catch_up(self) -> list[str]:
        """Read until there is no more; gives the names of what is new."""
        new: list[str] = []
        more = True
        while more:
            answer = await self._client.get(self.next)
            assert answer.status_code == 200, answer.text
            found = answer.json()
            self.read += found["changes"]
            new += [one["data"]["change_id"] for one in found["changes"]]
            self.next, more = found["next"], found["more"]
        return new


async def begun(store: Store) -> None:
    """As after a first start: nothing was published before followers could ask for changes."""
    await store.changes.note_whole()


@asynccontextmanager
async def reading(redis_url: str, service: str, *, stuck: bool = False) -> AsyncIterator[Bus]:
    """Another service that reads what render tells, or cannot go on with it."""

    async def handle(_: Entry) -> None:
        if stuck:
            raise Surroundings("relay_down")

    bus = Bus(as_user(redis_url, service), service=service, consumer=f"{service}-1", timing=FAST)
    bus.consume("pages", handle)
    await bus.start()
    try:
        yield bus
    finally:
        await bus.stop()
