"""No id of a delivery or a post is given twice, also by a Redis that was put back."""

import asyncio
import base64
import pickle
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.notify.journal.entries import JournalState
from services.notify.journal.given_ids import GivenIds
from services.notify.journal.journal import Journal
from services.notify.ledger.control import control
from services.notify.posting.plan import POSTS
from tests.log_calls import REPO
from tests.notify.journal.copies import copy_of, put_back
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


async def _nothing(*_: object, **__: object) -> int:
    return 0


async def killed_at(on: System, kind: str, moment: str) -> int | None:
    """Run notify until it is killed at this step of the journal; how it ended."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.notify.journal.doomed", on.url, kind, moment),
        cwd=REPO,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(60):
            await process.communicate(pickle.dumps(on.settings))
    finally:
        if process.returncode is None:
            process.kill()
    return process.returncode


@pytest.mark.parametrize(
    ("kind", "moment", "who_goes_on"),
    [
        ("JOURNAL write delivery", "before", "the next start"),
        ("JOURNAL half delivery", "after", "a process that was up"),
    ],
)
async def test_killed_before_an_id_is_noted_it_is_not_given_twice_and_nobody_is_mailed_twice(
    followed: System, kind: str, moment: str, who_goes_on: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    redis = followed.redis
    await followed.join("kari@example.org")
    async with running(followed):
        pass
    before = await copy_of(redis)
    await followed.publish(original)
    assert await killed_at(followed, kind, moment) == -signal.SIGKILL
    assert not followed.relay.mails
    if who_goes_on == "a process that was up":
        monkeypatch.setattr(GivenIds, "note_forgotten", _nothing)  # it had found nothing to note
    async with running(followed):
        await followed.delivery()
        (post,) = await redis.hkeys(POSTS)
    monkeypatch.undo()
    await put_back(redis, before)
    async with running(followed):
        await followed.publish(original)
        assert (await followed.delivery("paused"))["cause"] == "stale"
        assert await redis.hkeys(POSTS) == [post + b"-again"]
    assert len(followed.relay.mails) == 1


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
    journal = Journal(tmp_path, VAULT, Redis())
    given = GivenIds(journal, JournalState())
    await given.note_delivery("a.1")
    await given.note_posts(["p", "q"])
    await given.note_posts(["p"])
    await given.note_wish("a.1", 7)
    await given.note_wish("a.1", 5)
    assert not given.was_started("a.1")
    assert given.post("p") == "p"
    after = GivenIds(journal, await journal.read())
    assert after.was_started("a.1")
    assert not after.was_started("a.2")
    assert (after.wish_heard("a.1"), after.wish_heard("a.2")) == (7, 0)
    assert (after.post("p"), after.post("r")) == ("p-again", "r")
    await after.note_posts(["p-again"])
    assert GivenIds(journal, await journal.read()).post("p") == "p-again-again"
    await journal.close()


async def test_a_start_notes_what_redis_knows_and_the_journal_lacks_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path, VAULT, Redis())
    given = GivenIds(journal, JournalState())
    await given.note_delivery("a.1")
    await given.note_wish("a.1", 5)
    known = {"deliveries": ["a.1", "a.2"], "posts": ["p"], "wishes": {"a.1": 7, "a.2": 0}}
    for missing in (3, 0):
        given = GivenIds(journal, await journal.read())
        assert await given.note_forgotten(**known) == missing  # type: ignore[arg-type]
    state = await journal.read()
    assert (state.deliveries, state.posts) == ({"a.1", "a.2"}, {"p"})
    assert state.wishes == {"a.1": 7}
    await journal.close()
