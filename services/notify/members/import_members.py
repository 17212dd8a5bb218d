"""Flow: take up the members of a list. Doing it twice changes nothing.

The list is read twice: first to know that all of it can be read, with nothing stored, then to take
its members, some hundred at a time.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TextIO

from redis.asyncio import Redis

from services.notify.members.addresses import identity
from services.notify.members.csv_list import (
    UNDECODED,
    NotAMemberList,
    Record,
    Refused,
    Row,
    judge,
    records,
    refuse_binary,
)
from services.notify.members.member import Member
from services.notify.members.store import Found, Members
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from shared.settings import Settings

BATCH = 500
"""Lines that are taken up at a time."""
_HEAD = 4096
"""Bytes by which a file that is no text is recognised."""
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
    """Lines that name somebody who is a member already."""
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Line and reason in Norwegian, in the order of the file; the first MOST_REASONS."""
    refused_count: int = 0

    def refuse(self, line: int, reason: str) -> None:
        """Count a line that was refused, and keep the reason if there is room."""
        self.refused_count += 1
        if len(self.refused) < MOST_REASONS:
            self.refused.append((line, reason))


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
    progress: Progress = lambda _read, _total: None,
) -> ImportReport:
    """Make members of everybody in a CSV file (see csv_list.py); all of them agreed to `consent`.

    With `staff` they get exercises and tests too, also those who were members before. `progress`
    hears of both readings, each as half of the file. NotAMemberList if the file is no list,
    ValueError without a consent, OSError if the file cannot be opened.
    """
    if not consent.strip():
        raise ValueError("samtykket mangler: skriv teksten som medlemmene sa ja til")
    report, seen = ImportReport(), _Seen()
    with _opened(source) as (file, start, total):
        refuse_binary(file.read(_HEAD))
        with _text(file, start) as text:
            for _ in _batches(text):
                progress(file.tell() // 2, total)
        found = await keys.load(redis, secret_key(settings))
        members = Members(redis, Vault(found.vault, found.index))
        with _text(file, start) as text:
            for batch in _batches(text):
                rows = [*map(judge, batch)]
                await _take(members, rows, consent.strip(), seen, report, staff=staff)
                progress((total + file.tell()) // 2, total)
    report.refused.sort()
    return report


@contextmanager
def _opened(source: Path | BinaryIO) -> Iterator[tuple[BinaryIO, int, int]]:
    """The file, and the places in it at which the list begins and ends."""
    if isinstance(source, Path):
        with source.open("rb") as file, _opened(file) as opened:
            yield opened
        return
    if not source.seekable():
        raise NotAMemberList("listen må leses to ganger; lagre den som en fil på disken først")
    start = source.tell()
    end = source.seek(0, io.SEEK_END)
    source.seek(start)
    yield source, start, end


@contextmanager
def _text(file: BinaryIO, start: int) -> Iterator[TextIO]:
    file.seek(start)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors=UNDECODED, newline="")
    try:
        yield text
    finally:
        text.detach()  # else the wrapper closes a file that is the caller's


def _batches(text: TextIO) -> Iterator[list[Record]]:
    read = records(text)
    while batch := list(islice(read, BATCH)):
        yield batch


async def _take(
    members: Members,
    batch: list[Row | Refused],
    consent: str,
    seen: _Seen,
    report: ImportReport,
    *,
    staff: bool,
) -> None:
    """Look each address up and add those that are new; all over again if another process added
    members meanwhile."""
    good = [row for row in batch if isinstance(row, Row)]
    for row in batch:
        if isinstance(row, Refused):
            report.refuse(row.line, row.reason)
    first: dict[str, Row] = {}
    for row in good:
        if first.setdefault(identity(row.email), row) is not row:
            report.refuse(row.line, _TWICE)
    while True:
        last = await members.last()
        unique = list(first.values())
        found = await members.find([row.email for row in unique])
        new = [row for row, known in zip(unique, found, strict=True) if known is None]
        if not new:
            break
        agreed = await members.keep_consent(consent)
        added = [Member(row.email, row.name, row.lang, agreed) for row in new]
        if await members.add(added, after=last, staff=staff):
            break
    if staff and (known := [member.number for member in found if member]):
        await members.mark_staff(known)
    report.taken += len(new)
    for number in range(last + 1, last + 1 + len(new)):
        seen.again(number)
    _report_known(unique, found, seen, report)


_TWICE = "adressen står to ganger i filen"
_LEFT = "har meldt seg av"


def _report_known(
    rows: list[Row], found: list[Found | None], seen: _Seen, report: ImportReport
) -> None:
    for row, known in zip(rows, found, strict=True):
        if known is None:
            continue
        if seen.again(known.number):
            report.refuse(row.line, _TWICE)
        elif known.left:
            report.refuse(row.line, _LEFT)
        else:
            report.unchanged += 1
