"""Whichever process dies, and at whatever step: what is to be told is told once."""

import asyncio
import signal
import sys
from typing import Any

import pytest

from shared.bus.users import as_user
from tests.ingest.staff_at_work import in_review, somebody
from tests.ingest.telling.dying import STEPS
from tests.ingest.telling.steps import look, time_passes


@pytest.mark.parametrize("step", STEPS)
async def test_a_teller_that_dies_at_any_step_leaves_nobody_untold_and_tells_nobody_twice(
    make_ingest: Any, step: str
) -> None:
    ingest = await make_ingest(alert_approvals=1)
    kari = await somebody(ingest, "Kari")
    ola = await somebody(ingest, "Ola", "approver")
    rejected = await in_review(kari, title="En")
    assert (await ola.take("reject", rejected, "Feil.")).status_code == 200
    waiting = await in_review(kari, title="To")
    command = (sys.executable, "-m", "tests.ingest.telling.dying")
    for _ in range(2):
        dying = await asyncio.create_subprocess_exec(
            *command, as_user(ingest.redis_url, "ingest"), step
        )
        assert await dying.wait() == -signal.SIGKILL
    expected = [("rejected", ["Kari"]), ("waits", ["Ola"])]
    assert sorted(await look(ingest.redis)) == expected
    await time_passes(ingest.redis, waiting)
    assert sorted(await look(ingest.redis)) == [*expected, ("waits", ["Ola"])]
