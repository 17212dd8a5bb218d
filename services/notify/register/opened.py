"""The members as a register's commands have them."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from redis.asyncio import Redis

from services.notify.journal.journal import Journal
from services.notify.journal.keys_beside import load_keys
from services.notify.members.many import ManyMembers
from services.notify.members.membership import Membership
from services.notify.members.store import Members
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from shared.settings import Settings


@dataclass(frozen=True)
class Opened:
    """The members, to look at and perhaps to change."""

    vault: Vault
    members: Members
    many: ManyMembers
    membership: Membership | None
    """None if nothing may be stored."""


@asynccontextmanager
async def opened(redis: Redis, settings: Settings, *, to_write: bool) -> AsyncIterator[Opened]:
    """The members with the keys of this system. If they are only looked at, not even keys are made.

    WrongSecretKey if the secret is another one.
    """
    if not to_write and not await redis.exists(keys.KEYS):
        vault = Vault(os.urandom(32), os.urandom(32))  # nobody is a member
    elif to_write:
        found = await load_keys(redis, settings)
        vault = Vault(found.vault, found.index)
    else:
        found = await keys.load(redis, secret_key(settings))
        vault = Vault(found.vault, found.index)
    members = Members(redis, vault)
    many = ManyMembers(redis, members)
    if not to_write:
        yield Opened(vault, members, many, None)
        return
    journal = Journal(settings.journal_folder, vault)
    membership = Membership(redis, vault, journal)
    try:
        yield Opened(vault, members, many, membership)
    finally:
        await journal.close()
