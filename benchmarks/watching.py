"""What `varsel watch` costs: the processor time that it takes, its own and the server's, beside one
core; in front of a system with a delivery under way and hundreds before it."""

import asyncio
import fcntl
import os
import pty
import struct
import sys
import termios
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

from redis.asyncio import Redis

from benchmarks.world import World, world
from services.notify.ledger.delivery import DELIVERIES, delivery_key
from shared.bus.streams import create_topology
from shared.topology import STREAMS

SECONDS = 20
BEFORE = 300
COLUMNS, LINES = 140, 40
_TICKS = os.sysconf("SC_CLK_TCK")


async def _fill(redis: Redis) -> None:
    """Deliveries as notify keeps them, and readers that are there."""
    await create_topology(redis)
    for number in range(BEFORE + 1):
        fields = {"article": "a1b2c3d4e5f6", "revision": number, "state": "complete",
                  "told_at": 0, "kind": "alert", "started": "2026-11-24T03:00:00+00:00",
                  "audience": 100_000,
                  "handed_over": 99_990, "failed": 0, "suppressed": 10, "open": 0}  # fmt: skip
        await redis.hset(delivery_key(f"a1b2c3d4e5f6.{number}"), mapping=fields)
        await redis.zadd(DELIVERIES, {f"a1b2c3d4e5f6.{number}": number})
    async with redis.pipeline(transaction=False) as pipe:
        for number in range(2000):
            for stream in STREAMS:
                pipe.xadd(stream.name, {"number": number})
        await pipe.execute()


async def _goes_on(redis: Redis, seconds: float) -> None:
    """Readers that read, and a delivery that moves."""
    newest = delivery_key(f"a1b2c3d4e5f6.{BEFORE}")
    await redis.hset(newest, mapping={"state": "sending", "open": 50_000, "handed_over": 49_990})
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for stream in STREAMS:
            for group in stream.groups:
                await redis.xreadgroup(group, f"{group}-1", {stream.name: ">"}, count=3)
        await redis.hincrby(newest, "open", -80)
        await redis.hset(newest, "told_at", int(time.time() * 1000))
        await asyncio.sleep(1)


@contextmanager
def _terminal() -> Iterator[int]:
    """A terminal that is read as fast as it is written to."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    os.set_blocking(master, False)
    loop = asyncio.get_running_loop()
    loop.add_reader(master, lambda: os.read(master, 65536))
    try:
        yield slave
    finally:
        loop.remove_reader(master)
        os.close(slave)
        os.close(master)


def _client(pid: int) -> float:
    """Processor seconds that a process has taken; see proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


async def _server(redis: Redis) -> float:
    """Processor seconds that the server has taken."""
    info = await redis.info("cpu")
    return float(info["used_cpu_sys"] + info["used_cpu_user"])


async def _watched(here: World) -> tuple[float, float]:
    """Processor seconds of the command and of the server while it runs."""
    own = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    with _terminal() as terminal:
        watch = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "varsel", "watch",
            stdin=terminal, stdout=terminal, stderr=terminal,
            env=own | {"VARSEL_REDIS_URL": here.redis_url, "TERM": "xterm-256color"},
        )  # fmt: skip
        try:
            await _goes_on(here.redis, 5)  # its start is not measured
            before = _client(watch.pid), await _server(here.redis)
            await _goes_on(here.redis, SECONDS)
            after = _client(watch.pid), await _server(here.redis)
        finally:
            watch.terminate()
            await watch.wait()
    return after[0] - before[0], after[1] - before[1]


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    async with world() as here:
        await _fill(here.redis)
        alone = await _server(here.redis)
        await _goes_on(here.redis, SECONDS)
        alone = await _server(here.redis) - alone
        client, server = await _watched(here)
    server = max(server - alone, 0.0)
    yield (
        "processor time of `varsel watch`, its own and the server's, beside one core",
        f"{(client + server) / SECONDS:.4f} "
        f"({client / SECONDS * 1000:.1f} and {server / SECONDS * 1000:.1f} ms per second)",
        "≤ 0.01",
    )
