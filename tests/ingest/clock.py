"""Ingest with its clock, and what it has published."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from services.ingest.app import create
from shared.bus import tasks
from shared.bus.users import as_user
from shared.events import ArticlePublished
from shared.service import Service
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import events


@contextlib.asynccontextmanager
async def clock(ingest: Ingest) -> AsyncIterator[Service]:
    """Ingest's loops, as `varsel up` runs them."""
    service = create(ingest.settings, as_user(ingest.redis_url, "ingest"))
    running = [asyncio.create_task(_again(loop)) for loop in service.loops]
    try:
        yield service
    finally:
        await tasks.end(running)
        await service.bus.stop()


async def _again(loop: Any) -> None:
    while True:
        with contextlib.suppress(Exception):
            await loop()
        await asyncio.sleep(0.05)


async def published(ingest: Ingest) -> list[ArticlePublished]:
    return [event for event in await events(ingest) if isinstance(event, ArticlePublished)]
