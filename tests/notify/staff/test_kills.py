"""Whichever process dies, and whenever: who is to be told is told, at most twice for a kill, and
then with the same Message-ID; and the webhook gets the same post."""

import asyncio
import json
import signal
import sys
from collections import defaultdict

import pytest
from redis.asyncio import Redis

from services.notify.letters import store
from shared.events import to_fields
from tests.notify.letters.sender import LEASE_SECONDS
from tests.notify.letters.steps import nothing_waits
from tests.notify.posting.follower import SECRET, Follower
from tests.notify.staff.steps import AT_HOME, AT_WORK, KARI, OLA, staff_of, to_be_told
from tests.notify.staff.teller import STEPS
from tests.notify.system import running, system
from tests.wait import until

NOBODY = "00000000000000cc"
TWICE_AT = {"after send", "before finish", "after finish"}
"""Steps at which the relay has a letter, or the next one of the connection, and nobody knows."""


@pytest.mark.parametrize("step", STEPS)
async def test_a_notify_that_dies_at_any_step_leaves_nobody_untold(
    redis: Redis, redis_url: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LEASE_SECONDS", LEASE_SECONDS)
    follower = await Follower().start()
    webhook = json.dumps({"url": follower.url, "secret": SECRET})
    async with system(redis, redis_url, staff_webhook=webhook) as on:
        async with running(on):
            staff = await staff_of(on)
            await staff.set(KARI, AT_HOME)
            await staff.set(OLA, AT_WORK)
        await redis.xadd("control", to_fields(to_be_told(KARI, OLA, NOBODY)))
        wanted = ("mail_from", "site_url", "data")
        given = {name: str(getattr(on.settings, name)) for name in wanted}
        given |= {
            "smtp_url": on.settings.smtp_url.get_secret_value(),
            "staff_webhook": webhook,
        }
        command = (sys.executable, "-m", "tests.notify.staff.teller", on.url, json.dumps(given))
        dying = await asyncio.create_subprocess_exec(
            *command, step, stdout=asyncio.subprocess.DEVNULL
        )
        assert await dying.wait() == -signal.SIGKILL
        async with running(on):
            await on.settled("control")
            await until(lambda: follower.calls)
            await nothing_waits(redis)
        sent: dict[str, list[str]] = defaultdict(list)
        for mail in on.relay.mails:
            sent[mail.recipient].append(str(mail.head["Message-ID"]))
        assert sent.keys() == {AT_HOME, AT_WORK}
        for ids in sent.values():
            assert len(ids) <= (2 if step in TWICE_AT else 1)
            assert len(set(ids)) == 1
        assert len({call.id for call in follower.calls}) == 1
    await follower.stop()
