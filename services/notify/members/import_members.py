"""Flow: take up the members of a list, some hundred at a time. Doing it twice changes nothing."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TextIO

from redis.asyncio import Redis

from services.notify.members import csv_list
from services.notify.members.addresses import identity
from services.notify.members.csv_list import Refused, Row
from services.notify.members.list_text import (
    HEAD_BYTES,
    NotAMemberList,
    encoding_of,
    errors_of,
    lines,
)
from services.notify.members.member import Consent, Member
from services.notify.members.membership import Membership
from services.notify.members.opened import open_membership
from services.notify.members.store import Found, Members
from shared.settings import Settings

BATCH = 500
"""Lines that are taken up at a time."""
MOST_REASONS = 1000
"""Refusals that are kept; the others are counted only."""

Progress = Callable[[int, int], None]
"""Told how much is done, and how much there is to do; as much as the file has bytes."""


@dataclass
class ImportReport:
    """What became of the lines of a list."""

    taken: int = 0
    """New members."""
    unchanged: int = 0
    """Lines that name somebody who is a member already, with this name and language."""
    updated: int = 0
    """Members who got the name or language of their line."""
    differing_count: int = 0
    """Lines that name a member with another name or language, which was not taken."""
    differing: list[tuple[int, str]] = field(default_factory=list)
    """Line, and in Norwegian what differs, in the order of the file; the first MOST_REASONS."""
    refused_count: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Line and reason in Norwegian, in the order of the file; the first MOST_REASONS."""

    def refuse(self, line: int, reason: str) -> None:
        """Count a line that was refused, and keep the reason if there is room."""
        self.refused_count += 1
        if len(self.refused) < MOST_REASONS:
            self.refused.append((line, reason))

    def differ(self, line: int, what: str) -> None:
        """Count a line that says otherwise of a member, and keep what if there is room."""
        self.differing_count += 1
        if len(self.differing) < MOST_REASONS:
            self.differing.append((line, what))


class _Seen:
    """Which numbers came up in this file: a bit each, so that a long list fits in memory."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def again(self, number: int) -> bool:
        """Whether the number came up before; from now on it has."""
        place, bit = divmod(number, 8)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits)))
        before = bool(self._bits[place] & 1 << bit)
        self._bits[place] |= 1 << bit
        return before


async def import_members(
    redis: Redis,
    settings: Settings,
    source: Path | BinaryIO,
    *,
    consent: str,
    staff: bool = False,
    update: bool = False,
    progress: Progress = lambda _read, _total: None,
) -> ImportReport:
    """Make members of everybody in a CSV file (see csv_list.py); all of them agreed to `consent`.

    With `staff` they get exercises and tests too, also those who were members before. With `update`
    those who were get the name and language of their line, but for a name that is empty there.
    NotAMemberList if the file is no list, ValueError without a consent, OSError if the file cannot
    be opened.
    """
    if not consent.strip():
        raise ValueError("samtykket mangler: skriv teksten som medlemmene sa ja til")
    report, seen = ImportReport(), _Seen()
    with _opened(source) as (file, start, total), _text(file, start) as text:
        read = csv_list.members(lines(text))
        rows = [*islice(read, BATCH)]  # before anything is stored: it may be no list
        async with open_membership(redis, settings) as membership:
            while rows:
                first = await _take(membership, rows, consent.strip(), seen, report, staff=staff)
                await _compare(membership.members, first, report, update=update)
                progress(file.tell() - start, total)
                rows = [*islice(read, BATCH)]
    report.refused.sort()
    return report


@contextmanager
def _opened(source: Path | BinaryIO) -> Iterator[tuple[BinaryIO, int, int]]:
    """The file, the place in it at which the list begins, and the list's length in bytes."""
    if isinstance(source, Path):
        with source.open("rb") as file, _opened(file) as opened:
            yield opened
        return
    if not source.seekable():
        raise NotAMemberList("listen kan ikke leses herfra; lagre den som en fil på disken først")
    start = source.tell()
    end = source.seek(0, io.SEEK_END)
    yield source, start, end - start


@contextmanager
def _text(file: BinaryIO, start: int) -> Iterator[TextIO]:
    file.seek(start)
    encoding = encoding_of(file.read(HEAD_BYTES))
    file.seek(start)
    text = io.TextIOWrapper(file, encoding, errors_of(encoding), newline="")
    try:
        yield text
    finally:
        text.detach()  # else the wrapper closes a file that is the caller's


_Known = list[tuple[Row, Found]]
_TWICE = "adressen står to ganger i filen; den første linjen gjelder, fjern den andre"
_LEFT = "har meldt seg av; bare medlemmet selv kan melde seg på igjen"


async def _take(
    membership: Membership,
    batch: list[Row | Refused],
    consent: str,
    seen: _Seen,
    report: ImportReport,
    *,
    staff: bool,
) -> _Known:
    """Look each address up and add those that are new; all over again if another process added
    members meanwhile. Gives the lines of those who are members already."""
    first: dict[str, Row] = {}
    for row in batch:
        if isinstance(row, Refused):
            report.refuse(row.line, row.reason)
        elif first.setdefault(identity(row.email), row) is not row:
            report.refuse(row.line, _TWICE)
    unique, members = list(first.values()), membership.members
    while True:
        last = await members.last()
        found = await members.find([row.email for row in unique])
        new = [row for row, known in zip(unique, found, strict=True) if known is None]
        if not new:
            break
        agreed = await members.keep_consent(Consent(consent))
        added = [Member(row.email, row.name, row.lang, agreed) for row in new]
        if await membership.add(added, after=last, staff=staff):
            break
    if staff and (known := [member.number for member in found if member]):
        await members.mark_staff(known)
    report.taken += len(new)
    for number in range(last + 1, last + 1 + len(new)):
        seen.again(number)
    there = [(row, known) for row, known in zip(unique, found, strict=True) if known]
    return [one for one in there if _is_first(*one, seen, report)]


def _is_first(row: Row, known: Found, seen: _Seen, report: ImportReport) -> bool:
    """Whether a line names a member whom no line before it has named, and who has not left."""
    if seen.again(known.number):
        report.refuse(row.line, _TWICE)
    elif known.left:
        report.refuse(row.line, _LEFT)
    else:
        return True
    return False


async def _compare(members: Members, known: _Known, report: ImportReport, *, update: bool) -> None:
    """Count who is as their line says, and who is not; with `update` change those."""
    sealed = await members.records([found.number for _, found in known])
    changes: dict[int, tuple[bytes, Member]] = {}
    for row, found in known:
        if found.number not in sealed:
            report.refuse(row.line, _LEFT)
            continue
        before = members.open(found.number, sealed[found.number])
        after = before._replace(name=row.name or before.name, lang=row.lang)
        if after == before:
            report.unchanged += 1
        elif update:
            changes[found.number] = (sealed[found.number], after)
        else:
            report.differ(row.line, f"{_what_differs(before, after)}; ta det inn med --update")
    replaced = await members.replace(changes) if changes else set()
    report.updated += len(replaced)
    for row, found in known:
        if found.number in changes.keys() - replaced:
            report.differ(row.line, "ble endret av noen andre samtidig; prøv igjen")


def _what_differs(before: Member, after: Member) -> str:
    name, lang = after.name != before.name, after.lang != before.lang
    if name and lang:
        return "navnet og språket er nye"
    return "navnet er nytt" if name else "språket er nytt"
