import json
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.notify.journal.keys_beside import OtherJournal, load_keys
from services.notify.vault import keys
from services.notify.vault.keys import WrongSecretKey
from shared.settings import Settings
from tests.make import settings


@pytest.fixture
def mine() -> Settings:
    return settings(secret_key="en hemmelighet på minst 32 tegn, og vel så det")


def beside(mine: Settings) -> Path:
    return mine.journal_folder / "keys"


async def test_an_empty_redis_gets_the_keys_that_lie_beside_the_journal(
    redis: Redis, mine: Settings
) -> None:
    first = await load_keys(redis, mine)
    await redis.flushall()
    second = await load_keys(redis, mine)
    assert (first.vault, first.index, first.token) == (second.vault, second.index, second.token)
    assert await load_keys(redis, mine) == first


async def test_keys_lie_beside_the_journal_only_wrapped_and_for_their_owner(
    redis: Redis, mine: Settings
) -> None:
    found = await load_keys(redis, mine)
    content = beside(mine).read_bytes()
    for key in vars(found).values():
        assert key not in content
        assert key.hex().encode() not in content
    assert set(json.loads(content)) == set(vars(found))
    assert beside(mine).stat().st_mode & 0o077 == 0
    assert b"epoch" not in content


async def test_a_lost_copy_of_the_keys_is_made_again(redis: Redis, mine: Settings) -> None:
    found = await load_keys(redis, mine)
    beside(mine).unlink()
    assert await load_keys(redis, mine) == found
    assert beside(mine).exists()


async def test_the_journal_of_another_system_is_refused_and_changes_nothing(
    redis: Redis, mine: Settings
) -> None:
    await load_keys(redis, mine)
    await redis.flushall()
    begun = await keys.load(redis, mine.secret_key.get_secret_value())
    before = beside(mine).read_bytes()
    with pytest.raises(OtherJournal):
        await load_keys(redis, mine)
    assert await keys.load(redis, mine.secret_key.get_secret_value()) == begun
    assert beside(mine).read_bytes() == before


async def test_a_wrong_secret_opens_neither_and_puts_nothing_into_redis(
    redis: Redis, mine: Settings
) -> None:
    await load_keys(redis, mine)
    await redis.flushall()
    other = settings(secret_key="en annen hemmelighet, like lang som den", data=mine.data)
    with pytest.raises(WrongSecretKey):
        await load_keys(redis, other)
    assert not await redis.exists(keys.KEYS)


async def test_a_folder_that_cannot_be_used_keeps_nobody_from_starting(
    redis: Redis, mine: Settings
) -> None:
    mine.journal_folder.write_text("a file")
    found = await load_keys(redis, mine)
    assert await load_keys(redis, mine) == found
