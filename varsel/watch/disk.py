"""Pure: disks that fill, in words."""

from collections.abc import Iterator, Sequence

from shared.disk import Disk
from varsel.watch.text import size

_FOLDERS = {"redis": "databasen", "site": "nettstedet", "pictures": "bildene"}


def disk_lines(disks: Sequence[Disk]) -> list[tuple[str, Disk]]:
    """What is on each disk, in words, with the disk. Folders whose numbers are the same are on the
    same one, as far as can be told."""
    same: dict[tuple[int, int], list[Disk]] = {}
    for disk in disks:
        same.setdefault((disk.size, int(disk.share * 100)), []).append(disk)
    return [
        (_joined([_FOLDERS.get(one.folder, one.folder) for one in group]), min(group, key=_free))
        for group in same.values()
    ]


def disk_problems(disks: Sequence[Disk]) -> Iterator[tuple[str, str]]:
    """Disks that are low, and what to do, the fullest first."""
    for names, disk in sorted(disk_lines(disks), key=lambda line: line[1].share):
        if disk.is_low:
            yield (
                "disk_full" if disk.is_full else "disk_low",
                f"Disken med {names} har {room(disk)} ledig. "
                "Frigjør plass: er den full, stopper Redis, og ingenting tas imot.",
            )


def room(disk: Disk) -> str:
    """What is free, as `4,2 GB (8 %)`."""
    return f"{size(disk.free)} ({int(disk.share * 100)}\u00a0%)"


def _free(disk: Disk) -> int:
    return disk.free


def _joined(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} og {last}" if most else last
