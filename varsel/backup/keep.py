"""Which backups of a folder are kept: 7 daily, 4 weekly and 12 monthly ones.

Of each day, week and month the newest counts, as restic's `--keep-daily` and its like do. So a copy
of a Redis that was emptied would take the day's good one's place, and within weeks that of all. It
is found by what the last copy held, which lies in the folder, and is kept beside.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from shared import durable_file
from varsel.backup.contents import Contents

BESIDE = "varsel-beside.age"
"""The file of a copy that takes nobody's place: the newest such one."""
_LAST = ".last-contents.json"
"""In the folder: what the newest copy that was taken for good held."""
DAILY, WEEKLY, MONTHLY = 7, 4, 12
_NAME = re.compile(r"varsel-(\d{4}-\d\d-\d\dT\d{6}Z)\.age")
_TIME = "%Y-%m-%dT%H%M%SZ"


def name_of(at: datetime) -> str:
    """The name of a backup that is taken `at` this moment."""
    return f"varsel-{at.astimezone(UTC).strftime(_TIME)}.age"


def time_of(name: str) -> datetime | None:
    """When the backup of this name was taken; none if it is no name of ours."""
    found = _NAME.fullmatch(name)
    return datetime.strptime(found[1], _TIME).replace(tzinfo=UTC) if found else None


def taken(folder: Path) -> dict[datetime, Path]:
    """The backups in the folder by when they were taken; what has another name is none of ours."""
    return {at: path for path in folder.iterdir() if (at := time_of(path.name))}


def kept(times: Iterable[datetime]) -> set[datetime]:
    """Those of the backups taken at these `times` that are kept; the newest always is."""
    newest_first = sorted(times, reverse=True)
    found: set[datetime] = set()
    for period, most in (("%Y-%j", DAILY), ("%G-%V", WEEKLY), ("%Y-%m", MONTHLY)):
        newest: dict[str, datetime] = {}
        for at in newest_first:
            newest.setdefault(at.strftime(period), at)
        found.update(list(newest.values())[:most])
    return found


def shrunken(before: Contents | None, now: Contents) -> str:
    """Why a copy with `now` is no later state of the system that the last copy held, in Norwegian;
    empty if it may be. The audit trail is only added to. Members may leave, and not most of them
    from one copy to the next. Pure."""
    if before is None:
        return ""
    for what, has, had, is_less in (
        ("oppføringer i revisjonssporet", now.trail, before.trail, now.trail < before.trail),
        ("medlemmer", now.members, before.members, now.members * 2 < before.members),
        ("saker", now.articles, before.articles, now.articles * 2 < before.articles),
    ):
        if is_less:
            return f"den har {has} {what}, og hadde {had}"
    return ""


def last_contents(folder: Path) -> Contents | None:
    """What the newest good copy in the folder held; none if nobody knows. OSError if it cannot be
    read."""
    try:
        return Contents.model_validate_json((folder / _LAST).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def note_contents(folder: Path, contents: Contents) -> None:
    """Note that the newest good copy holds this. OSError if the disk does not take it."""
    durable_file.write(folder / _LAST, contents.model_dump_json().encode(), mode=0o600)


def remove_old(folder: Path) -> list[Path]:
    """Remove those that are not kept, and their sums; gives which. OSError if one stays."""
    every = taken(folder)
    old = [every[at] for at in sorted(every.keys() - kept(every))]
    for path in old:
        path.unlink()
        path.with_name(f"{path.name}.sha256").unlink(missing_ok=True)
    return old
