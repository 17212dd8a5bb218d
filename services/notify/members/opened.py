"""The members as a command works on them: with the system's keys and its journal."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from services.notify.journal.journal import Journal
from services.notify.journal.keys_beside import load_keys
from services.notify.members.membership import Membership, OnChange
from services.notify.vault.vault import Vault
from shared.settings import Settings


@asynccontextmanager
async def open_membership(
    redis: Redis,
    settings: Settings,
    on_change: Callable[[Redis, Vault], OnChange] = lambda _redis, _vault: OnChange(),
) -> AsyncIterator[Membership]:
    """The members of the system in `redis`; WrongSecretKey or OtherJournal if they cannot be read.
    Whoever undoes a leaving or erases needs notify's `on_change`."""
    found = await load_keys(redis, settings)
    vault = Vault(found.vault, found.index)
    journal = Journal(settings.journal_folder, vault, redis)
    try:
        yield Membership(redis, vault, journal, on_change(redis, vault))
    finally:
        await journal.close()
