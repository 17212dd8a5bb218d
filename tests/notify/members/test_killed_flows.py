"""A process may be killed between the journal and Redis: the next start ends what it began."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest
from redis.asyncio import Redis

from tests.notify.members.doomed import EMAIL
from tests.notify.members.people import People, member
from tests.system.running import REPO

OTHER = "ola.canary@example.org"


async def doomed(url: str, folder: Path, flow: str, step: int) -> tuple[bool, bool]:
    """Whether the flow was done, and whether the journal's disk confirmed anything of it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.notify.members.doomed",
        url, str(folder), flow, "1", str(step),
        cwd=REPO, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert process.returncode in (0, -signal.SIGKILL)
    return process.returncode == 0, b"noted" in said


async def before(people: People, flow: str) -> None:
    await people.add(EMAIL, OTHER)
    if flow in ("come_back", "join"):
        await people.membership.leave(1)
    await people.journal.close()


async def finish(people: People, flow: str) -> None:
    """The person, who has had no answer, does it again."""
    those = people.membership
    if flow == "join":
        await those.join(member(EMAIL))
    else:
        flows = {"leave": those.leave, "erase": those.erase, "come_back": those.come_back}
        await flows[flow](1)


@pytest.mark.parametrize("flow", ["leave", "erase", "come_back", "join"])
async def test_killed_at_any_step_it_ends_as_if_nothing_had_happened(
    redis: Redis, redis_url: str, tmp_path: Path, flow: str
) -> None:
    is_member = flow in ("come_back", "join")
    done, step, noted_steps = False, 0, 0
    while not done:
        step += 1
        await redis.flushall()
        people = People(redis, tmp_path / f"journal-{step}")
        await before(people, flow)
        copy = await people.copy()
        done, noted = await doomed(redis_url, people.folder, flow, step)
        noted_steps += noted and not done
        for lost in (False, True):
            if lost:
                await people.put_back(copy)
            await people.start()
            mailed = await people.mailed()
            assert mailed[OTHER] == 1
            assert mailed[EMAIL] <= 1
            if done or noted:
                assert bool(mailed[EMAIL]) == is_member, (step, lost)
            await people.start()
            again = await people.copy()
            await people.start()
            assert await people.copy() == again, (step, lost)
        await finish(people, flow)
        assert (await people.mailed())[EMAIL] == is_member, step
        if flow == "erase":
            assert not await people.membership.members.records([1])
        await people.journal.close()
    assert step > 5
    assert noted_steps, "it was killed between the journal and Redis"
