"""Flow: put a backup back into an empty system, which is held from then on.

What is there already and may be newer stays: the journal, to which the copy's lines are added, the
site, and pictures.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from services.ingest.audit.entries import TrailAction, Verifier
from services.ingest.audit.trail import Trail
from services.ingest.people.store import OPERATOR
from services.notify.journal.entries import (
    EntryKind,
    JournalEntry,
    JournalState,
    state_of,
    unseal,
)
from services.notify.journal.files import JournalFile, read
from services.notify.journal.journal import Journal
from services.notify.journal.keys_beside import FILE, load_keys
from services.notify.members.store import LAST
from services.notify.vault.vault import Vault
from shared import durable_file
from shared.bus import connect, data_form
from shared.settings import Settings
from varsel.backup.check_backup import OpenedBackup, opened_backup
from varsel.backup.take_backup import ASSETS, JOURNAL, SECRET, THEME, Told, files_of
from varsel.restore import adjust
from varsel.restore.between import (
    Between,
    ended_since,
    newer_than,
    numbers_until,
    revisions_until,
)
from varsel.restore.shown import Shown, read_site
from varsel.run.embedded import EmbeddedServer


class NotEmpty(Exception):
    """There is data in the Redis that a backup is to be put into."""


class SecretMissing(Exception):
    """Neither the backup nor this machine has the secret key."""


async def put_back(file: Path, settings: Settings, opened_by: list[Any], told: Told) -> Between:
    """Put the backup `file` back; gives what happened since it was made, as far as it can be known.

    NotEmpty, SecretMissing, WrongSecretKey, OtherJournal, JournalAway, what `opened_backup` and
    EmbeddedServer.start raise, and redis-py's errors. Until the copy is found whole and opens with
    the secret, nothing is written; after that, what was begun is held.
    """
    async with (
        opened_backup(file, settings, opened_by, told) as backup,
        _target(settings) as target,
    ):
        if await adjust.has_any(target):
            raise NotEmpty
        told("put", 0, 0)
        _put_secret(backup, settings)
        is_lost = await asyncio.to_thread(_add_journal, backup, settings.journal_folder)
        shown = await asyncio.to_thread(read_site, settings.site_folder)
        await data_form.note(backup.redis)
        between = await _adjust(backup, settings, shown, is_lost=is_lost)
        await asyncio.to_thread(_put_files, backup.folder / ASSETS, settings.assets_folder)
        if settings.theme and not files_of(settings.theme):
            await asyncio.to_thread(_put_files, backup.folder / THEME, settings.theme)
        await adjust.copy_into(backup.redis, target)
    return between


@asynccontextmanager
async def _target(settings: Settings) -> AsyncIterator[Redis]:
    if settings.redis_url:
        async with connect(settings.redis_url) as redis:
            yield redis
        return
    server = EmbeddedServer(settings.data)
    await server.start()
    try:
        async with connect(server.url_for(OPERATOR)) as redis:
            yield redis
    finally:
        await server.stop()


def _put_secret(backup: OpenedBackup, settings: Settings) -> None:
    """See to it that the secret is where notify looks for it."""
    if settings.secret_key.get_secret_value() or (settings.data / SECRET).exists():
        return
    if not backup.manifest.has_secret_key:
        raise SecretMissing
    secret = (backup.folder / SECRET).read_bytes()
    durable_file.write(settings.data / SECRET, secret, mode=0o600, once=True)


def _add_journal(backup: OpenedBackup, folder: Path) -> bool:
    """Add the copy's lines to the journal that is here; gives whether that is lost: it has less
    than the copy, or nothing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    copied, here = read(backup.folder / JOURNAL)[0], set(read(folder)[0])
    missing = [line for line in copied if line not in here]
    if missing:
        file = JournalFile.take(folder)
        try:
            file.append(missing)
        finally:
            file.close()
    keys = backup.folder / JOURNAL / FILE
    if keys.exists():
        durable_file.write(folder / FILE, keys.read_bytes(), mode=0o600, once=True)
    return bool(missing) or not here


async def _adjust(
    backup: OpenedBackup, settings: Settings, shown: Shown, *, is_lost: bool
) -> Between:
    redis, made_at, now = backup.redis, backup.manifest.made_at, datetime.now(UTC)
    found = await load_keys(redis, settings)
    vault = Vault(found.vault, found.index)
    state = await asyncio.to_thread(_state, vault, settings.journal_folder)
    before = await asyncio.to_thread(_state, vault, backup.folder / JOURNAL)
    journal = Journal(settings.journal_folder, vault, redis)
    try:
        last = numbers_until(state, int(await redis.get(LAST) or 0), is_lost=is_lost)
        # notify passes over these at its start, and counts them as left.
        await journal.note(JournalEntry(EntryKind.NUMBERS, now, last))
        await adjust.hold_what_was_coming(redis, journal, state)
    finally:
        await journal.close()
    kept = await adjust.revisions(redis)
    until = revisions_until(kept, shown.revisions, state.deliveries, has_site=shown.is_there)
    await adjust.skip_revisions(redis, until)
    await adjust.doubt_ledgers(redis)
    await adjust.end_ways_in(redis)
    left, erased = ended_since(state, made_at)
    between = Between(
        made_at=made_at,
        restored_at=now,
        journal_is_lost=is_lost,
        has_site=shown.is_there,
        left=left,
        erased=erased,
        deliveries=tuple(sorted(state.deliveries - before.deliveries)),
        newer=newer_than(kept, shown.revisions),
        unknown=tuple(sorted(shown.revisions.keys() - kept.keys())),
        trail_is_older=bool(shown.root) and not await _has_root(redis, shown.root),
    )
    await redis.set(adjust.REPORT, between.model_dump_json())
    detail: dict[str, str | int] = {
        "made_at": made_at.isoformat(timespec="seconds"),
        "journal_lost": int(is_lost),
    }
    await Trail(redis).append([TrailAction(OPERATOR, "backup_put_back", detail=detail)])
    return between


def _state(vault: Vault, folder: Path) -> JournalState:
    """What the journal's lines say; those that do not open are passed over, as notify does."""
    entries = []
    for line in read(folder)[0]:
        try:
            entries.append(unseal(vault, line))
        except ValueError:
            continue
    return state_of(entries)


async def _has_root(redis: Redis, root: str) -> bool:
    trail = Trail(redis)
    verifier = Verifier(roots=[root])
    async for line in trail.read():
        verifier.take(line)
    return root not in verifier.missing


def _put_files(source: Path, folder: Path) -> None:
    """Files of the copy, unless there are some of that name."""
    for name, path in files_of(source).items():
        target = folder / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    if folder.exists():
        durable_file.flush(folder)
