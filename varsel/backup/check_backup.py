"""Flow: read a backup back, elsewhere or here, and see that all of it is there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from redis.asyncio import Redis

from shared.bus import data_form
from shared.settings import Settings
from varsel.backup.archive import BackupUnreadable, unpack
from varsel.backup.contents import CopyBroken, Manifest, examine
from varsel.backup.second_server import second_server
from varsel.backup.take_backup import ASSETS, CUT, MANIFEST, Told, files_of, work_folder


@dataclass(frozen=True)
class OpenedBackup:
    """A backup that was found whole, while it is open."""

    manifest: Manifest
    folder: Path
    """With its parts."""
    redis: Redis
    """A client of a server of our own that has its data; changing it changes no backup."""


@asynccontextmanager
async def opened_backup(
    file: Path, settings: Settings, opened_by: list[Any], told: Told
) -> AsyncIterator[OpenedBackup]:
    """The backup in `file`, looked through. BackupUnreadable, CutUnreadable, DataRefused,
    CopyBroken or OSError."""
    with work_folder(settings) as folder:
        done = 0

        def more(count: int) -> None:
            nonlocal done
            done += count
            told("open", done, 0)

        await asyncio.to_thread(unpack, file, opened_by, folder, more)
        try:
            manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
        except (OSError, ValidationError):
            raise BackupUnreadable(f"{file} er ingen sikkerhetskopi av dette Varsel") from None
        told("check", 0, 0)
        async with second_server(folder / CUT) as redis:
            await data_form.look(redis, is_copy=True)
            found = await examine(redis, files_of(folder / ASSETS))
            if found != manifest.contents:
                raise CopyBroken("kopien har ikke det som den sier at den har")
            yield OpenedBackup(manifest, folder, redis)


async def check_backup(
    file: Path, settings: Settings, opened_by: list[Any], told: Told
) -> Manifest:
    """What the backup says of itself, once all of it was found there; errors as above."""
    async with opened_backup(file, settings, opened_by, told) as backup:
        return backup.manifest
