"""A sync, or the undoing of one, that is killed and done again ends as if nothing had happened."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from services.notify.members.store import count
from services.notify.register.sync_list import undo_sync
from tests.notify.register.followed import MANY, Register

KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from services.notify.members.many import ManyMembers
from services.notify.members.membership import Membership
from services.notify.register import sync_list
from services.notify.register.import_members import ImportWish
from shared.bus import connect
from shared.settings import Settings

what, point, url, data, file = sys.argv[1:]
calls = 0

async def dying(self, *args, **kwargs):
    global calls
    calls += 1
    if point == "before" and calls == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    done = await real(self, *args, **kwargs)
    if point == "after" and calls == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return done

room, name = (ManyMembers, "end") if what == "sync" else (Membership, "bring_back")
real = getattr(room, name)
setattr(room, name, dying)
sync_list.BATCH = 2

async def main():
    redis, settings = connect(url), Settings(data=Path(data))
    if what == "sync":
        wish = ImportWish("Ja", list="styreweb")
        await sync_list.sync_members(redis, settings, Path(file), wish, end=7)
    else:
        await sync_list.undo_sync(redis, settings, "styreweb")

asyncio.run(main())
"""


async def killed(register: Register, redis_url: str, what: str, point: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", KILLED, what, point, redis_url),
        *(str(register.mine.data), str(register.file)),
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert await process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("point", ["before", "after"])
async def test_a_sync_that_is_killed_ends_in_the_same_state_when_it_is_done_again(
    register: Register, redis_url: str, point: str
) -> None:
    await register.sync(*MANY)
    register.write(*MANY[7:], "ny")
    await killed(register, redis_url, "sync", point)
    assert await count(register.redis) == {"before": 39, "after": 37}[point]
    looked = await register.sync(*MANY[7:], "ny", dry_run=True)
    assert looked.sync
    assert (looked.sync.before, looked.sync.missing) == (41, 7)
    report = await register.sync(*MANY[7:], "ny", end=7)
    assert report.sync
    assert report.sync.ended == 7
    assert set(await register.who()) == {*MANY[7:], "ny"}
    _, back, _ = await undo_sync(register.redis, register.mine, "styreweb")
    assert back == 7
    assert set(await register.who()) == {*MANY, "ny"}


@pytest.mark.parametrize("point", ["before", "after"])
async def test_an_undo_that_is_killed_ends_in_the_same_state_when_it_is_done_again(
    register: Register, redis_url: str, point: str
) -> None:
    await register.sync(*MANY)
    await register.sync(*MANY[7:], end=7)
    await killed(register, redis_url, "undo", point)
    assert await count(register.redis) == {"before": 35, "after": 37}[point]
    _, back, _ = await undo_sync(register.redis, register.mine, "styreweb")
    assert back == {"before": 5, "after": 3}[point]
    assert set(await register.who()) == set(MANY)
    with pytest.raises(LookupError):
        await undo_sync(register.redis, register.mine, "styreweb")
