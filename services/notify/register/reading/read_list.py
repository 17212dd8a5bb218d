"""A list of members, whatever it was written with, to batches of rows; here, or in a child process.

Nobody knows what a file holds before it is open. So the child reads it, which has no keys and a
memory that is bounded; and the rest of the work goes on meanwhile.
"""

import io
import stat
from collections.abc import AsyncIterator, Generator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from services.notify.register.reading import csv_list, workbook
from services.notify.register.reading.columns import ListHead
from services.notify.register.reading.list_text import (
    HEAD_BYTES,
    NotAMemberList,
    encoding_of,
    errors_of,
    lines,
)
from services.notify.register.reading.rows import Refused, Row, rows
from shared.child.children import ChildDied, Children, GaveUp

BATCH = 500
"""Rows that are taken up at a time."""
CHILD_MEMORY_MIB = 256
"""What reading may take: of a list of any length it takes some 20; a tag may be long."""
_PART_SECONDS = 300.0
"""How long the first rows may take to come, and any further five hundred."""
_NOT_A_FILE = "listen kan ikke leses herfra; lagre den som en fil på disken først"


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows."""

    rows: list[Row | Refused]
    done: int
    """How much of the list is read, in some unit."""
    total: int
    """How much there is, in the same."""


Batches = AsyncIterator[Batch]


async def begun(source: Path | BinaryIO) -> tuple[ListHead, Batches]:
    """How a list is understood, and its rows, some at a time.

    A file by its path is read in a child; one that is open was opened by us, and is read here.
    NotAMemberList if it is no list; OSError if it cannot be opened.
    """
    parts = _parts_of(source)
    head = await anext(parts)
    assert isinstance(head, ListHead)
    return head, cast("Batches", parts)


async def _parts_of(source: Path | BinaryIO) -> AsyncIterator[ListHead | Batch]:
    if not isinstance(source, Path):
        for part in _read(source):
            yield part
        return
    path = _regular(source)
    children = Children(__name__, most=1, memory_mib=CHILD_MEMORY_MIB)
    try:
        async for part in children.parts_apart(_PART_SECONDS, read, path):
            yield part
    except (ChildDied, GaveUp):
        raise NotAMemberList(workbook.TOO_LARGE) from None
    finally:
        await children.close()


def _regular(path: Path) -> Path:
    """The file itself, since the child has another /dev/stdin. NotAMemberList if it is a pipe."""
    file = path.resolve()
    if not file.exists() or not stat.S_ISREG(file.stat().st_mode):
        if path.exists():
            raise NotAMemberList(_NOT_A_FILE)
        raise FileNotFoundError(path)
    return file


def read(path: Path) -> Generator[ListHead | Batch, None, None]:
    """As `begun`, for the child."""
    with path.open("rb") as file:
        yield from _read(file)


def _read(file: BinaryIO) -> Generator[ListHead | Batch, None, None]:
    if not file.seekable():
        raise NotAMemberList(_NOT_A_FILE)
    start = file.tell()
    begins = file.read(HEAD_BYTES)
    file.seek(start)
    if begins.startswith(workbook.OLE):
        raise workbook.refuse_old(file)
    yield from _of_workbook(file) if begins.startswith(workbook.ZIP) else _of_text(file, begins)


def _of_workbook(file: BinaryIO) -> Generator[ListHead | Batch, None, None]:
    sheet = workbook.opened(file)
    yield sheet.head
    found = rows(sheet.records, sheet.head)
    done = 0
    while some := [*islice(found, BATCH)]:
        done = min(done + len(some), sheet.height)
        yield Batch(some, done, sheet.height)


def _of_text(file: BinaryIO, begins: bytes) -> Generator[ListHead | Batch, None, None]:
    start = file.tell()
    total = file.seek(0, io.SEEK_END) - start
    file.seek(start)
    encoding = encoding_of(begins)
    text = io.TextIOWrapper(file, encoding, errors_of(encoding), newline="")
    try:
        head, records = csv_list.opened(lines(text), encoding.removesuffix("-sig").upper())
        yield head
        found = rows(records, head)
        while some := [*islice(found, BATCH)]:
            yield Batch(some, file.tell() - start, total)
    finally:
        text.detach()  # else the wrapper closes a file that is the caller's
