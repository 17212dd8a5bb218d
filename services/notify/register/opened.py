"""The members as a register's commands have them."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from redis.asyncio import Redis

from services.notify.choices.store import Choices
from services.notify.identity import identity_of
from services.notify.members.many import ManyMembers
from services.notify.members.membership import Membership
from services.notify.members.opened import open_membership
from services.notify.members.store import Members
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_keys
from services.notify.vault.vault import Vault
from shared.article import Lang
from shared.settings import Settings

CountsDone = Callable[[int, int], None]
"""Told how much is done, and how much there is to do."""


@dataclass(frozen=True)
class Opened:
    """The members, to look at and perhaps to change."""

    redis: Redis
    vault: Vault
    members: Members
    many: ManyMembers
    choices: Choices
    lang: Lang
    """The site's, for new members of whom a list says none."""
    membership: Membership | None
    """None if nothing may be stored."""


@asynccontextmanager
async def opened(redis: Redis, settings: Settings, *, to_write: bool) -> AsyncIterator[Opened]:
    """The members with the keys of this system. If they are only looked at, not even keys are made.

    WrongSecretKey or OtherJournal if they cannot be read.
    """
    if not to_write:
        vault = await _vault(redis, settings)
        yield await _opened(redis, vault, Members(redis, vault), None)
        return
    async with open_membership(redis, settings) as membership:
        vault = await _vault(redis, settings)
        yield await _opened(redis, vault, membership.members, membership)


async def _opened(
    redis: Redis, vault: Vault, members: Members, membership: Membership | None
) -> Opened:
    many, choices = ManyMembers(redis, members), Choices(redis, vault)
    lang = (await identity_of(redis).newest()).language
    return Opened(redis, vault, members, many, choices, lang, membership)


async def _vault(redis: Redis, settings: Settings) -> Vault:
    if not await redis.exists(keys.KEYS):  # then nobody is a member
        return Vault(os.urandom(32), os.urandom(32))
    found = await keys.load(redis, *secret_keys(settings))
    return Vault(found.vault, found.index)
