"""A new secret takes the former one's place. Wherever the change is stopped, no key is lost."""

import asyncio

import pytest
from redis.asyncio import Redis

from services.notify.journal.keys_beside import FILE, load_keys, rewrap_keys
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_keys, write_secret_keys
from shared.settings import Settings
from tests.make import settings

OLD, NEW = "a former secret of many characters", "a new secret of as many characters"


def begun() -> Settings:
    mine = settings()
    write_secret_keys(mine, OLD)
    return mine


async def test_the_new_secret_opens_the_same_keys_and_the_former_one_none(redis: Redis) -> None:
    mine = begun()
    before = await load_keys(redis, mine)
    await rewrap_keys(redis, mine, NEW, OLD)
    write_secret_keys(mine, NEW)
    assert await load_keys(redis, mine) == before
    write_secret_keys(mine, OLD)
    with pytest.raises(keys.WrongSecretKey):
        await load_keys(redis, mine)


async def test_stopped_after_any_step_both_together_open_all_and_it_can_be_done_again(
    redis: Redis,
) -> None:
    mine = begun()
    before = await load_keys(redis, mine)
    beside = mine.journal_folder / FILE
    write_secret_keys(mine, NEW, OLD)
    assert await load_keys(redis, mine) == before, "the secret is written, and nothing is rewrapped"
    kept = beside.read_bytes()
    await keys.rewrap(redis, NEW, OLD)
    beside.write_bytes(kept)
    assert await load_keys(redis, mine) == before, "what is beside the journal is behind"
    beside.write_bytes(kept)
    await rewrap_keys(redis, mine, NEW, OLD)
    await rewrap_keys(redis, mine, NEW, OLD)
    assert beside.read_bytes() != kept
    write_secret_keys(mine, NEW)
    assert await load_keys(redis, mine) == before
    # A Redis that was emptied has them from beside the journal.
    await redis.flushall()
    assert await load_keys(redis, mine) == before


async def test_a_key_that_is_made_meanwhile_is_opened_too(redis: Redis) -> None:
    """As an upgrade makes one, by a process that started with the former secret."""
    await keys.load(redis, OLD)
    await redis.hdel(keys.KEYS, "returns")
    await keys.rewrap(redis, NEW, OLD)
    old = await keys.load(redis, OLD, NEW)
    with pytest.raises(keys.WrongSecretKey):
        await keys.load(redis, NEW)
    await keys.rewrap(redis, NEW, OLD)
    assert await keys.load(redis, NEW) == old


async def test_two_that_change_it_at_once_leave_keys_that_open(redis: Redis) -> None:
    before = await keys.load(redis, OLD)
    await asyncio.gather(*(keys.rewrap(redis, NEW, OLD) for _ in range(8)))
    assert await keys.load(redis, NEW) == before


async def test_a_wrong_secret_changes_nothing(redis: Redis) -> None:
    await keys.load(redis, OLD)
    stored = await redis.hgetall(keys.KEYS)
    with pytest.raises(keys.WrongSecretKey):
        await keys.rewrap(redis, NEW, "another secret of many characters")
    assert await redis.hgetall(keys.KEYS) == stored


def test_former_secrets_stand_under_the_new_one() -> None:
    mine = settings(secret_key=f"{NEW}\n{OLD}")
    assert secret_keys(mine) == [NEW, OLD]
    with pytest.raises(ValueError, match="32"):
        settings(secret_key=f"{NEW}\nshort")
