"""A delivery to a million members: memory of the worker and of Redis, and when the first has it.

`python -m benchmarks.million COUNT` measures one number of members in a process of its own.
"""

import asyncio
import json
import resource
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import uvloop
from redis.asyncio import Redis

from benchmarks.deliveries import alert_of, deliver, site, with_relay
from benchmarks.sink import sink
from benchmarks.world import World, world
from services.notify.ledger.delivery import delivery_key
from services.notify.members.member import Consent, Member
from services.notify.members.store import Members
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from shared.bus.streams import parse_id
from shared.settings import Settings

FEW, MANY = 1_000, 1_000_000
_BATCH = 2_000


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    few, many = [in_a_process(count) for count in (FEW, MANY)]
    yield (
        f"memory of a worker that serves {MANY} members beside one that serves {FEW}",
        f"{many['worker'] / few['worker']:.2f} ({many['worker']:.0f} of {few['worker']:.0f} MB)",
        "≤ 1.2",
    )
    yield f"Redis with {MANY} members and one ledger", f"{many['redis']:.0f} MB", "≤ 250 MB"
    yield (
        f"from `page.published` to the first mail handed over and recorded, {MANY} members",
        f"{many['first']:.2f} s ({few['first']:.2f} s with {FEW})",
        "≤ 1 s",
    )


def in_a_process(count: int, module: str = "benchmarks.million") -> dict[str, Any]:
    """What `module` measures with so many members, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", module, str(count)],
        stdout=subprocess.PIPE,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


async def _one_delivery(count: int) -> dict[str, float]:
    """Megabytes, and seconds."""
    revision = alert_of()
    async with world() as here, site(revision) as check:
        with sink() as port:
            await taken_in_by_another(here, count)
            first = asyncio.create_task(first_mail(here.redis, f"{revision.id}.1"))
            await deliver(here, with_relay(here.settings, port, check), revision)
            seconds = await first
        used = (await here.redis.info("memory"))["used_memory"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"worker": peak / 1024, "redis": used / 2**20, "first": seconds}


async def taken_in_by_another(here: World, count: int) -> None:
    """Members are taken in by another process, whose memory is not ours."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.million"),
        *(str(count), here.redis_url, str(here.settings.data)),
    )
    assert await child.wait() == 0


async def first_mail(redis: Redis, delivery: str) -> float:
    """Seconds from the page's event, by Redis's clock."""
    while not int(await redis.hget(delivery_key(delivery), "handed_over") or 0):
        await asyncio.sleep(0.01)
    seconds, micros = await redis.time()
    told, _ = parse_id((await redis.xinfo_stream("pages"))["last-generated-id"])
    return float(seconds) + float(micros) / 1e6 - told / 1000


async def take_in(here: World, count: int) -> None:
    """As an import stores them, without reading a list."""
    found = await keys.load(here.redis, secret_key(here.settings))
    members = Members(here.redis, Vault(found.vault, found.index))
    consent = await members.keep_consent(Consent("Ja"))
    for first in range(0, count, _BATCH):
        batch = range(first, min(first + _BATCH, count))
        new = [Member(f"medlem{n}@example.org", f"Åse Eksempel {n}", "nb", consent) for n in batch]
        assert await members.add(new, after=first)


async def _only_take_in(count: int, redis_url: str, data: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        await take_in(World(Settings(data=Path(data)), redis_url, redis), count)


if __name__ == "__main__":
    members, *where = sys.argv[1:]
    if where:
        asyncio.run(_only_take_in(int(members), *where))
    else:
        print(json.dumps(uvloop.run(_one_delivery(int(members)))))
