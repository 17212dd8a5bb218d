"""notify is killed while it does what staff asked of a delivery: it is done once."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.notify.ledger.delivery import delivery_key, failures_key, ledger_key
from shared.bus import streams
from shared.bus.users import as_user
from shared.event_data import DeliveryCommand
from tests.log_calls import REPO
from tests.notify.ledger.steps import begin
from tests.notify.steps import DELIVERY
from tests.notify.wishes import ask, wanted


async def heed(url: str, folder: Path, step: int) -> int:
    """Handle the pending wish, until killed at this step; gives how the process ended."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.notify.deliveries.wishes.heeder"),
        *(as_user(url, "notify"), str(folder), str(step)),
        cwd=REPO,
        stdout=asyncio.subprocess.DEVNULL,
    )
    return await process.wait()


async def asked(redis: Redis, command: DeliveryCommand) -> None:
    """A delivery that is complete and failed to reach two, and a wish about it in a worker's
    hands."""
    await begin(redis)
    await streams.create_topology(redis)
    if command == "again":
        sums = {"state": "complete", "handed_over": 38, "failed": 2, "open": 0, "told_open": 0}
        await redis.hset(delivery_key(DELIVERY), mapping=sums)
        await redis.setrange(ledger_key(DELIVERY), 1, b"\2" * 38 + b"\4\4")
        await redis.hset(failures_key(DELIVERY), mapping={"39": "5.1.1 550", "40": "5.1.1 550"})
    await ask(redis, wanted(command, 7))
    await redis.xreadgroup("notify", "notify-1", {"control": ">"})


@pytest.mark.parametrize("command", ["again", "hold", "cancel"])
async def test_killed_at_any_step_it_is_done_once(
    redis: Redis, redis_url: str, tmp_path: Path, command: DeliveryCommand
) -> None:
    code, step = -signal.SIGKILL, 0
    while code == -signal.SIGKILL:
        step += 1
        await asked(redis, command)
        code = await heed(redis_url, tmp_path / str(step), step)
        if (await redis.xpending("control", "notify"))["pending"]:
            assert await heed(redis_url, tmp_path / str(step), 0) == 0
        assert (await redis.xpending("control", "notify"))["pending"] == 0
        fields = await redis.hgetall(delivery_key(DELIVERY))
        assert fields[b"heeded"] == b"7"
        assert await redis.xlen("deliveries") == 1
        if command == "again":
            assert (fields[b"failed"], fields[b"open"]) == (b"0", b"2")
            assert await redis.xlen("chunks") == 1
        else:
            assert fields[b"held"] == {"hold": b"operator", "cancel": b"cancelled"}[command]
    assert code == 0
    assert step > 4
