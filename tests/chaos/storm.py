"""Random kills, one after the other, while alerts are delivered."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.bus import tasks
from tests.chaos.audit import audit, complete, watch_balance
from tests.chaos.editor import PATIENCE, Round
from tests.chaos.kills import Counts, Kill, Place, Signal, Trap, learn
from tests.chaos.proxy import Moment
from tests.chaos.sink import Form, Life
from tests.chaos.system import ALL, REDIS, Chaos
from tests.chaos.versions import Findings

_PATIENT = 2.5
"""Seconds that a kill waits for its command; then it comes at whatever is going on."""
_ANY_TIME = "any time"
SERVICES = ("ingest", "render", "notify")
VICTIMS, WEIGHTS = (*SERVICES, REDIS, ALL), (12, 12, 50, 16, 10)

_C, _W = "correction", "withdrawal"
FATES: tuple[tuple[Form, ...], ...] = ((), (_C,), (_W,), (_C, _C), (_C, _W))
FATE_WEIGHTS = (55, 25, 12, 4, 4)
Changes = list[tuple[Form, float]]


@dataclass
class Line:
    kills: int = 0
    lost: int = 0
    most_twice: int = 0
    wrong: int = 0


@dataclass
class Report:
    lines: dict[tuple[str, str], Line] = field(default_factory=lambda: defaultdict(Line))
    """By victim and command."""
    found: Findings = field(default_factory=Findings)
    rounds: int = 0
    changed: int = 0
    """Corrections and withdrawals."""
    kills: int = 0
    ended: int = 0

    def table(self) -> str:
        """For people: a line for each victim and command, and the sums."""
        rows = ["| killed | at | kills | lost | twice (most per kill) | ledger |"]
        rows.append("|---|---|---|---|---|---|")
        for (victim, at), line in sorted(self.lines.items()):
            ledger = "ok" if not line.wrong else f"{line.wrong} wrong"
            rows.append(
                f"| {victim} | {at} | {line.kills} | {line.lost} | {line.most_twice} | {ledger} |"
            )
        rows.append(
            f"\n{self.kills} kills in {self.rounds} alerts with {self.changed} changes: "
            f"{self.found.mailed} mails taken, "
            f"{self.found.lost} lost, {self.found.twice.total()} twice "
            f"(at most {self.found.most_twice} for one kill of one worker), "
            f"at most {self.found.most_late} of an old version on their way from one worker, "
            f"{self.found.overtaken} of them overtaken; "
            f"{len(self.found.wrong)} findings"
        )
        if self.ended:
            rows.append(f"{self.ended} processes ended by themselves and were started again")
        return "\n".join(rows + [f"WRONG: {words}" for words in self.found.wrong])


@dataclass
class _Struck:
    line: tuple[str, str]
    lives: list[Life]


async def run(
    kills: int,
    *,
    seed: int,
    members: int = 1200,
    workers: int = 2,
    tell: Callable[[str], None] = lambda _: None,
) -> Report:
    """Kill so often, a few times in each delivery, and audit each."""
    with TemporaryDirectory(prefix="chaos-") as folder:
        async with Chaos(Path(folder), members=members, workers=workers) as chaos:
            await learn(chaos)  # the first loads the scripts
            counts = await learn(chaos)
            return await storm(chaos, counts, kills, random.Random(seed), tell=tell)


async def storm(
    chaos: Chaos,
    counts: Counts,
    kills: int,
    dice: random.Random,
    *,
    burst: tuple[int, int] = (2, 6),
    tell: Callable[[str], None] = lambda _: None,
) -> Report:
    """The same on a system that runs: `counts` is what `learn` gave, `burst` how many kills there
    are while some alerts are delivered."""
    report = Report()
    chaos.pause = lambda: dice.uniform(0.02, 0.7)
    while report.kills < kills and not report.found.wrong:
        struck, found, took = await _burst(
            chaos, counts, min(dice.randint(2, 6), kills - report.kills), dice
        )
        report.kills += len(struck)
        for strike in struck:
            line = report.lines[strike.line]
            line.kills += 1
            line.lost += found.lost
            line.wrong += bool(found.wrong)
            twice = max((found.twice[life] for life in strike.lives), default=0)
            line.most_twice = max(line.most_twice, twice)
        report.found.add(found)
        report.rounds, report.changed = chaos.rounds, chaos.changed
        report.ended = len(chaos.ended)
        tell(
            f"{report.kills} of {kills} kills, {chaos.rounds} alerts, {report.found.lost} lost, "
            f"{report.found.twice.total()} twice, {len(report.found.wrong)} findings; "
            f"complete {took:.0f} s after the last kill"
        )
    return report


async def _burst(
    chaos: Chaos, counts: Counts, kills: int, dice: random.Random
) -> tuple[list[_Struck], Findings, float]:
    """A few kills, most of them with a new alert; what became of the alerts, and the seconds that
    it took after the last kill."""
    found = Findings()
    balance = asyncio.create_task(watch_balance(chaos, found))
    rounds: list[asyncio.Task[Round]] = []
    struck: list[_Struck] = []
    last = time.monotonic()
    try:
        for _ in range(kills):
            if not rounds or dice.random() < 0.7:  # so that there is something to be interrupted
                rounds.append(asyncio.create_task(_alert(chaos, _changes(dice))))
            struck.append(await _strike(chaos, counts, dice))
            last = time.monotonic()
        for task in rounds:
            await _finish(chaos, await task, found)
    except AssertionError as error:
        found.wrong.append(f"never complete: {error}")
    finally:
        await tasks.end([balance, *(task for task in rounds if not task.done())])
        await asyncio.gather(*rounds, return_exceptions=True)
    if found.wrong:
        kept = f"after {[' '.join(s.line) for s in struck]}, logs in {chaos.keep_logs()}"
        found.wrong = [f"{words} ({kept})" for words in sorted(set(found.wrong))]
    return struck, found, time.monotonic() - last


def _changes(dice: random.Random) -> Changes:
    """What becomes of an alert: a third are corrected, some withdrawn, a few both."""
    forms = dice.choices(FATES, FATE_WEIGHTS)[0]
    return [(form, dice.uniform(0.02, 0.98)) for form in forms]


async def _alert(chaos: Chaos, changes: Changes) -> Round:
    """Post one, and change it once so many mails of it came, as a share of the members."""
    round_ = await chaos.post(slow=bool(changes))
    for n, (form, share) in enumerate(changes, start=1):
        await chaos.reached(round_, share)
        await chaos.change(round_, form, last=n == len(changes))
    return round_


async def _finish(chaos: Chaos, round_: Round, found: Findings) -> None:
    await complete(chaos, round_, timeout=PATIENCE * 2)
    await chaos.ready()
    found.add(await audit(chaos, round_))


async def _strike(chaos: Chaos, counts: Counts, dice: random.Random) -> _Struck:
    victim = dice.choices(VICTIMS, WEIGHTS)[0]
    is_service = victim not in (REDIS, ALL)
    signal: Signal = "SIGTERM" if is_service and dice.random() < 0.15 else "SIGKILL"
    name = victim + (" (SIGTERM)" if signal == "SIGTERM" else "")
    if dice.random() < 0.7:
        kind, moment, lives = await _at_a_command(chaos, counts, victim, signal, dice)
        if lives is not None:
            return _Struck((name, f"{moment} {kind}"), lives)
    else:
        await asyncio.sleep(dice.uniform(0.0, 1.5))
    one = dice.choice([p.name for p in chaos.processes.values() if p.service == victim] or [victim])
    return _Struck((name, _ANY_TIME), chaos.stop(one) if signal == "SIGTERM" else chaos.kill(one))


async def _at_a_command(
    chaos: Chaos, counts: Counts, victim: str, signal: Signal, dice: random.Random
) -> tuple[str, Moment, list[Life] | None]:
    """Where it was, and the lives that it ended: none where nothing came to that place."""
    sender = victim if victim not in (REDIS, ALL) else dice.choice(SERVICES)
    service, kind, moment = dice.choice(sorted(key for key in counts if key[0] == sender))
    place = Place(service, kind, moment, dice.randint(1, counts[service, kind, moment]))
    trap = Trap(chaos, Kill(victim, place, signal))
    try:
        async with asyncio.timeout(_PATIENT):
            await trap.sprung.wait()
        return kind, moment, trap.ended
    except TimeoutError:
        return kind, moment, None
    finally:
        trap.close()
