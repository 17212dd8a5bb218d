"""What people do beside alerts, and a kill on its way: begun as whoever does it would, and then
looked at from outside until all of it has come about."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from redis.exceptions import RedisError

from shared.bus import tasks
from tests.chaos.editor import PATIENCE
from tests.chaos.kills import LATE, Counts, Kill, Place, Trap
from tests.chaos.proxy import Moment
from tests.chaos.system import REDIS, Chaos
from tests.chaos.versions import Findings
from tests.wait import LateError, until


class Deed(Protocol):
    """One kind of deed. Each time that it is prepared it is somebody else's."""

    @property
    def name(self) -> str: ...

    @property
    def kinds(self) -> tuple[str, ...]:
        """What stands in the kinds of the commands that it brings."""

    async def prepare(self, chaos: Chaos) -> str:
        """What must be so before; gives what it is about."""

    async def do(self, chaos: Chaos, about: str) -> None:
        """Do it, again until it is confirmed."""

    async def lacks(self, chaos: Chaos, about: str) -> str:
        """What is not so as it must be, in words; empty if all is."""


@dataclass(frozen=True)
class DeedKill:
    deed: Deed
    kill: Kill


async def learn_deed(chaos: Chaos, deed: Deed) -> Counts:
    """How many commands of which kind each service sends for it."""
    about = await deed.prepare(chaos)
    chaos.counts.clear()
    await deed.do(chaos, about)
    await _come_about(chaos, deed, about)
    found: Counter[tuple[str, str, Moment]] = Counter()
    for (process, kind, moment), count in chaos.counts.items():
        if any(one in kind for one in deed.kinds) and not kind.startswith("SCRIPT"):
            found[process.partition("-")[0], kind, moment] += count
    return dict(found)


def deed_kills(deed: Deed, counts: Counts) -> list[DeedKill]:
    """The service at each command of the deed, before and after; and Redis at each script."""
    places = [Place(process, kind, moment) for process, kind, moment in sorted(counts)]
    kills = [Kill(place.process, place) for place in places]
    kills += [Kill(REDIS, place) for place in places if place.kind.startswith("EVALSHA")]
    return [DeedKill(deed, kill) for kill in kills]


async def one_deed(chaos: Chaos, each: DeedKill) -> tuple[bool, Findings]:
    """Do it, kill once, and see it come about; whether the kill did, and what was found."""
    deed, found = each.deed, Findings()
    about = await deed.prepare(chaos)
    trap = Trap(chaos, each.kill)
    doing = asyncio.create_task(deed.do(chaos, about))
    sprung = asyncio.create_task(trap.sprung.wait())
    try:
        await asyncio.wait_for(doing, PATIENCE)
        await asyncio.wait([sprung], timeout=LATE)
    except TimeoutError:
        found.wrong.append("never confirmed")
    finally:
        trap.close()
        await tasks.end([sprung, doing])
    try:
        await chaos.ready()
        await _come_about(chaos, deed, about)
    except AssertionError as error:
        found.wrong.append(f"{error}")
    return trap.sprung.is_set(), found


async def _come_about(chaos: Chaos, deed: Deed, about: str) -> None:
    """Until it has; AssertionError, with what it lacks, if it does not."""
    lacks = ""

    async def is_so() -> bool:
        nonlocal lacks
        try:
            lacks = await deed.lacks(chaos, about)
        except RedisError:
            return False
        return not lacks

    try:
        await until(is_so, PATIENCE)
    except LateError:
        raise AssertionError(lacks or "Redis is away") from None
