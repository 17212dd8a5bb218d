"""Every (process, command kind, before and after) once, and the page that tells of it."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from tests.chaos.kills import (
    Counts,
    Kill,
    change_kills,
    first_kill,
    learn,
    learn_recovery,
    one_round,
    path_kills,
    places,
    return_kills,
)
from tests.chaos.letters import learn_letter, letter_kills, one_letter
from tests.chaos.sink import Form, Happening
from tests.chaos.system import ALL, REDIS, Chaos
from tests.chaos.versions import MOST_TWICE, Findings

TRIES = 3
"""For a command that does not come in each round, as those of the bus's own looks."""
FORMS: tuple[Form, ...] = ("correction", "withdrawal")
HEAD = "| killed | at | when | twice | lost | late | ledger | |\n|---|---|---|---|---|---|---|---|"


RowForm = Happening | Literal["letter"]


@dataclass
class Row:
    kills: tuple[Kill, ...]
    came: bool
    found: Findings
    form: RowForm = "alert"
    """What was done to the alert when it was killed; `alert`: it was posted. `letter`: nothing, a
    letter was asked for."""

    def __str__(self) -> str:
        kill = self.kills[-1]
        victim = kill.victim + (" (SIGTERM)" if kill.signal == "SIGTERM" else "")
        kind = f"`{kill.place.kind}`"
        if kill.victim in (REDIS, ALL):
            kind = f"{kill.place.process}'s {kind}"
        when = kill.place.moment + (", started again" if len(self.kills) > 1 else "")
        if self.form != "alert":
            when += f", in a {self.form}"
        if not self.came:
            return f"| {victim} | {kind} | {when} | | | | | did not come |"
        ledger = "balanced" if not self.found.wrong else "see right"
        if self.form == "letter":
            ledger = ""
        verdict = "ok" if not self.found.wrong else "**" + "; ".join(self.found.wrong) + "**"
        twice = self.found.most_twice
        late = self.found.most_late
        return (
            f"| {victim} | {kind} | {when} | {twice} | {self.found.lost} | {late} | {ledger} "
            f"| {verdict} |"
        )


async def run(*, members: int = 300, only: str = "") -> AsyncIterator[Row]:
    """Each row as it comes. `only` takes those in whose line this pattern is found."""
    with TemporaryDirectory(prefix="chaos-") as folder:
        async with Chaos(Path(folder), members=members) as chaos:
            await learn(chaos)  # the first loads the scripts
            path = await learn(chaos)
            for key, n in (await learn(chaos)).items():
                path[key] = min(path.get(key, n), n)
            kills: list[tuple[Kill, ...]] = [(kill,) for kill in path_kills(path)]
            changes = await _changes(chaos, path) + await _returns(chaos, path)
            for service in ("ingest", "render", "notify"):
                first = first_kill(path, service)
                more = await learn_recovery(chaos, first, path)
                kills += [(first, Kill(service, place)) for place in places(dict.fromkeys(more, 1))]
            rows = [Row(each, False, Findings()) for each in kills] + changes
            for row in rows:
                if re.search(only, str(row)):
                    yield await _row(chaos, row.kills, row.form)
            await learn_letter(chaos)  # the first loads the scripts
            for kill in letter_kills(await learn_letter(chaos)):
                if re.search(only, str(Row((kill,), False, Findings(), "letter"))):
                    yield await _letter_row(chaos, kill)


async def _changes(chaos: Chaos, path: Counts) -> list[Row]:
    """The rows in which the alert is corrected or withdrawn in the middle of its delivery."""
    rows = []
    for form in FORMS:
        await learn(chaos, form)  # the first loads the scripts
        once, again = await learn(chaos, form), await learn(chaos, form)
        counts = {key: min(n, again[key]) for key, n in once.items() if key in again}
        rows += [Row((kill,), False, Findings(), form) for kill in change_kills(counts, path)]
    return rows


async def _returns(chaos: Chaos, path: Counts) -> list[Row]:
    """The rows in which mail comes back."""
    await learn(chaos, "return")  # the first loads the scripts
    counts = await learn(chaos, "return")
    return [Row((kill,), False, Findings(), "return") for kill in return_kills(counts, path)]


async def _letter_row(chaos: Chaos, kill: Kill) -> Row:
    found = Findings()
    for _ in range(TRIES):
        came, more = await one_letter(chaos, kill)
        found.add(more)
        if came or found.wrong:
            return Row((kill,), came, found, "letter")
    return Row((kill,), False, found, "letter")


async def _row(chaos: Chaos, kills: tuple[Kill, ...], form: RowForm) -> Row:
    assert form != "letter"
    found = Findings()
    for _ in range(TRIES):
        done, more = await one_round(chaos, kills, form)
        found.add(more)
        if more.wrong:
            found.wrong.append(f"logs in {chaos.keep_logs()}")
        if len(done) == len(kills) or found.wrong:
            return Row(kills, len(done) == len(kills), found, form)
    return Row(kills, False, found, form)


PAGE = f"""# The crash matrix

What happens when a process is killed at a given command: for every process and every kind of
command from a posted alert to its last mail. `.venv/bin/python -m tests.chaos --matrix --write
docs/crash-matrix.md` makes this page, in about 40 minutes; `make chaos KILLS=200` kills at
random.

The real processes run as in containers, `varsel up ingest`, `render` and `notify`. Each has proxies
of its own in front of Redis and the relay, so nothing in the product knows of the tests. A proxy
tells each command as it comes, by name, script and stream, and each step of SMTP, also where
several come at once. For each line an alert was posted to {{members}} members, and a process was
killed with SIGKILL (or got SIGTERM, where that is said) when it came to that command: *before* the
command was passed on, or *after* it was done and before its reply was passed back; of reads that
wait for events those replies count that bring some. Of notify's commands it was the one in the
middle of their kind. *Started again*: it was killed in the middle of its work, started again, and
killed at that command of its new life. *In a correction*, *in a withdrawal*: the alert was
corrected or withdrawn when the relay had taken a third of its mails, and somebody was killed on the
way of that: at each kind of command that it brings besides, and at those that mail. *In a letter*:
a member asked for a letter, and somebody was killed at a command of its way. *In a return*:
the alert was delivered, and 40 of its mails came back. `redis` is
Redis alone; `all at once` is every process and
Redis.

What was killed was started again with the same settings. When the editor's receipt said that the
delivery was complete, this was looked at from outside, and has to be so in each line:
- Each member got the mail: *lost* is 0 (promises G1 and G7).
- At most {MOST_TWICE} mails came twice for a worker that was killed, none for one that was not or
  that got SIGTERM; each with the same Message-ID (G7). *Twice* is how many did.
- The ledger's counters add up to the audience and agree with its bytes, also on the way, in ten
  looks a second (G6). There is one delivery, of a changed alert two; each is complete, no event is
  pending, and there is no dead letter.
- After a correction each member got the newest version, and nobody the old one only; after a
  withdrawal everyone whom the alert may have reached was told of it, and nobody else. It says so to
  those who had got the alert, in the thread of their own first mail (G9).
- A letter that was accepted was sent: at most twice, and then with the same Message-ID.
- Each mail that came back is counted once, in the ledger's bytes and in its sums, and is read by
  nobody any more.
- Once the delivery of the old version was superseded, each worker had at most {MOST_TWICE} mails of
  it on their way. *Late* is how many came.
"""


def page(rows: list[Row], members: int) -> str:
    """docs/crash-matrix.md."""
    came = [row for row in rows if row.came]
    wrong = sum(bool(row.found.wrong) for row in rows)
    sums = (
        f"{len(rows)} places, {sum(len(row.kills) for row in came)} kills, "
        f"{sum(row.found.lost for row in came)} mails lost, at most "
        f"{max((row.found.most_twice for row in came), default=0)} twice for one kill, at most "
        f"{max((row.found.most_late for row in came), default=0)} late from one worker; "
        f"{wrong} lines with something wrong."
    )
    return PAGE.format(members=members) + f"\n{sums}\n\n{HEAD}\n" + "".join(f"{r}\n" for r in rows)
