"""Flow: write all members as a list that a spreadsheet opens and `varsel members import` takes."""

import csv
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TextIO

from redis.asyncio import Redis

from services.notify.members.member import Member
from services.notify.register.opened import CountsDone, opened
from services.notify.register.reading.rows import LOOKS_LIKE_FORMULA
from shared.settings import Settings

HEADER = ("E-post", "Navn", "Målform")
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*@[A-Za-z0-9.-]+")
"""What no spreadsheet takes for a formula, and no reader of lists for anything else."""


class WrittenList(NamedTuple):
    """What was written."""

    members: int
    unreadable: list[int]
    """Numbers whose record is damaged: they are not in the list."""


async def export_list(
    redis: Redis, settings: Settings, path: Path, progress: CountsDone = lambda _done, _all: None
) -> WrittenList:
    """Write everybody who is a member now to a new file that only its owner can read, as CSV, UTF-8
    with a byte order mark, `;` between the columns: what Excel opens in Norway.

    FileExistsError if there is such a file; of a file that cannot be written whole nothing is left.
    """
    with _new(path) as file:
        return await _write(redis, settings, file, progress)


@contextmanager
def _new(path: Path) -> Iterator[TextIO]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


async def _write(
    redis: Redis, settings: Settings, file: TextIO, progress: CountsDone
) -> WrittenList:
    written = 0
    into = csv.writer(file, delimiter=";", lineterminator="\r\n")
    into.writerow(HEADER)
    async with opened(redis, settings, to_write=False) as here:
        last = await here.members.last()
        async for known in here.many.all_known(last):
            rows = [
                cells(one.member) for one in known.values() if one.member and not one.found.left
            ]
            into.writerows(rows)
            written += len(rows)
            progress(max(known), last)
    return WrittenList(written, sorted(here.many.unreadable))


def cells(member: Member) -> tuple[str, str, str]:
    """A member's cells. None begins as a formula does (OWASP, «CSV injection»): an address that
    could is put in angle brackets, a name after an apostrophe. The reader of lists knows both."""
    email, name = member.email, member.name
    if not _PLAIN_ADDRESS.fullmatch(email):
        email = f"<{email}>"
    if LOOKS_LIKE_FORMULA.match(name):
        name = f"'{name}"
    return email, name, member.lang
