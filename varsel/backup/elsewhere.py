"""The backups of a folder in another place too: restic carries them (S3, SFTP, another disk …).

Where to, and with which password, restic's own variables say: RESTIC_REPOSITORY, RESTIC_PASSWORD
and their like with _FILE. Each backup is a snapshot of its own, so the other place keeps those that
the folder does, and keeps them also if the folder is emptied.
"""

import json
import os
import subprocess
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath

from varsel.backup.keep import kept, name_of, taken, time_of

TAG = "varsel"
_RESTIC = ("restic", "--quiet", "--json")
_LONGEST = 300
"""Signs of what restic said."""


class NotElsewhere(Exception):
    """restic could not do it; the message has its words."""


@dataclass(frozen=True)
class Elsewhere:
    """What was done in the other place: names of backups, the oldest first."""

    sent: list[str]
    removed: list[str]
    there: list[str]
    """All that are there now."""


def decide(
    here: Collection[datetime], there: Collection[datetime]
) -> tuple[list[datetime], list[datetime]]:
    """Of the backups taken at these times: which are to be sent, and which to be removed there."""
    wanted = kept({*here, *there})
    return sorted((wanted & {*here}) - {*there}), sorted({*there} - wanted)


def put_elsewhere(folder: Path) -> Elsewhere:
    """Send what is missing there, and then remove what is old there. Makes the repository if there
    is none. Blocks; NotElsewhere, and what was sent before that stays."""
    _place()
    here, there = taken(folder), _there()
    send, remove = decide(here.keys(), there.keys())
    for at in send:
        path = here[at]
        beside = path.with_name(f"{path.name}.sha256")
        _restic(
            *("backup", "--tag", TAG, "--host", TAG, "--time", f"{at:%Y-%m-%d %H:%M:%S}"),
            *map(str, (path, beside) if beside.exists() else (path,)),
        )
    if remove:
        _restic("unlock")  # what a process left there that was killed; none that lives
        _restic("forget", "--prune", *(one for at in remove for one in there[at]))
    now = sorted({*there, *send} - {*remove})
    return Elsewhere(*(list(map(name_of, times)) for times in (send, remove, now)))


def _place() -> None:
    """NotElsewhere if there is no name of a repository: to restic an empty one is a folder."""
    try:
        file = os.environ.get("RESTIC_REPOSITORY_FILE")
        said = Path(file).read_text() if file else os.environ.get("RESTIC_REPOSITORY", "")
    except OSError as error:
        raise NotElsewhere(f"RESTIC_REPOSITORY_FILE: {error.strerror}") from None
    if not said.strip():
        raise NotElsewhere("RESTIC_REPOSITORY sier ikke hvor")


def _there() -> Mapping[datetime, list[str]]:
    """Ids of snapshots by when their backup was taken. One that was sent twice has two."""
    ask = ("snapshots", "--tag", TAG)
    try:
        listed = _restic(*ask)
    except NotElsewhere as why:
        try:
            _restic("init")
        except NotElsewhere:
            raise why from None  # it is there, or cannot be reached
        listed = _restic(*ask)
    found: dict[datetime, list[str]] = {}
    for snapshot in json.loads(listed) or []:
        for path in snapshot["paths"]:
            if at := time_of(PurePath(path).name):
                found.setdefault(at, []).append(snapshot["id"])
    return found


def _restic(*arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - no shell
            [*_RESTIC, *arguments],
            env=os.environ | {"TZ": "UTC"},  # --time is by it
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise NotElsewhere("det finnes ingen «restic» på denne maskinen; installer den") from None
    if done.returncode != 0:
        words = " ".join((done.stderr or done.stdout).split())[:_LONGEST]
        raise NotElsewhere(f"restic {arguments[0]}: {words}")
    return done.stdout
