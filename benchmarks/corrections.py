"""A correction in the middle of a delivery: how many mails of the old text leave after the script
that accepted it, and how long that script takes."""

import asyncio
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

from redis.asyncio import Redis

from benchmarks.deliveries import alert_of, site, take_in, with_relay
from benchmarks.sink import Sink
from benchmarks.world import World, world
from services.notify import app as notify
from services.notify.ledger import delivery as deliveries
from services.notify.relay.window import WINDOW
from shared.bus import lua
from shared.bus.users import as_user
from shared.events import DeliveryCompleted, PagePublished, from_fields, to_fields
from shared.revision import Change, Revision, content_sha256
from shared.trace import new_traceparent

MEMBERS = 100_000
MILLION = 1_000_000
_ID = re.compile(rb"^Message-ID: <[^.]+\.(\d+)\.", re.MULTILINE)


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    first = alert_of()
    change = Change(kind="correction", note="Dosen var feil.")
    sha256 = content_sha256(first.article, {}, change)
    corrected = first.model_copy(update={"revision": 2, "change": change, "sha256": sha256})
    mails: list[tuple[float, int]] = []

    class Counting(Sink):
        def taken(self, content: bytes) -> None:
            found = _ID.search(content)
            mails.append((time.time(), int(found[1]) if found else 0))

    async with world() as here, site(corrected) as check:
        server = await asyncio.get_running_loop().create_server(Counting, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            await take_in(here, MEMBERS)
            settings = with_relay(here.settings, port, check)
            service = notify.create(settings, as_user(here.redis_url, "notify"))
            for open_ in service.open:
                await open_()
            await service.bus.start()
            await _tell(here, first)
            while len(mails) < MEMBERS // 10:
                await asyncio.sleep(0.01)
            await _tell(here, corrected)
            await _complete(here.redis, f"{first.id}.2")
            await service.bus.stop()
            for close in service.close:
                await close()
            accepted = await _accepted(here.redis, f"{first.id}.1")
        million = await _script_of_a_million(here.redis)
    late = sum(number == 1 and at >= accepted for at, number in mails)
    count = Counter(number for _, number in mails)
    yield (
        f"old mails after a correction was accepted in the middle of {MEMBERS}",
        f"{late} (before it {count[1] - late}, corrected {count[2]})",
        f"≤ {WINDOW}",
    )
    yield ("ledger of a correction to a million", f"{million * 1000:.0f} ms", "about 100 ms")


async def _tell(here: World, revision: Revision) -> None:
    event = PagePublished.about(revision, traceparent=new_traceparent())
    await here.redis.xadd("pages", to_fields(event))  # type: ignore[arg-type]


async def _complete(redis: Redis, delivery: str) -> None:
    while await redis.hget(deliveries.delivery_key(delivery), "state") != b"complete":
        await asyncio.sleep(0.05)


async def _accepted(redis: Redis, delivery: str) -> float:
    """When the script ran, by the id of the event that it told of the old delivery."""
    for entry, fields in await redis.xrange("deliveries"):
        event = from_fields(fields)
        if isinstance(event, DeliveryCompleted) and event.data.delivery == delivery:
            return int(entry.partition(b"-")[0]) / 1000
    raise LookupError("it was not superseded")


async def _script_of_a_million(redis: Redis) -> float:
    states = bytes(random.choices((0, 1, 2, 3, 4, 5, 8, 10, 16), k=MILLION))
    await redis.set("notify:bench", states)
    with tempfile.TemporaryDirectory() as folder:
        call = Path(folder) / "call.lua"
        call.write_text(
            f"-- with: {Path(deliveries.__file__).with_name('owed_after')}\n"
            "-- key.ledger string\n-- answer done audience\n"
            "local owed, audience = owed_after(redis.call('GET', key.ledger), 500000, true)\n"
            "redis.call('SET', key.ledger, owed)\nreturn { 'done', audience }"
        )
        script = lua.load(redis, call, lua.Done)
        await script(keys={"ledger": "notify:bench"})
        await redis.set("notify:bench", states)
        start = time.perf_counter()
        await script(keys={"ledger": "notify:bench"})
        return time.perf_counter() - start
