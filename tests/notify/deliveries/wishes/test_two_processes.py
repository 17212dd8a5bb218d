"""What staff ask of a delivery is heard by every process of notify, whichever read it."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.make import alert, revision
from tests.notify.steps import addresses, balanced
from tests.notify.system import System
from tests.notify.wishes import ask, wanted
from tests.wait import until

THREE_CHUNKS = 2100
"""Members. A process takes two chunks at a time, so each of two has one at least."""


@asynccontextmanager
async def another(notify: System) -> AsyncIterator[None]:
    """A process of notify, reading; killed at the end."""
    settings = notify.settings
    given = {name: str(getattr(settings, name)) for name in ("mail_from", "site_url", "data")}
    given |= {
        "smtp_url": settings.smtp_url.get_secret_value(),
        "secret_key": settings.secret_key.get_secret_value(),
        "site_check_url": settings.site_check_url,
        "site_probe": settings.site_probe,
        "alert_approvals": str(settings.alert_approvals),
    }
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "tests.notify.deliveries.wishes.patient",
            notify.url,
            json.dumps(given),
        ),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        while b"started" not in (line := await process.stdout.readline()):
            assert line, "it did not start"
        reading = asyncio.create_task(process.communicate())
        yield
        assert process.returncode is None
    finally:
        process.kill()
        await reading


async def test_going_on_brings_what_waits_in_another_process_too(notify: System) -> None:
    await notify.join(*addresses(THREE_CHUNKS))
    async with another(notify), another(notify):
        notify.relay.slowness = 0.05
        await notify.publish(revision(alert()))

        async def in_both() -> bool:
            found = await notify.redis.xpending("chunks", "notify")
            return len(found["consumers"]) == 2 and len(notify.relay.mails) > 0

        await until(in_both)
        await ask(notify.redis, wanted("hold", 1))
        await notify.delivery("paused")
        await until(lambda: all_wait(notify))
        notify.relay.slowness = 0.0
        await ask(notify.redis, wanted("resume", 2, seen="operator"))
        assert (await notify.delivery())["handed_over"] == THREE_CHUNKS
        await balanced(notify)


async def all_wait(notify: System) -> bool:
    """Whether nobody holds a chunk: a worker lets go of its lease when it begins to wait."""
    return not await notify.redis.keys("notify:lease:*")
