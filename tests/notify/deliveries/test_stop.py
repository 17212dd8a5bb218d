"""A stop ends, whatever is away."""

import asyncio

from redis.asyncio import Redis

from services.notify import app
from tests.make import alert, revision
from tests.notify.system import system
from tests.server import Valkey
from tests.wait import until

GRACE_AND_MORE = 40.0


async def test_a_stop_ends_though_redis_is_away_and_the_relay_is_silent(own_server: Valkey) -> None:
    async with (
        Redis.from_url(own_server.url) as redis,
        system(redis, own_server.url) as up,
    ):
        await up.join(*(f"medlem{n}@example.org" for n in range(20)))
        up.relay.hold = asyncio.Event()
        await up.publish(revision(alert()))
        service = app.create(up.settings, up.url)
        for open_ in service.open:
            await open_()
        await service.bus.start()
        await until(lambda: up.relay.mails)
        own_server.kill()
        await asyncio.wait_for(service.bus.stop(), GRACE_AND_MORE)
        up.relay.hold.set()
        for close in service.close:
            await close()
