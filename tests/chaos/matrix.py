"""Every (process, command kind, before and after) once, and the page that tells of it."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from tests.chaos.deeds.asking import ASKING_DEEDS
from tests.chaos.deeds.by_letter import LETTER_DEEDS
from tests.chaos.deeds.by_passkey import PASSKEY_DEEDS
from tests.chaos.deeds.deed import Deed, DeedKill, deed_kills, learn_deed, one_deed
from tests.chaos.deeds.into_journal import JOURNAL_DEEDS
from tests.chaos.deeds.newsroom import NEWSROOM_DEEDS
from tests.chaos.deeds.of_members import DEEDS as MEMBER_DEEDS
from tests.chaos.deeds.telling import NoticeDeed, TellingDeed
from tests.chaos.deeds.wish import WishDeed
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
from tests.chaos.versions import Findings

TRIES = 3
"""For a command that does not come in each round, as those of the bus's own looks."""
FORMS: tuple[Form, ...] = ("correction", "withdrawal")


DEEDS: tuple[Deed, ...] = (
    *(TellingDeed(), NoticeDeed(), WishDeed()),
    *NEWSROOM_DEEDS,
    *ASKING_DEEDS,
    *PASSKEY_DEEDS,
    *LETTER_DEEDS,
    *MEMBER_DEEDS,
    *JOURNAL_DEEDS,
)


@dataclass
class Row:
    kills: tuple[Kill, ...]
    came: bool
    found: Findings
    form: str = "alert"
    """What was done to the alert when it was killed; `alert`: it was posted. `letter`: nothing, a
    letter was asked for. The name of a deed: the same, and somebody did that."""
    made: str = field(default_factory=lambda: f"{datetime.now(UTC):%Y-%m-%d %H:%M}")

    def __str__(self) -> str:
        kill = self.kills[-1]
        victim = kill.victim + (" (SIGTERM)" if kill.signal == "SIGTERM" else "")
        kind = f"`{kill.place.kind}`"
        if kill.victim in (REDIS, ALL):
            kind = f"{kill.place.process}'s {kind}"
        when = kill.place.moment + (", started again" if len(self.kills) > 1 else "")
        if self.form != "alert":
            when += f", in {'an' if self.form[0] in 'aeiou' else 'a'} {self.form}"
        if not self.came:
            return f"| {victim} | {kind} | {when} | | | | | did not come | {self.made} |"
        ledger = "balanced" if not self.found.wrong else "see right"
        if self.form not in (*get_args(Form), "return"):
            ledger = ""
        verdict = "ok" if not self.found.wrong else "**" + "; ".join(self.found.wrong) + "**"
        twice = self.found.most_twice
        late = self.found.most_late
        return (
            f"| {victim} | {kind} | {when} | {twice} | {self.found.lost} | {late} | {ledger} "
            f"| {verdict} | {self.made} |"
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
            async for row in run_deeds(chaos, only):
                yield row


async def run_deeds(chaos: Chaos, only: str = "") -> AsyncIterator[Row]:
    """The rows of what people do beside alerts. Members leave by it, so it comes last."""
    for deed in DEEDS:
        await learn_deed(chaos, deed)  # the first loads the scripts
        for each in deed_kills(deed, await learn_deed(chaos, deed)):
            if re.search(only, str(Row((each.kill,), False, Findings(), deed.name))):
                yield await _deed_row(chaos, each)


async def _deed_row(chaos: Chaos, each: DeedKill) -> Row:
    found = Findings()
    for _ in range(TRIES):
        came, more = await one_deed(chaos, each)
        found.add(more)
        if came or found.wrong:
            return Row((each.kill,), came, found, each.deed.name)
    return Row((each.kill,), False, found, each.deed.name)


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


async def _row(chaos: Chaos, kills: tuple[Kill, ...], form: str) -> Row:
    happening: Happening = form  # type: ignore[assignment]  # rows of other forms are made apart
    found = Findings()
    for _ in range(TRIES):
        done, more = await one_round(chaos, kills, happening)
        found.add(more)
        if more.wrong:
            found.wrong.append(f"logs in {chaos.keep_logs()}")
        if len(done) == len(kills) or found.wrong:
            return Row(kills, len(done) == len(kills), found, form)
    return Row(kills, False, found, form)
