"""Ten million members rehearsed, into a sink on this machine: several workers share one delivery,
each member gets the alert once and the ledger says so; memory of each worker and of Redis, and the
time.

`python -m benchmarks ten-million`, half an hour for all of them on two cores; it wants 5 GB of
memory and 10 GB of disk. `python -m benchmarks ten-million
100000` tries it. The workers of a tenth of the members are what those of all are beside.
"""

import asyncio
import json
import logging
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop
from prometheus_client import REGISTRY

from benchmarks.deliveries import alert_of, site, with_relay
from benchmarks.million import first_mail, in_a_process, taken_in_by_another
from benchmarks.sink import Sink, serve
from benchmarks.world import World, world
from services.notify import app as notify
from services.notify.ledger.delivery import delivery_key, ledger_key
from services.notify.ledger.states import State
from shared import log
from shared.bus.users import as_user
from shared.events import PagePublished, to_fields
from shared.settings import Settings
from shared.trace import new_traceparent

MEMBERS = 10_000_000
WORKERS = 2
"""One for each core; the sink and Redis share these with them."""
_TO = re.compile(rb"medlem(\d+)@")
_READ_BYTES = 1_000_000
_MINUTES = 20


async def measure(members: int = MEMBERS) -> AsyncIterator[tuple[str, str, str]]:
    few, many = (
        in_a_process(count, "benchmarks.ten_million") for count in (members // 10, members)
    )
    told = f"{WORKERS} workers share a delivery to {members} members"
    yield (f"{told}: those that have it by the ledger", many["ledger"], f"{members}, once each")
    yield (f"{told}: mails of them that the sink has", many["mails"], f"{members}, once each")
    worker, before = max(many["workers"]), max(few["workers"])
    yield (
        f"memory of the largest of them beside one of {members // 10} members",
        f"{worker / before:.2f} ({worker:.0f} of {before:.0f} MB)",
        "≤ 1.2",
    )
    yield (
        "Redis, for each member: with all of them, and with the ledger of one delivery",
        f"{many['members']:.0f} and {many['ledgers']:.0f} bytes"
        f" ({many['used'] / 2**20:.0f} MB in all)",
        "reported",
    )
    yield (
        f"{told}: from `page.published` until the last has it",
        f"{many['seconds'] / 60:.1f} minutes, {members / many['seconds']:.0f} a second",
        f"≤ {_MINUTES} minutes for {MEMBERS}",
    )
    yield (
        "the same until the first has it; and what each worker had of the mails",
        f"{many['first']:.2f} s; {', '.join(f'{one:.0%}' for one in many['shares'])}",
        "reported",
    )
    yield (
        "before that, taking them in as an import stores them",
        f"{many['taking_in'] / 60:.1f} minutes",
        "reported",
    )


async def _rehearse(count: int) -> dict[str, Any]:
    revision = alert_of()
    delivery = f"{revision.id}.1"
    async with world() as here, site(revision) as check:
        empty = await _used(here)
        began = time.perf_counter()
        await taken_in_by_another(here, count)
        taking_in = time.perf_counter() - began
        members = await _used(here)
        async with _counting(count) as counting:
            settings = with_relay(here.settings, counting.port, check)
            async with _workers(here, settings) as workers:
                event = PagePublished.about(revision, traceparent=new_traceparent())
                began = time.perf_counter()
                first = asyncio.create_task(first_mail(here.redis, delivery))
                await here.redis.xadd("pages", to_fields(event))  # type: ignore[arg-type]
                while await here.redis.hget(delivery_key(delivery), "state") != b"complete":
                    await asyncio.sleep(0.05)
                seconds = time.perf_counter() - began
                used = await _used(here)
                ended = [await worker.end() for worker in workers]
            mails = await counting.end()
        return {
            "ledger": await _ledger(here, delivery, count),
            "mails": f"{mails['once']} once, {mails['oftener']} oftener, {mails['never']} never",
            "workers": [one["peak"] for one in ended],
            "shares": [one["mails"] / max(sum(o["mails"] for o in ended), 1) for one in ended],
            "members": (members - empty) / count,
            "ledgers": (used - members) / count,
            "used": used,
            "seconds": seconds,
            "first": await first,
            "taking_in": taking_in,
        }


async def _used(here: World) -> int:
    return int((await here.redis.info("memory"))["used_memory"])


async def _ledger(here: World, delivery: str, count: int) -> str:
    """What the sums say, and the bytes themselves: a sum can be wrong where no byte is."""
    sums: Mapping[bytes, bytes] = await here.redis.hgetall(delivery_key(delivery))
    said = {name: int(sums.get(name.encode(), 0)) for name in ("audience", "handed_over", "open")}
    states: Counter[int] = Counter()
    for first in range(1, count + 1, _READ_BYTES):  # members' numbers begin at 1
        last = min(first + _READ_BYTES - 1, count)
        found = await here.redis.getrange(ledger_key(delivery), first, last)
        states.update(byte % 8 for byte in found)
    others = sum(states.values()) - states[State.HANDED_OVER]
    return (
        f"{states[State.HANDED_OVER]}, {others} in another state; by its sums "
        f"{said['handed_over']} of {said['audience']}, {said['open']} open"
    )


@dataclass
class _Child:
    process: asyncio.subprocess.Process
    said: str
    """What it said when it was ready."""

    @property
    def port(self) -> int:
        return int(self.said)

    async def end(self) -> dict[str, Any]:
        """Have it end, and hear what it has seen."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        *_, last = (await self.process.stdout.read()).splitlines()
        await self.process.wait()
        found: dict[str, Any] = json.loads(last)
        return found


@asynccontextmanager
async def _child(*words: str) -> AsyncIterator[_Child]:
    """This module in a process of its own, once it is ready."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.ten_million", *words),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    )
    assert process.stdout
    try:
        yield _Child(process, (await process.stdout.readline()).decode().strip())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def _counting(count: int) -> AsyncIterator[_Child]:
    async with _child("sink", str(count)) as sink:
        yield sink


@asynccontextmanager
async def _workers(here: World, settings: Settings) -> AsyncIterator[list[_Child]]:
    """As on machines of their own: each with a name of its own."""
    relay = settings.smtp_url.get_secret_value()
    words = (here.redis_url, str(settings.data), relay, settings.mail_from, settings.site_check_url)
    async with (
        _child("worker", "notify-1", *words) as one,
        _child("worker", "notify-2", *words) as other,
    ):
        yield [one, other][:WORKERS]


class _Counting(Sink):
    """Counts the mails of each member by the address that they are to."""

    got = bytearray()

    def taken(self, content: bytes) -> None:
        found = _TO.search(content)
        number = int(found[1]) if found else 0
        self.got[number] = min(self.got[number] + 1, 255)


async def _sink(count: int) -> None:
    _Counting.got = bytearray(count)
    await serve(_Counting)
    found = Counter(_Counting.got)
    once, never = found[1], found[0]
    print(json.dumps({"once": once, "never": never, "oftener": count - once - never}))


async def _worker(
    name: str, redis_url: str, data: str, relay: str, sender: str, check: str
) -> None:
    log.configure(logging.ERROR)
    settings = Settings(
        data=Path(data),
        alert_approvals=0,
        smtp_url=relay,  # type: ignore[arg-type]
        mail_from=sender,
        site_check_url=check,
    )
    service = notify.create(settings, as_user(redis_url, "notify"), consumer=name)
    for open_ in service.open:
        await open_()
    await service.bus.start()
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await service.bus.stop()
    for close in service.close:
        await close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"peak": peak, "mails": _mails_sent()}))


def _mails_sent() -> int:
    """By this process, as its metrics count them."""
    taken = {"phase": "data", "class": "2xx"}
    return int(REGISTRY.get_sample_value("varsel_relay_replies_total", taken) or 0)


if __name__ == "__main__":
    kind, *rest = sys.argv[1:]
    if kind == "worker":
        uvloop.run(_worker(*rest))
    elif kind == "sink":
        asyncio.run(_sink(int(rest[0])))
    else:
        print(json.dumps(uvloop.run(_rehearse(int(kind)))))
