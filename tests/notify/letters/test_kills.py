"""Whichever process dies, and whenever: a letter that was accepted is sent, at most twice for a
kill, and then with the same Message-ID."""

import asyncio
import json
import random
import signal
import sys
from asyncio.subprocess import Process
from collections import Counter, defaultdict

import pytest
from redis.asyncio import Redis

from services.notify.letters import send_letters, store
from tests.notify.letters.sender import LEASE_SECONDS, STEPS
from tests.notify.letters.steps import ask, join, login, nothing_waits
from tests.notify.system import System, running, system
from tests.wait import until

TWICE_AT = {"after send", "before finish", "after finish"}
"""Steps at which the relay has a letter, or the next one of the connection, and nobody knows."""


async def start(on: System, step: str = "none") -> Process:
    wanted = ("mail_from", "site_url", "data")
    given = {name: str(getattr(on.settings, name)) for name in wanted}
    given["smtp_url"] = on.settings.smtp_url.get_secret_value()
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.notify.letters.sender",
        on.url,
        json.dumps(given),
        step,
        stdout=asyncio.subprocess.DEVNULL,
    )


async def kill(process: Process) -> None:
    process.send_signal(signal.SIGKILL)
    await process.wait()


def message_ids(on: System) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for mail in on.relay.mails:
        found[mail.recipient].append(str(mail.head["Message-ID"]))
    return found


@pytest.mark.parametrize("step", STEPS)
async def test_a_sender_that_dies_at_any_step_loses_no_letter(
    redis: Redis, redis_url: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LEASE_SECONDS", LEASE_SECONDS)
    async with system(redis, redis_url) as on:
        await on.join("kari@example.org")
        await ask(on, login("kari@example.org"), login("ola@example.org", browser="b3"), join())
        dying = await start(on, step)
        assert await dying.wait() == -signal.SIGKILL
        async with running(on):
            await nothing_waits(redis)
        sent = message_ids(on)
        assert sent.keys() == {"kari@example.org", "ola@example.org", "ny@example.org"}
        for ids in sent.values():
            assert len(ids) <= (2 if step in TWICE_AT else 1)
            assert len(set(ids)) == 1


async def test_senders_that_share_the_letters_and_are_killed_lose_none(
    redis: Redis, redis_url: str
) -> None:
    everybody = [f"m{nth}@example.org" for nth in range(200)]
    async with system(redis, redis_url) as on:
        on.relay.slowness = 0.03
        await on.join(*everybody)
        processes = [await start(on), await start(on)]
        kills = 0
        for place in range(0, len(everybody), 50):
            part = everybody[place : place + 50]
            await ask(on, *(login(to, browser=to) for to in part))
            wanted = len(set(on.relay.recipients())) + random.randint(1, 40)
            await until(lambda: len(set(on.relay.recipients())) >= wanted, timeout=60)  # noqa: B023
            which = random.randrange(2)
            await kill(processes[which])
            kills += 1
            processes[which] = await start(on)
        await until(lambda: set(on.relay.recipients()) == set(everybody), timeout=60)
        await nothing_waits(redis)
        for process in processes:
            await kill(process)
        sent = message_ids(on)
        assert all(len(set(ids)) == 1 for ids in sent.values())
        twice = Counter(len(ids) for ids in sent.values())
        assert max(twice) <= 2
        assert twice[2] <= kills * send_letters.AT_ONCE
        assert not await redis.exists(store.QUEUE)
