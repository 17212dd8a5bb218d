"""Flow: take a backup while the system works.

The order is what makes the copy whole. Redis first. The journal after it: whoever leaves stands in
the journal before they do in Redis, so the copy's journal has everybody who left by its Redis.
Pictures after it too: a picture's file is there before Redis knows of it, and none is removed.
"""

import asyncio
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared import newest_backup
from shared.bus import data_form
from shared.bus.failover import master_url
from shared.bus.users import BACKUP
from shared.settings import Settings
from varsel.backup.archive import Part, pack
from varsel.backup.contents import Contents, Manifest, examine
from varsel.backup.cut import take_cut
from varsel.backup.second_server import second_server
from varsel.run.embedded import redis_url

MANIFEST, CUT, SECRET = "manifest.json", "redis.rdb", "secret-key"
JOURNAL, ASSETS, THEME = "journal", "assets", "theme"
"""The parts' names: files, and folders of them."""

_WORK = ".varsel-backup-"
"""How the names of folders begin that have what is in the clear."""

Told = Callable[[str, int, int], None]
"""Hears a step's name, how many bytes are done, and of how many; 0 if nobody can know."""


@dataclass(frozen=True)
class TakenBackup:
    """A backup that was written."""

    manifest: Manifest
    sha256: str
    file: Path
    """Where it is."""


Doubted = Callable[[Contents], Path | None]
"""Where a copy with such contents is to be put beside the good ones; none if it is good."""


def _never(_: Contents) -> None:
    return None


class NoSecretKey(Exception):
    """The secret key is to be in the backup, and cannot be read here."""


async def take_backup(
    target: Path,
    settings: Settings,
    recipients: list[Any],
    *,
    with_key: bool,
    told: Told,
    doubted: Doubted = _never,
) -> TakenBackup:
    """Write a backup of the running system to the new file `target`, once it was loaded and looked
    at. One that is `doubted` goes where that says, and nobody is told that there is a new one.
    NoCut, CutUnreadable, DataRefused, CopyBroken, NoSecretKey, OSError or redis-py's errors: then
    there is no file."""
    secret = await asyncio.to_thread(_secret, settings) if with_key else b""
    with work_folder(settings) as work:
        made_at, cut = datetime.now(UTC), work / CUT
        url = await master_url(settings.redis_url or redis_url(settings.data, BACKUP))
        await asyncio.to_thread(take_cut, url, cut, _summing(told, "redis", 0))
        lines = await asyncio.to_thread(_journal, settings.journal_folder)
        pictures = await asyncio.to_thread(files_of, settings.assets_folder)
        theme = await asyncio.to_thread(files_of, settings.theme) if settings.theme else {}
        told("check", 0, 0)
        async with second_server(cut) as redis:
            await data_form.look(redis, is_copy=True)
            contents = await examine(redis, pictures)
        beside = await asyncio.to_thread(doubted, contents)
        manifest = Manifest(
            made_at=made_at,
            site=settings.site,
            has_secret_key=with_key,
            journal_lines=sum(one.count(b"\n") for one in lines.values()),
            contents=contents,
        )
        parts = [
            Part(MANIFEST, manifest.model_dump_json(indent=2).encode()),
            *([Part(SECRET, secret)] if with_key else []),
            Part(CUT, cut),
            *(Part(f"{JOURNAL}/{name}", data) for name, data in lines.items()),
            *(Part(f"{ASSETS}/{name}", path) for name, path in pictures.items()),
            *(Part(f"{THEME}/{name}", path) for name, path in theme.items()),
        ]
        whole = sum(part.size for part in parts)
        seal = _summing(told, "seal", whole)
        file = beside or target
        sha256 = await asyncio.to_thread(pack, file, recipients, parts, seal)
    if beside is None:
        await _tell(url, made_at)
    return TakenBackup(manifest, sha256, file)


async def _tell(url: str, made_at: datetime) -> None:
    """If Redis does not take it, the backup is as good, and it rings that there is none."""
    redis = Redis.from_url(url)
    with suppress(RedisError, OSError):
        await newest_backup.tell(redis, made_at)
    await redis.aclose()


@contextmanager
def work_folder(settings: Settings) -> Iterator[Path]:
    """A folder for what is in the clear meanwhile, gone at the end: beside what the embedded server
    has, if there is one, else among what is passing on this machine. What a killed process left
    there is removed too."""
    is_beside = not settings.redis_url and settings.data.is_dir()
    where = settings.data if is_beside else Path(tempfile.gettempdir())
    _remove_left(where)
    folder = Path(tempfile.mkdtemp(prefix=_WORK, dir=where))  # mode 0700
    descriptor = os.open(folder, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)  # it ends with the process
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _remove_left(where: Path) -> None:
    for folder in where.glob(f"{_WORK}*"):
        with suppress(OSError):  # somebody works in it, or it is another user's
            descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
            finally:
                os.close(descriptor)


def files_of(folder: Path) -> dict[str, Path]:
    """The files below `folder` by their paths from there, without those that are just written."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {str(path.relative_to(folder)): path for path in found if not path.name.startswith(".")}


def _journal(folder: Path) -> dict[str, bytes]:
    """The journal's files, each up to its last whole line, and notify's keys beside them."""
    found = {}
    for name, path in files_of(folder).items():
        data = path.read_bytes()
        found[name] = data[: data.rfind(b"\n") + 1]
    return found


def _secret(settings: Settings) -> bytes:
    if given := settings.secret_key.get_secret_value():
        return f"{given}\n".encode()
    try:
        return (settings.data / SECRET).read_bytes()
    except OSError:
        raise NoSecretKey from None


def _summing(told: Told, step: str, whole: int) -> Callable[[int], None]:
    done = 0

    def more(count: int) -> None:
        nonlocal done
        done += count
        told(step, done, whole)

    return more
