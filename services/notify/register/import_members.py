"""Flow: take up the members of a list, some at a time. Doing it twice changes nothing."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from redis.asyncio import Redis

from services.notify.members.addresses import identity
from services.notify.members.many import Known
from services.notify.members.member import Consent, Member
from services.notify.register.bring_back import take_in
from services.notify.register.judge import Judged, LineMeaning, Terms, judge
from services.notify.register.opened import CountsDone, Opened, opened
from services.notify.register.reading.columns import ListHead
from services.notify.register.reading.read_list import Batches, begun
from services.notify.register.reading.rows import Refused, Row
from services.notify.register.report import ImportReport
from services.notify.register.seen import Hashes, Numbers
from shared.settings import Settings

_TWICE = "adressen står to ganger i filen; den første linjen gjelder, fjern den andre"
_CHANGED = "ble endret av noen andre samtidig; prøv igjen"


def nothing(_done: int, _total: int) -> None:
    """Nobody is told of progress."""


@dataclass(frozen=True)
class ImportWish:
    """How a list is to be taken."""

    consent: str
    """The words that all in it agreed to."""
    consented_on: date | None = None
    """When all of them had agreed, at the latest."""
    list: str = ""
    """The list's name; empty if it has none."""
    staff: bool = False
    """They get exercises and tests too, also those who were members before."""
    update: bool = False
    """Members get the name and language of their line, but for a name that is empty there."""


async def import_members(
    redis: Redis,
    settings: Settings,
    source: Path | BinaryIO,
    *,
    consent: str,
    staff: bool = False,
    update: bool = False,
    progress: CountsDone = nothing,
) -> ImportReport:
    """As `import_list`, of what is wished most often."""
    wish = ImportWish(consent.strip(), staff=staff, update=update)
    return await import_list(redis, settings, source, wish, progress=progress)


async def import_list(
    redis: Redis,
    settings: Settings,
    source: Path | BinaryIO,
    wish: ImportWish,
    *,
    dry_run: bool = False,
    progress: CountsDone = nothing,
) -> ImportReport:
    """Make members of everybody in a list, or tell what would become of it: with `dry_run` nothing
    is stored.

    NotAMemberList if the file is no list, ValueError without a consent, JournalAway if the journal
    cannot be written, OSError if the file cannot be opened.
    """
    require_consent(wish)
    head, batches = await begun(source)
    async with opened(redis, settings, to_write=not dry_run) as here:
        reading = Intake(here, wish, head, is_dry=dry_run)
        await reading.read(batches, progress)
    return reading.report


def require_consent(wish: ImportWish) -> None:
    """ValueError if nobody says what the members agreed to."""
    if not wish.consent:
        raise ValueError("samtykket mangler: skriv teksten som medlemmene sa ja til")


@dataclass(frozen=True)
class Case:
    """A line, and what is known of whom it names."""

    row: Row
    known: Known | None
    judged: Judged

    @property
    def is_newcomer(self) -> bool:
        return self.judged.meaning in (LineMeaning.NEW, LineMeaning.BACK)

    @property
    def number(self) -> int:
        """The number that was found, 0 if none was."""
        return self.known.found.number if self.known else 0


class Intake:
    """Takes up one list, or tells what would become of it."""

    def __init__(self, here: Opened, wish: ImportWish, head: ListHead, *, is_dry: bool) -> None:
        self._here = here
        self._wish = wish
        self._consent = Consent(wish.consent)
        self._terms = Terms(
            self._consent.short, wish.consented_on, wish.list, here.lang, wish.update
        )
        self.report = ImportReport(is_dry=is_dry, head=head, lang=here.lang)
        self.present = Numbers()
        """The numbers of those who stand in the list, also on lines that were refused for something
        else than the address."""
        self.were_listed = 0
        """Members in the list who had come by it before."""
        self._named = Numbers()
        """The numbers of those whom a line that was not refused has named."""
        self._would_be_new = Hashes()

    async def read(self, batches: Batches, progress: CountsDone) -> None:
        """Take up all of it."""
        async for batch in batches:
            await self._take(batch.rows)
            progress(batch.done, batch.total)
        self.report.refused.sort()
        self.report.unreadable = sorted(self._here.many.unreadable)

    async def _take(self, batch: list[Row | Refused]) -> None:
        rows, lost = self._apart(batch)
        known = await self._here.many.look([row.email for row in lost])
        for number in (one.found.number for one in known if one):
            self.present.add(number)
        await self._change(await self._take_newcomers(rows))

    def _apart(self, batch: list[Row | Refused]) -> tuple[list[Row], list[Refused]]:
        """Rows with an address each of its own, and refused lines whose address can be read."""
        first: dict[str, Row] = {}
        for row in batch:
            if isinstance(row, Refused):
                self.report.refuse(row.line, row.reason)
            else:
                self.report.show(row)
                if first.setdefault(identity(row.email), row) is not row:
                    self.report.refuse(row.line, _TWICE)
        lost = [row for row in batch if isinstance(row, Refused) and row.email]
        return list(first.values()), lost

    async def _take_newcomers(self, rows: list[Row]) -> list[Case]:
        """Look each address up and add those that are new; all over again if another process took
        the numbers meanwhile. Gives what is known of the others."""
        while True:
            last = await self._here.members.last()
            known = await self._here.many.look([row.email for row in rows])
            cases = [
                Case(row, one, judge(row, one, self._terms))
                for row, one in zip(rows, known, strict=True)
                if not self._was_named(row, one)
            ]
            fresh = [case for case in cases if case.is_newcomer]
            if not fresh or self.report.is_dry or await self._add(fresh, last):
                break
        for line in {row.line for row in rows} - {case.row.line for case in cases}:
            self.report.refuse(line, _TWICE)
        for number, case in enumerate(fresh, last + 1):
            self.report.taken += case.judged.meaning is LineMeaning.NEW
            self.report.returned += case.judged.meaning is LineMeaning.BACK
            self._remember(case, None if self.report.is_dry else number)
        return [case for case in cases if not case.is_newcomer]

    async def _add(self, fresh: list["Case"], last: int) -> bool:
        """Give them the numbers from `last` + 1; false if another process has taken those."""
        await self._here.members.keep_consent(self._consent)
        entering = [(case.judged.member, case.known) for case in fresh if case.judged.member]
        return await take_in(self._here, entering, after=last, staff=self._wish.staff)

    async def _change(self, cases: list["Case"]) -> None:
        """Count members who are as their line says, and those who are not; give another record to
        those who are to have one."""
        changes: dict[int, tuple[bytes, Member]] = {}
        for case in cases:
            self._remember(case, None)
            assert case.known
            if case.judged.member and case.known.sealed:
                changes[case.known.found.number] = (case.known.sealed, case.judged.member)
        replaced = set(changes)
        if not self.report.is_dry:
            replaced = await self._here.members.replace(changes) if changes else set()
            await self._mark_staff(cases)
        for case in cases:
            meaning, words, number = case.judged.meaning, case.judged.words, case.number
            if meaning is LineMeaning.REFUSE:
                self.report.refuse(case.row.line, words)
            elif number in changes and number not in replaced:
                self.report.differ(case.row.line, _CHANGED)
            elif meaning is LineMeaning.DIFFER:
                self.report.differ(case.row.line, words)
            elif meaning is LineMeaning.CHANGE:
                self.report.updated += 1
            else:
                self.report.unchanged += 1

    async def _mark_staff(self, cases: list["Case"]) -> None:
        if self._wish.staff and (numbers := [case.number for case in cases]):
            await self._here.members.mark_staff(numbers)

    def _was_named(self, row: Row, known: Known | None) -> bool:
        """Whether a line above names the same person."""
        if known:
            return known.found.number in self._named
        if not self.report.is_dry:  # it has a number by now
            return False
        return self._here.members.index_of(row.email) in self._would_be_new

    def _remember(self, case: "Case", number: int | None) -> None:
        """A line has named somebody, who has this number now, or the one that was found."""
        self.were_listed += case.judged.was_listed
        if number or case.known:
            self._named.add(number or case.number)
            self.present.add(number or case.number)
        else:
            self._would_be_new.add(self._here.members.index_of(case.row.email))
