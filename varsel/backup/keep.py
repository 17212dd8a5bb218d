"""Which backups of a folder are kept: 7 daily, 4 weekly and 12 monthly ones.

Of each day, week and month the newest counts, as restic's `--keep-daily` and its like do.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

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


def remove_old(folder: Path) -> list[Path]:
    """Remove those that are not kept, and their sums; gives which. OSError if one stays."""
    every = taken(folder)
    old = [every[at] for at in sorted(every.keys() - kept(every))]
    for path in old:
        path.unlink()
        path.with_name(f"{path.name}.sha256").unlink(missing_ok=True)
    return old
