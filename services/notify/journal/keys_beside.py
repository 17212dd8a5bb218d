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
from services.notify.vault.secret_key import secret_key
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
    secret, path = secret_key(settings), settings.journal_folder / FILE
    beside = await asyncio.to_thread(_read, path)
    mine = keys.opened(beside, secret)
    await keys.put(redis, beside)
    found = await keys.load(redis, secret)
    wrapped = await keys.wrapped(redis)
    if mine.items() - keys.opened(wrapped, secret).items():
        raise OtherJournal(settings.journal_folder)
    await keep_beside(redis, settings)
    return found


async def keep_beside(redis: Redis, settings: Settings) -> bool:
    """Whether the keys of Redis lie beside the journal, where they are put if they do not: false if
    the disk does not take them. redis-py's errors."""
    path, wrapped = settings.journal_folder / FILE, await keys.wrapped(redis)
    if await asyncio.to_thread(_read, path) == wrapped:
        return True
    return await asyncio.to_thread(_write, path, wrapped)


def _read(path: Path) -> dict[bytes, bytes]:
    """The wrapped keys by name; empty if there are none, or they cannot be read."""
    try:
        text = path.read_text()
    except OSError:
        return {}
    stored = cast("dict[str, str]", json.loads(text))
    return {name.encode(): base64.b64decode(value) for name, value in stored.items()}


def _write(path: Path, wrapped: dict[bytes, bytes]) -> bool:
    stored = {name.decode(): base64.b64encode(value).decode() for name, value in wrapped.items()}
    try:
        durable_file.write(path, f"{json.dumps(stored, sort_keys=True)}\n".encode(), mode=0o600)
    except OSError as error:
        log.get("notify").error("journal_not_written", cause=type(error).__name__)
        return False
    return True
