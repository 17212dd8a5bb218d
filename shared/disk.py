"""How much room is left where Redis, pages and pictures are written, before a disk is full.

A service looks at its folders' disks for its health and metrics. It also tells what it saw in its
own Redis key `{service}:disk`, for those who look at Redis alone: that goes after two minutes, so a
number is never older.
"""

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import Metric
from redis.asyncio import Redis

from shared.metrics import Value, gauge

LOW_SHARE = 0.10
"""Part of a disk that is free, from which on downwards it is worth a warning."""
FULL_SHARE = 0.03
"""The same, from which on it is as good as full: health is red."""
TELLERS = ("ingest", "render")
"""Services that have folders."""
_KEPT_SECONDS = 120


@dataclass(frozen=True)
class Disk:
    folder: str
    """What is written there: `redis`, `site` or `pictures`."""
    free: int
    """Bytes that this user may still write."""
    size: int
    """Bytes in all, without those that are kept for root."""

    @property
    def share(self) -> float:
        """The part of it that is free."""
        return self.free / self.size if self.size else 1.0

    @property
    def is_low(self) -> bool:
        return self.share <= LOW_SHARE

    @property
    def is_full(self) -> bool:
        return self.share <= FULL_SHARE

    @property
    def words(self) -> str:
        """For health and its like: what is free, and where."""
        return f"disk {self.folder} {int(self.share * 100)} % free"


def look(folders: Mapping[str, Path]) -> list[Disk]:
    """The disks of these folders, by what is written there. A folder that is not made yet will be
    on the disk of the one above it; one that cannot be looked at is left out."""
    found = []
    for name, folder in folders.items():
        there = next((path for path in (folder, *folder.absolute().parents) if path.exists()), None)
        with suppress(OSError):
            if there:
                seen = os.statvfs(there)
                used = seen.f_blocks - seen.f_bfree
                free = seen.f_bavail * seen.f_frsize
                found.append(Disk(name, free, free + used * seen.f_frsize))
    return found


def full(folders: Mapping[str, Path]) -> list[str]:
    """What is wrong: disks that are as good as full."""
    return [disk.words for disk in look(folders) if disk.is_full]


def low(folders: Mapping[str, Path]) -> list[str]:
    """What is worth a warning: disks that are low, and not yet as good as full."""
    return [disk.words for disk in look(folders) if disk.is_low and not disk.is_full]


def measure(folders_of: Mapping[str, Mapping[str, Path]]) -> list[Metric]:
    """Gauges of the disks of each service's folders."""
    free: list[Value] = []
    size: list[Value] = []
    for service, folders in folders_of.items():
        for disk in look(folders):
            free.append(((service, disk.folder), disk.free))
            size.append(((service, disk.folder), disk.size))
    labels = ("service", "folder")
    return [
        gauge("varsel_disk_free_bytes", "Room left on the disk of a folder", labels, free),
        gauge("varsel_disk_size_bytes", "Size of that disk, without root's part", labels, size),
    ]


def key(service: str) -> str:
    """Holds what the service saw last."""
    return f"{service}:disk"


async def tell(redis: Redis, service: str, folders: Mapping[str, Path]) -> None:
    """Note what the disks are like now. Raises redis-py's errors."""
    seen = json.dumps([[disk.folder, disk.free, disk.size] for disk in look(folders)])
    await redis.set(key(service), seen, ex=_KEPT_SECONDS)


def told(values: Iterable[bytes | None]) -> tuple[Disk, ...]:
    """The disks that services told of in these values of their keys."""
    return tuple(Disk(*one) for value in values if value for one in json.loads(value))
