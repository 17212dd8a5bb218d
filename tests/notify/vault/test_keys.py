import asyncio
import os
import stat
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from tests.make import settings


async def test_two_processes_that_start_together_agree_on_the_keys(redis: Redis) -> None:
    first, *others = await asyncio.gather(*(keys.load(redis, "a secret") for _ in range(8)))
    assert all(other == first for other in others)
    assert await keys.load(redis, "a secret") == first
    assert len({first.vault, first.index, first.token, first.marks}) == 4


async def test_keys_are_not_in_redis_in_the_clear(redis: Redis) -> None:
    found = await keys.load(redis, "a secret")
    stored = b"".join((await redis.hgetall(keys.KEYS)).values())
    assert not any(key in stored for key in (found.vault, found.index, found.token, found.marks))
    assert found.vault.hex() not in repr(found)


async def test_a_wrong_secret_is_a_clear_error(redis: Redis) -> None:
    await keys.load(redis, "a secret")
    with pytest.raises(keys.WrongSecretKey, match="VARSEL_SECRET_KEY"):
        await keys.load(redis, "another")


async def test_a_system_from_before_the_marks_key_gets_it_and_keeps_its_others(
    redis: Redis,
) -> None:
    before = await keys.load(redis, "a secret")
    await redis.hdel(keys.KEYS, "marks")
    with pytest.raises(keys.WrongSecretKey):  # and it leaves nothing behind
        await keys.load(redis, "another")
    after = await keys.load(redis, "a secret")
    assert (after.vault, after.index, after.token) == (before.vault, before.index, before.token)
    assert await keys.load(redis, "a secret") == after


async def test_keys_cannot_be_swapped(redis: Redis) -> None:
    await keys.load(redis, "a secret")
    await redis.hset(keys.KEYS, "token", await redis.hget(keys.KEYS, "vault"))
    with pytest.raises(keys.WrongSecretKey):
        await keys.load(redis, "a secret")


def test_a_secret_is_made_once_and_only_its_owner_can_read_it() -> None:
    mine = settings()
    made = secret_key(mine)
    assert len(made) >= 40
    assert secret_key(mine) == made
    assert stat.S_IMODE((mine.data / "secret-key").stat().st_mode) == 0o600
    assert [file.name for file in mine.data.iterdir()] == ["secret-key"]


def test_g1_a_secret_that_was_made_survives_a_power_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it nobody can read the members any more."""
    synced: list[Path] = []
    sync = os.fsync

    def note(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    mine = settings()
    secret_key(mine)
    content, folder = synced
    assert content.parent == folder == mine.data.resolve()


def test_a_secret_that_is_set_is_used_and_nothing_is_written() -> None:
    mine = settings(secret_key="a secret of more than 32 characters")
    assert secret_key(mine) == "a secret of more than 32 characters"
    assert not list(mine.data.iterdir())
