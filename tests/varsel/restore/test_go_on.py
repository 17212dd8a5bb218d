"""What happens once a person has decided, and that nothing else does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from services.ingest import app as ingest
from services.ingest.lifecycle.store import SCHEDULE, Articles
from services.ingest.people.keys import ApiKeys, create_key
from services.ingest.people.store import People
from services.notify.journal.entries import state_of
from services.notify.journal.journal import Journal
from services.notify.journal.keys_beside import load_keys
from services.notify.posting.plan import DUE, POSTS
from services.notify.vault.vault import Vault
from shared import held
from shared.bus.users import OPERATOR, as_user
from tests.make import alert, settings
from tests.notify.revisions import corrected, original
from tests.notify.steps import DELIVERY, balanced, got, in_the_middle
from tests.notify.system import System, running, system
from varsel.restore import adjust
from varsel.restore.between import Between
from varsel.restore.go_on import Wanted, WhatWaits, go_on, what_waits

MEMBERS = 1300
NOW = datetime(2026, 11, 1, tzinfo=UTC)
NOTHING_KNOWN = Between(
    made_at=NOW,
    restored_at=NOW,
    journal_is_lost=False,
    has_site=True,
    left=0,
    erased=0,
    deliveries=(),
    newer={},
    unknown=(),
    trail_is_older=False,
)


async def hold(redis: Redis) -> None:
    """As a restore leaves it."""
    await adjust.doubt_ledgers(redis)
    await redis.set(adjust.REPORT, NOTHING_KNOWN.model_dump_json())
    await held.hold(redis)


async def decide(redis_url: str, **wanted: Any) -> WhatWaits:
    """Go on, as the operator's user."""
    async with Redis.from_url(as_user(redis_url, OPERATOR)) as operator:
        waits = await what_waits(operator)
        assert waits
        await go_on(operator, settings(), waits, Wanted(**wanted))
        assert await what_waits(operator) is None
        for name in held.SERVICES:
            assert not await held.is_held(operator, name)
    return waits


async def stopped_in_the_middle(around: System) -> None:
    async with running(around):
        await in_the_middle(around, MEMBERS)
    around.relay.slowness = 0.0
    await hold(around.redis)


async def test_a_delivery_that_is_chosen_goes_on_to_everybody_who_may_lack_it(
    redis: Redis, redis_url: str
) -> None:
    async with system(redis, redis_url) as around:
        await stopped_in_the_middle(around)
        waits = await decide(redis_url, deliver=[DELIVERY])
        [one] = waits.deliveries
        assert one.open > 0
        async with running(around):
            done = await around.delivery()
        await balanced(around)
        assert (done["handed_over"], done["open"]) == (MEMBERS, 0)
        assert len(got(around)) == MEMBERS
        assert len({mail.head["Message-ID"] for mail in around.relay.mails}) == MEMBERS


async def test_a_delivery_that_nobody_chooses_mails_nobody_and_its_correction_all_who_may_have_it(
    redis: Redis, redis_url: str
) -> None:
    async with system(redis, redis_url) as around:
        await stopped_in_the_middle(around)
        waits = await decide(redis_url)
        [one] = waits.deliveries
        before = len(around.relay.mails)
        async with running(around):
            done = await around.delivery()
            await balanced(around)
            assert (done["suppressed"], done["handed_over"]) == (one.open, one.handed_over)
            assert len(around.relay.mails) == before
            await around.publish(corrected)
            again = await around.delivery_of(corrected)
            await balanced(around)
        assert (again["audience"], again["handed_over"]) == (MEMBERS, MEMBERS)


@pytest.mark.parametrize("chosen", [True, False])
async def test_posts_that_waited_go_only_if_they_are_chosen(
    redis: Redis, redis_url: str, chosen: bool
) -> None:
    await redis.hset(POSTS, "a-post", "{}")
    await redis.zadd(DUE, {"a-post": 1})
    await hold(redis)
    assert (await decide(redis_url, posts=chosen)).posts == 1
    assert bool(await redis.exists(POSTS, DUE)) is chosen


async def test_who_is_not_confirmed_is_of_the_staff_no_more(redis: Redis, redis_url: str) -> None:
    keys = {name: await create_key(redis, name, "editor") for name in ("Kari", "Rita")}
    await hold(redis)
    kari = await People(redis).named("Kari")
    assert kari
    await decide(redis_url, keep=[kari.id])
    assert [one.name for one in await People(redis).all()] == ["Kari"]
    assert await ApiKeys(redis).find(keys["Kari"])
    assert await ApiKeys(redis).find(keys["Rita"]) is None


@pytest.mark.parametrize("chosen", [True, False])
async def test_what_was_to_be_published_is_a_draft_again_unless_it_is_chosen(
    redis: Redis, redis_url: str, chosen: bool
) -> None:
    key = await create_key(redis, "Kari", "editor")
    service = ingest.create(settings(alert_approvals=0), as_user(redis_url, "ingest"))
    at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    fields = alert().model_dump(mode="json", exclude_none=True)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(service.http),
        base_url="http://test",
        headers={"Authorization": f"Bearer {key}"},
    ) as http:
        answer = await http.post("/api/articles", json=fields | {"publish_at": at})
    for close in service.close:
        await close()
    assert answer.json()["status"] == "approved", answer.text
    article = answer.json()["id"]
    await hold(redis)
    waits = await decide(redis_url, publish=[article] if chosen else [])
    assert [one.id for one in waits.scheduled] == [article]
    life = await Articles(redis).life(article)
    assert life
    assert life.state == ("approved" if chosen else "draft")
    assert bool(await redis.zcard(SCHEDULE)) is chosen


async def test_an_alert_that_was_on_its_way_to_its_mailing_comes_held(
    redis: Redis, redis_url: str
) -> None:
    """Its event was on a stream, and nobody knows whether members have it."""
    async with system(redis, redis_url) as around:
        async with running(around):
            await around.join("kari@example.org")
        await around.publish(original)
        found = await load_keys(redis, around.settings)
        journal = Journal(around.settings.journal_folder, Vault(found.vault, found.index), redis)
        await adjust.hold_what_was_coming(redis, journal, state_of([]))
        await journal.close()
        async with running(around):
            held_one = await around.delivery("paused")
            assert held_one["cause"] == "stale"
            await around.settled()
        assert around.relay.mails == []
