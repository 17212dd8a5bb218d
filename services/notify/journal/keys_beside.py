"""Flow: load notify's keys, and keep a copy of them beside the journal.

Without them nobody could say whom a line of the journal speaks of, and no link in an old mail would
open. So they must outlive Redis as the journal does. Like those in Redis they are wrapped by the
secret.
"""

import asyncio
import base64
import json
from pathlib import Path
from typing import cast

from redis.asyncio import Redis

from services.notify.vault import keys
from services.notify.vault.keys import Keys
from services.notify.vault.secret_key import secret_keys
from shared import durable_file, log
from shared.settings import Settings

FILE = "keys"


class OtherJournal(Exception):
    """The journal is of another system than the data in Redis."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The journal in {folder} was written with other keys than the data in Redis. Set "
            "VARSEL_JOURNAL to the journal of this system, or bring back the Redis that belongs "
            "to it."
        )


async def load_keys(redis: Redis, settings: Settings) -> Keys:
    """notify's keys: those in Redis; in a Redis that has none those beside the journal; else new
    ones. From now on they are in both, if the disk takes them: see `keep_beside`.

    WrongSecretKey if the secret does not open them, OtherJournal if the two differ.
    """
    secrets, path = secret_keys(settings), settings.journal_folder / FILE
    beside = await asyncio.to_thread(_read, path)
    mine = keys.opened(beside, *secrets)
    await keys.put(redis, beside)
    found = await keys.load(redis, *secrets)
    wrapped = await keys.wrapped(redis)
    if mine.items() - keys.opened(wrapped, *secrets).items():
        raise OtherJournal(settings.journal_folder)
    await keep_beside(redis, settings)
    return found


async def keep_beside(redis: Redis, settings: Settings) -> bool:
    """Whether the keys of Redis lie beside the journal. They are put there if they do not: false if
    the disk does not take them. redis-py's errors."""
    path, wrapped = settings.journal_folder / FILE, await keys.wrapped(redis)
    if await asyncio.to_thread(_read, path) == wrapped:
        return True
    return await asyncio.to_thread(_write, path, wrapped)


async def rewrap_keys(redis: Redis, settings: Settings, *secrets: str) -> None:
    """The first of `secrets` opens the keys from now on, in Redis and beside the journal. What is
    there must be opened by them: WrongSecretKey, OtherJournal, as `load_keys`. OSError if the
    folder takes no file: nothing is lost then as long as the former secrets are known.
    """
    path = settings.journal_folder / FILE
    beside = keys.opened(await asyncio.to_thread(_read, path), *secrets)
    wrapped = await keys.wrapped(redis)
    if beside.items() - keys.opened(wrapped, *secrets).items():
        raise OtherJournal(settings.journal_folder)
    await keys.rewrap(redis, *secrets)
    await asyncio.to_thread(_put, path, await keys.wrapped(redis))


def _read(path: Path) -> dict[bytes, bytes]:
    """The wrapped keys by name; empty if there are none, or they cannot be read."""
    try:
        text = path.read_text()
    except OSError:
        return {}
    stored = cast("dict[str, str]", json.loads(text))
    return {name.encode(): base64.b64decode(value) for name, value in stored.items()}


def _write(path: Path, wrapped: dict[bytes, bytes]) -> bool:
    try:
        _put(path, wrapped)
    except OSError as error:
        log.get("notify").error("journal_not_written", cause=type(error).__name__)
        return False
    return True


def _put(path: Path, wrapped: dict[bytes, bytes]) -> None:
    stored = {name.decode(): base64.b64encode(value).decode() for name, value in wrapped.items()}
    durable_file.write(path, f"{json.dumps(stored, sort_keys=True)}\n".encode(), mode=0o600)
