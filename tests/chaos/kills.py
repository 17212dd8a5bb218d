"""One kill: whom, with what, and at which command; and a round in which it happens."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shared.bus import tasks
from tests.chaos.audit import audit, complete, watch_balance
from tests.chaos.editor import Round
from tests.chaos.proxy import Moment
from tests.chaos.returns import come_back, wrong_in
from tests.chaos.sink import Happening, Life
from tests.chaos.system import ALL, REDIS, Chaos, Process
from tests.chaos.versions import Findings

IN_THE_MIDDLE = 0.3
"""The share of the members who have got an alert when it is changed."""
LATE = 8.0
"""Seconds that a kill is waited for after the delivery: the bus sweeps every 5 s."""
ACCEPTS, SUPERSEDES = "EVALSHA advance.lua", "EVALSHA start_delivery.lua pages"
_ASIDE = ("PING", "XAUTOCLAIM", "EVALSHA ledger/release.lua", "EVALSHA take_due.lua")
"""Kinds that have nothing to do with whether an alert is changed."""
Signal = Literal["SIGKILL", "SIGTERM"]
Counts = dict[tuple[str, str, Moment], int]
_CONNECTING = (
    *("HELLO", "AUTH", "CLIENT", "SMTP connect", "SMTP EHLO"),
    *("BOUNCE connect", "BOUNCE EHLO"),
)
"""Kinds that come whenever a pool wants one more connection: tried where they surely come, in the
first moments of a new life."""
_BOUNCES = ("bounce", "BOUNCE", "handled.lua")
"""What stands in the kinds of the commands and steps that are of mail which comes back, whatever
else goes on then."""
_BATCHED = ("bounced.lua", "handled.lua")
"""What ends the kinds that come once for as many as wait then: how often is another number in each
round, and only a first is sure."""
_LOOKS = ("EVALSHA take_letters.lua",)
"""Kinds that come by the clock, whatever is done; what they begin has places of its own (see
letters.py)."""


@dataclass(frozen=True)
class Place:
    """The `n`-th command of a kind that a process sends, from when it is looked for."""

    process: str
    """Or a service: any of its processes, counted together."""
    kind: str
    moment: Moment
    n: int = 1


@dataclass(frozen=True)
class Kill:
    victim: str
    """A process, a service (that process of it which comes to the place), `REDIS`, or `ALL`."""
    place: Place
    signal: Signal = "SIGKILL"


class Trap:
    """Waits for a kill's place, and kills there."""

    def __init__(self, chaos: Chaos, kill: Kill) -> None:
        self.kill = kill
        self.sprung = asyncio.Event()
        self.ended: list[Life] = []
        self._chaos = chaos
        self._left = kill.place.n
        chaos.on_command = self._look

    def close(self) -> None:
        self._chaos.on_command = lambda *_: False

    def _look(self, process: Process, kind: str, moment: Moment) -> bool:
        place = self.kill.place
        if place.process not in (process.name, process.service):
            return False
        if (kind, moment) != (place.kind, place.moment):
            return False
        if self.sprung.is_set() or not process.lives:  # what is still on the way from the dead
            return False
        self._left -= 1
        if self._left:
            return False
        self.sprung.set()
        victim = process.name if self.kill.victim == process.service else self.kill.victim
        if self.kill.signal == "SIGTERM":
            self.ended = self._chaos.stop(victim)
            return False
        self.ended = self._chaos.kill(victim)
        # Whoever is well breaks no connection because Redis is gone.
        return victim != REDIS or not kind.startswith(("SMTP", "BOUNCE", "JOURNAL"))


async def learn(chaos: Chaos, form: Happening = "alert") -> Counts:
    """How many commands of which kind each service sends from a post to its last mail, by a round
    without a kill; with another form, from when it is asked for in the middle of the delivery."""
    round_ = await _before(chaos, form)
    chaos.counts.clear()
    round_ = await _play(chaos, round_, form)
    await complete(chaos, round_)
    counts = _by_service(chaos)
    found = await audit(chaos, round_)
    assert not found.wrong, found.wrong
    return {key: n for key, n in counts.items() if not key[1].startswith((*_CONNECTING, *_LOOKS))}


def _by_service(chaos: Chaos) -> Counts:
    found: Counter[tuple[str, str, Moment]] = Counter()
    for (process, kind, moment), count in chaos.counts.items():
        found[chaos.processes[process].service, kind, moment] += count
    return found


async def learn_recovery(chaos: Chaos, first: Kill, path: Counts) -> Counts:
    """Which kinds there are besides, once `first` has ended a process that then starts again."""
    trap = Trap(chaos, first)
    try:
        post = asyncio.create_task(chaos.post())
        await asyncio.wait_for(trap.sprung.wait(), timeout=LATE * 2)
        chaos.counts.clear()
        await complete(chaos, await post)
        await chaos.ready()
        counts = _by_service(chaos)
    finally:
        trap.close()
    return {
        (service, kind, moment): n
        for (service, kind, moment), n in counts.items()
        if service == first.victim
        and (service, kind, moment) not in path
        and kind not in _LOOKS
        and not kind.startswith("SCRIPT")  # a script is loaded once in the life of a Redis
    }


async def _before(chaos: Chaos, form: Happening) -> Round | None:
    """What a round begins with: for a change, an alert in the middle of its delivery; for mail that
    comes back, one that is delivered."""
    if form == "alert":
        return None
    if form == "return":
        round_ = await chaos.post()
        await complete(chaos, round_)
        return round_
    round_ = await chaos.post(slow=True)
    await chaos.reached(round_, IN_THE_MIDDLE)
    return round_


async def _play(chaos: Chaos, round_: Round | None, form: Happening) -> Round:
    if round_ is None:
        return await chaos.post()
    if form == "return":
        await come_back(chaos, round_)
        return round_
    await chaos.change(round_, form)
    return round_


async def one_round(
    chaos: Chaos, kills: Sequence[Kill], form: Happening = "alert"
) -> tuple[list[Kill], Findings]:
    """Post an alert, or change one in the middle of its delivery, kill once at each place of
    `kills` in their order, and see it complete; gives the kills that came about, and what the audit
    found."""
    done: list[Kill] = []
    found = Findings()
    before = await _before(chaos, form)
    balance = asyncio.create_task(watch_balance(chaos, found))
    trap = Trap(chaos, kills[0])
    play = asyncio.create_task(_play(chaos, before, form))
    over = asyncio.create_task(_over(chaos, play))
    try:
        for kill in kills:
            if kill is not kills[0]:
                trap = Trap(chaos, kill)
            sprung = asyncio.create_task(trap.sprung.wait())
            try:
                await asyncio.wait([sprung, over], return_when=asyncio.FIRST_COMPLETED)
                if not sprung.done():
                    await asyncio.wait([sprung], timeout=LATE)
            finally:
                await tasks.end([sprung])
                trap.close()
            if not trap.sprung.is_set():
                break
            done.append(kill)
        round_ = await over
        await chaos.ready()
        await complete(chaos, round_)
        found.add(await audit(chaos, round_))
        if form == "return":
            found.wrong += await wrong_in(chaos, round_)
    except AssertionError as error:
        found.wrong.append(f"never complete: {error}")
    finally:
        trap.close()
        await tasks.end([balance, over, play])
    found.wrong = sorted(set(found.wrong))
    return done, found


async def _over(chaos: Chaos, play: asyncio.Task[Round]) -> Round:
    round_ = await play
    await complete(chaos, round_)
    return round_


def places(counts: Counts) -> list[Place]:
    """One of each kind and moment: where notify is in the middle of its work, except what comes for
    many at once; where the others are at the first, since what the editor asks for again and again
    comes after it."""
    found = []
    for (process, kind, moment), count in sorted(counts.items(), key=lambda item: _order(item[0])):
        middle = process == "notify" and not kind.endswith(_BATCHED)
        n = (count + 1) // 2 if middle else 1
        found.append(Place(process, kind, moment, n))
    return found


def path_kills(counts: Counts) -> list[Kill]:
    """A kill at every command of the path, before and after; Redis and everything at once at each
    script and at the end of a mail; and SIGTERM to those who mail."""
    all_ = places(counts)
    kills = [Kill(place.process, place) for place in all_]
    kills += [Kill(victim, p) for victim in (REDIS, ALL) for p in all_ if _is_telling(p)]
    kills += [
        Kill(p.process, p, "SIGTERM")
        for p in all_
        if p.process == "notify" and p.moment == "before"
    ]
    return kills


def change_kills(counts: Counts, path: Counts) -> list[Kill]:
    """The same where an alert is changed: at each script that makes the change known and at what
    mails it, and at kinds that the way to a first mail does not have; and Redis and everything at
    once where the change is accepted, where it supersedes, and where it is mailed."""
    changed = [
        place
        for place in places(counts)
        if (place.process, place.kind, place.moment) not in path or _is_telling(place)
        if not place.kind.startswith(_ASIDE)
    ]
    deciding = [p for p in changed if p.kind.startswith((ACCEPTS, SUPERSEDES, "SMTP dot"))]
    kills = [Kill(place.process, place) for place in changed]
    return kills + [Kill(victim, p) for victim in (REDIS, ALL) for p in deciding]


def return_kills(counts: Counts, path: Counts) -> list[Kill]:
    """A kill at each command that only mail which comes back brings; and Redis, and SIGTERM, at
    each that is about it."""
    own = [
        place
        for place in places(counts)
        if place.process == "notify" and (place.process, place.kind, place.moment) not in path
        if not place.kind.startswith((*_ASIDE, "SCRIPT"))
    ]
    kills = [Kill(place.process, place) for place in own]
    about = [place for place in own if any(word in place.kind for word in _BOUNCES)]
    kills += [Kill(REDIS, place) for place in about]
    return kills + [Kill(p.process, p, "SIGTERM") for p in about if p.moment == "before"]


def first_kill(counts: Counts, service: str) -> Kill:
    """A kill that leaves a service something to make good: in the middle of what it does most."""
    own = [p for p in places(counts) if p.process == service and _is_telling(p)]
    most = max(own, key=lambda p: (p.kind.startswith("SMTP"), p.moment == "before", p.n))
    return Kill(service, most)


def _is_telling(place: Place) -> bool:
    return place.kind.startswith(("EVALSHA", "FCALL", "SMTP dot"))


def _order(key: tuple[str, str, Moment]) -> tuple[int, str, bool]:
    service, kind, moment = key
    return ("ingest", "render", "notify").index(service), kind, moment == "after"
