"""A process tells a ping service that it lives, and what is wrong with it."""

import asyncio

from services.ingest.app import create
from shared.bus.users import as_user
from tests.make import settings
from tests.server import free_port
from tests.system.running import Up
from tests.varsel.guard.steps import ping_service
from tests.wait import until
from varsel.ping import Pings
from varsel.run import system


async def test_a_system_that_runs_pings_and_one_that_ended_does_not() -> None:
    async with ping_service() as (url, pings):
        with Up(VARSEL_PING_URL=f"{url}?create=1") as up:
            await asyncio.to_thread(up.start)
            await until(lambda: pings.heard)
            assert pings.heard == [("", "")]
            assert url not in up.log(), "whoever knows it can keep the service quiet"


async def test_what_is_wrong_is_told_and_a_service_that_is_away_stops_nothing(
    redis_url: str,
) -> None:
    service = create(settings(), as_user(redis_url, "ingest"))  # it reads nothing yet
    async with ping_service() as (url, pings):
        task = asyncio.create_task(system._tell_ping_service(Pings(url), [service]))
        await until(lambda: pings.heard)
        task.cancel()
        [(how, text)] = pings.heard
        assert how == "/fail"
        assert "ingest: not_started" in text
    assert not await Pings(f"http://127.0.0.1:{free_port()}/ping/1").tell()
    for close in service.close:
        await close()
