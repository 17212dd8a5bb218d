"""Flow: take up a list, then end those who came by it and are no longer in it; and undo that.

The list is read twice: first to know whom it would end, since nothing is stored if those are too
many; then to take it up. A sync that is broken off is gone on with by doing it again.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from redis.asyncio import Redis

from services.notify.members.many import Known
from services.notify.members.member import IMPORTED, Member
from services.notify.register.bring_back import bring_back, still_ended
from services.notify.register.import_members import ImportWish, Intake, require_consent
from services.notify.register.judge import lists_of, with_lists
from services.notify.register.opened import Opened, opened
from services.notify.register.reading.read_list import BATCH, begun
from services.notify.register.report import ImportReport, Sync
from services.notify.register.runs import Run, Runs
from services.notify.register.seen import Numbers
from shared.settings import Settings

T = TypeVar("T")

PhaseProgress = Callable[[str, int, int], None]
"""Told in Norwegian what is being done, how much of it is done, and how much there is to do."""


class TooMany(ValueError):
    """So many would be ended that their number has to be typed; nothing was stored."""

    def __init__(self, report: ImportReport) -> None:
        self.report = report
        sync = report.sync or Sync("")
        super().__init__(
            f"{sync.missing} av {sync.before} som kom med listen «{sync.list}», står ikke i filen, "
            "og ville bli avsluttet. Ingenting er endret. Er det riktig, så kjør kommandoen på "
            f"nytt med --end {sync.missing}."
        )


def no_progress(_phase: str, _done: int, _total: int) -> None:
    """Nobody is told of progress."""


async def sync_members(
    redis: Redis,
    settings: Settings,
    source: Path,
    wish: ImportWish,
    *,
    end: int | None = None,
    dry_run: bool = False,
    progress: PhaseProgress = no_progress,
) -> ImportReport:
    """Take up a list as `import_members` does, and end whoever came by it and is no longer in it.

    `end` is how many that must be. TooMany if it is another number, or not given if over
    UNASKED_PERCENT would be ended; then, and with `dry_run`, nothing is stored.
    """
    require_consent(wish)
    head, batches = await begun(source)
    async with opened(redis, settings, to_write=False) as here:
        looking = Intake(here, wish, head, is_dry=True)
        await looking.read(batches, lambda done, all_: progress("Leser listen", done, all_))
        runs = Runs(redis, here.vault)
        run = await runs.broken_off(wish.list, datetime.now(UTC))
        missing = await _missing(here, wish.list, looking.present, run, progress)
    report = looking.report
    report.sync = missing.told(wish.list)
    report.unreadable = sorted(here.many.unreadable)
    if not _may_end(report.sync, end) and not dry_run:
        raise TooMany(report)
    if dry_run:
        return report
    head, batches = await begun(source)
    async with opened(redis, settings, to_write=True) as here:
        reading = Intake(here, wish, head, is_dry=False)
        await reading.read(batches, lambda done, all_: progress("Tar inn medlemmer", done, all_))
        reading.report.sync, reading.report.unreadable = report.sync, report.unreadable
        run = run or Run(wish.list, datetime.now(UTC))
        report.sync.ended = await _end(here, run, missing, progress)
    return reading.report


async def undo_sync(
    redis: Redis, settings: Settings, name: str, *, progress: PhaseProgress = no_progress
) -> tuple[Run, int, list[int]]:
    """Bring back whom the list's newest sync ended, but for those who have left, come back or were
    erased since. Gives the sync, how many came back, and the numbers whose record is damaged.

    LookupError if none of the last UNDO_DAYS is there to be undone.
    """
    async with opened(redis, settings, to_write=True) as here:
        runs = Runs(redis, here.vault)
        run = await runs.to_undo(name, datetime.now(UTC))
        if run is None:
            raise LookupError(name)
        back, last = 0, await here.members.last()
        async for known in here.many.all_known(last):
            ended = [one for one in known.values() if _ended_in(run, one)]
            for some in _some(ended):
                back += await bring_back(here, some)
            progress("Tar medlemmer inn igjen", max(known), last)
        await runs.end(run, "undone")
    return run, back, sorted(here.many.unreadable)


@dataclass
class _Missing:
    """Members who came by a list and are no longer in it: numbers, eight bytes each."""

    to_end: "array[int]" = field(default_factory=lambda: array("Q"))
    to_keep: "array[int]" = field(default_factory=lambda: array("Q"))
    """Those who stay, since they have come in some other way too."""
    ended: int = 0
    """Those whom this sync had ended before it was broken off."""
    present: int = 0

    def told(self, name: str) -> Sync:
        missing = len(self.to_end) + self.ended
        before = missing + len(self.to_keep) + self.present
        return Sync(name, before, missing, len(self.to_keep))


async def _missing(
    here: Opened, name: str, present: Numbers, run: Run | None, progress: PhaseProgress
) -> _Missing:
    found, last = _Missing(), await here.members.last()
    async for known in here.many.all_known(last):
        ended = []
        for number, one in known.items():
            if run and _ended_in(run, one):
                ended.append(one)
            elif one.member and not one.found.left and name in lists_of(one.member):
                if number in present:
                    found.present += 1
                elif _is_only_of(one.member, name):
                    found.to_end.append(number)
                else:
                    found.to_keep.append(number)
        for some in _some(ended):
            still = await still_ended(here, some)
            found.ended += sum(one.found.number not in present for one in still)
        progress("Ser hvem som mangler", max(known), last)
    return found


def _is_only_of(member: Member, name: str) -> bool:
    """Whether a member came by this list and in no other way."""
    return member.how == IMPORTED and lists_of(member) == {name}


def _may_end(sync: Sync, end: int | None) -> bool:
    if end is not None:
        return end == sync.missing
    return not sync.are_many


async def _end(here: Opened, run: Run, missing: _Missing, progress: PhaseProgress) -> int:
    """End those who were seen to be missing, if they still came by the list alone; the others lose
    the list's name. Gives how many this sync has ended."""
    runs = Runs(here.redis, here.vault)
    if missing.to_end or missing.ended:
        await runs.keep(run)
    for some in _some(missing.to_keep):
        changes = {}
        for number, one in (await here.many.known(some)).items():
            if one.member and one.sealed:
                lists = lists_of(one.member) - {run.list}
                changes[number] = (one.sealed, with_lists(one.member, lists))
        await here.members.replace(changes)
    ended = missing.ended
    done, total = 0, len(missing.to_end)
    for some in _some(missing.to_end):
        still = {
            number: one.sealed
            for number, one in (await here.many.known(some)).items()
            if one.member and one.sealed and _is_only_of(one.member, run.list)
        }
        ended += await here.many.end(still, run.at)
        done += len(some)
        progress("Avslutter medlemmer", done, total)
    if missing.to_end or missing.ended:
        await runs.end(run, "done")
    return ended


def _ended_in(run: Run, known: Known) -> bool:
    return bool(known.left and known.left.by_list and known.left.at == run.at and known.member)


def _some(all_: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(all_)
    while found := [*islice(rest, BATCH)]:
        yield found
