"""Ingest over HTTP, on a real Redis."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from services.ingest.app import create
from services.ingest.audit.trail import ENTRIES, HEAD
from services.ingest.people.keys import create_key
from services.ingest.people.store import KEYS, NAMES, PEOPLE
from shared.bus import Bus
from shared.bus.users import as_user
from shared.service import Service
from shared.settings import Settings
from tests.make import settings as make_settings


@dataclass
class Ingest:
    http: httpx.AsyncClient
    redis: Redis
    settings: Settings
    service: Service
    redis_url: str

    @property
    def bus(self) -> Bus:
        return self.service.bus

    async def post(self, article: dict[str, Any], **headers: str) -> httpx.Response:
        return await self.http.post("/api/articles", json=article, headers=headers)

    async def stored(self) -> set[bytes]:
        """All that is in Redis besides the staff and what the audit trail says of them."""
        staff = {KEYS, PEOPLE, NAMES, ENTRIES, HEAD}
        return set(await self.redis.keys()) - {key.encode() for key in staff}


@pytest.fixture
async def make_ingest(redis_url: str, redis: Redis) -> AsyncIterator[Any]:
    opened = []

    async def make(**overrides: Any) -> Ingest:
        settings = make_settings(**{"site_url": "https://varsel.example.org"} | overrides)
        service = create(settings, as_user(redis_url, "ingest"))
        http = httpx.AsyncClient(
            transport=httpx.ASGITransport(service.http),
            base_url="http://test",
            headers={"Authorization": f"Bearer {await create_key(redis, 'Test', 'editor')}"},
        )
        opened.append((http, service))
        return Ingest(http, redis, settings, service, redis_url)

    yield make
    for http, service in opened:
        await http.aclose()
        await service.bus.stop()
        for close in service.close:
            await close()


@pytest.fixture
async def ingest(make_ingest: Any) -> Ingest:
    return await make_ingest()
