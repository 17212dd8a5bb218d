"""Flow: take up the members of a list. Doing it twice changes nothing."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from redis.asyncio import Redis

from services.notify import keys
from services.notify.addresses import identity
from services.notify.member_list import Refused, Row, rows
from services.notify.members import Found, Members, keep_consent
from services.notify.secret_key import secret_key
from services.notify.vault import Member, Vault
from shared.settings import Settings

BATCH = 500
MOST_REASONS = 1000

Progress = Callable[[int, int], None]
"""Told bytes read, and bytes in all."""


@dataclass
class ImportReport:
    taken: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Line and reason, in the order of the file; the first thousand."""
    refused_count: int = 0

    def refuse(self, line: int, reason: str) -> None:
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
    progress: Progress = lambda _read, _total: None,
) -> ImportReport:
    """Make members of everybody in a CSV file (see member_list.py) who agreed to `consent`.

    NotAMemberList where the file cannot be read to its end: the batches before are taken. OSError
    where it cannot be opened. ValueError without a consent.
    """
    if not consent.strip():
        raise ValueError("samtykket mangler: skriv teksten som medlemmene sa ja til")
    found = await keys.load(redis, secret_key(settings))
    members = Members(redis, Vault(found.vault, found.index))
    short = await keep_consent(redis, consent.strip())
    report, seen = ImportReport(), _Seen()
    with _opened(source) as (file, total):
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        read = rows(text)
        try:
            while batch := list(islice(read, BATCH)):
                await _take(members, batch, short, seen, report)
                progress(file.tell(), total)
        finally:
            text.detach()  # else the wrapper closes a file that is the caller's
    report.refused.sort()
    return report


@contextmanager
def _opened(source: Path | BinaryIO) -> Iterator[tuple[BinaryIO, int]]:
    if not isinstance(source, Path):
        start = source.tell()
        total = source.seek(0, io.SEEK_END)
        source.seek(start)
        yield source, total
        return
    with source.open("rb") as file:
        yield file, source.stat().st_size


async def _take(
    members: Members, batch: list[Row | Refused], consent: str, seen: _Seen, report: ImportReport
) -> None:
    """Look each address up, decide, and add who is new; again if somebody else added meanwhile."""
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
        added = [Member(row.email, row.name, row.lang, consent) for row in new]
        if not added or await members.add(added, after=last):
            break
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
