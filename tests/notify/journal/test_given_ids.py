"""No id of a delivery or a post is given twice, also by a Redis that was put back."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.notify.journal.entries import JournalState
from services.notify.journal.given_ids import GivenIds
from services.notify.journal.journal import Journal
from services.notify.ledger.control import control
from services.notify.posting.plan import POSTS
from tests.notify.members.people import VAULT
from tests.notify.revisions import corrected, original
from tests.notify.system import System, running, system
from tests.server import free_port

SECRET = f"whsec_{base64.b64encode(bytes(32)).decode()}"


@pytest.fixture
async def followed(redis: Redis, redis_url: str) -> AsyncIterator[System]:
    """Around notify, with a follower who does not answer."""
    hooks = [{"url": f"http://127.0.0.1:{free_port()}/", "secret": SECRET}]
    async with system(redis, redis_url, webhooks=hooks) as around:
        yield around


async def copy_of(redis: Redis) -> dict[bytes, bytes]:
    return {key: await redis.dump(key) or b"" async for key in redis.scan_iter()}


async def put_back(redis: Redis, copy: dict[bytes, bytes]) -> None:
    await redis.flushall()
    for key, value in copy.items():
        await redis.restore(key, 0, value)


async def test_an_alert_that_a_lost_redis_had_mailed_waits_for_a_person(followed: System) -> None:
    redis = followed.redis
    await followed.join("kari@example.org")
    async with running(followed):
        pass
    before = await copy_of(redis)
    async with running(followed):
        await followed.publish(original)
        await followed.delivery()
        (post,) = await redis.hkeys(POSTS)
    await put_back(redis, before)
    async with running(followed):
        await followed.publish(original)
        delivery = await followed.delivery("paused")
        assert delivery["cause"] == "stale"
        assert await redis.hkeys(POSTS) == [post + b"-again"]
        assert len(followed.relay.mails) == 1
        await control(redis, str(delivery["id"]), "resume")
        await followed.delivery()
    assert len(followed.relay.mails) == 2


async def test_after_a_restart_without_a_loss_nothing_is_held_and_nothing_renamed(
    followed: System,
) -> None:
    await followed.join("kari@example.org")
    async with running(followed):
        await followed.publish(original)
        await followed.delivery()
        posts = await followed.redis.hkeys(POSTS)
    async with running(followed):
        await followed.publish(original)
        await followed.settled()
        assert await followed.redis.hkeys(POSTS) == posts
        await followed.publish(corrected)
        await followed.delivery_of(corrected)
    assert len(followed.relay.mails) == 2


async def test_what_was_noted_is_known_to_the_next_start(tmp_path: Path) -> None:
    journal = Journal(tmp_path, VAULT)
    given = GivenIds(journal, JournalState())
    await given.note_delivery("a.1")
    await given.note_posts(["p", "q"])
    await given.note_posts(["p"])
    assert not given.was_started("a.1")
    assert given.post("p") == "p"
    after = GivenIds(journal, await journal.read())
    assert after.was_started("a.1")
    assert not after.was_started("a.2")
    assert (after.post("p"), after.post("r")) == ("p-again", "r")
    await after.note_posts(["p-again"])
    assert GivenIds(journal, await journal.read()).post("p") == "p-again-again"
    await journal.close()
