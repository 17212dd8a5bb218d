"""What staff ask of a delivery is told to notify and stands in the audit trail, or neither."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from services.ingest.audit.entries import TrailEntry, Verified, verify
from services.ingest.audit.trail import Trail
from services.ingest.deliveries.ask_of_delivery import AskOfDelivery
from services.ingest.deliveries.store import DeliveryWishes
from services.ingest.people.person import Person
from services.ingest.problems import Problem
from services.ingest.receipts.store import receipt_key, status_fields
from shared.bus import connect, streams
from shared.bus.users import as_user
from shared.event_data import DeliveryStatus
from shared.events import DeliveryWanted, from_fields
from tests.ingest.deliveries.asker import KARI
from tests.ingest.statuses import status
from tests.log_calls import REPO

ARTICLE = "a1b2c3d4e5f6"
DELIVERY = f"{ARTICLE}.1"
OLA = Person("ba9876543210", "Ola Eksempel", "editor")


@pytest.fixture
async def client(redis: Redis, redis_url: str) -> AsyncIterator[Redis]:
    """As ingest's own user."""
    await streams.create_topology(redis)
    async with connect(as_user(redis_url, "ingest")) as mine:
        yield mine


async def stands(redis: Redis, now: DeliveryStatus) -> None:
    sequence_field, sequence, status_field, text = status_fields(now)
    fields = {sequence_field: sequence, status_field: text}
    await redis.hset(receipt_key(now.article), mapping=fields)


async def told(redis: Redis) -> list[DeliveryWanted]:
    events = [from_fields(fields) for _, fields in await redis.xrange("control")]
    return [event for event in events if isinstance(event, DeliveryWanted)]


async def trail(redis: Redis) -> list[TrailEntry]:
    lines = [line async for line in Trail(redis).read()]
    assert isinstance(verify(lines), Verified)
    return [TrailEntry.of(line) for line in lines]


async def refused(asked: Any) -> int:
    with pytest.raises(Problem) as error:
        await asked
    return error.value.status


async def test_a_wish_is_told_and_kept_and_in_the_trail_with_who(client: Redis) -> None:
    await stands(client, status(ARTICLE, 3, 4))
    ask = AskOfDelivery(client, approvals=1)
    wish = await ask(ARTICLE, DELIVERY, "hold", "", OLA)
    (event,) = await told(client)
    assert (event.subject, event.data.delivery) == (ARTICLE, DELIVERY)
    assert (event.data.command, event.data.sequence) == ("hold", wish.sequence)
    assert event.data.by == OLA.id
    assert await DeliveryWishes(client).newest(ARTICLE, DELIVERY) == wish
    (entry,) = await trail(client)
    assert (entry.actor, entry.what, entry.article) == ("Ola Eksempel", "delivery_held", ARTICLE)
    assert entry.detail["delivery"] == DELIVERY
    assert entry.detail["person"] == OLA.id


async def test_many_who_ask_at_once_are_all_heard_and_numbered_in_a_row(client: Redis) -> None:
    await stands(client, status(ARTICLE, 3, 4))
    ask = AskOfDelivery(client, approvals=1)
    await asyncio.gather(*(ask(ARTICLE, DELIVERY, "hold", "", OLA) for _ in range(10)))
    sequences = [event.data.sequence for event in await told(client)]
    assert len(sequences) == 10
    assert sequences == sorted(set(sequences))
    assert len(await trail(client)) == 10


async def test_what_makes_no_sense_or_is_not_theirs_is_refused_and_leaves_nothing(
    client: Redis,
) -> None:
    ask = AskOfDelivery(client, approvals=1)
    assert await refused(ask(ARTICLE, DELIVERY, "hold", "", OLA)) == 409  # there is none
    await stands(client, status(ARTICLE, 3, 4))
    for command in ("resume", "again"):
        assert await refused(ask(ARTICLE, DELIVERY, command, "", KARI)) == 409  # type: ignore[arg-type]
    for command in ("resume", "cancel", "again"):
        assert await refused(ask(ARTICLE, DELIVERY, command, "", OLA)) == 403  # type: ignore[arg-type]
    assert await refused(ask(ARTICLE, f"{ARTICLE}.2", "hold", "", OLA)) == 409
    await stands(client, status(ARTICLE, 4, 4, state="paused", cause="stale"))
    assert await refused(ask(ARTICLE, DELIVERY, "resume", "operator", KARI)) == 409
    assert await told(client) == []
    assert await trail(client) == []
    await ask(ARTICLE, DELIVERY, "resume", "stale", KARI)
    assert [event.data.seen for event in await told(client)] == ["stale"]


async def test_whoever_is_killed_the_event_and_the_trail_have_it_both_or_neither(
    client: Redis, redis_url: str
) -> None:
    code, step, seen = -signal.SIGKILL, 0, set()
    while code == -signal.SIGKILL:
        step += 1
        await client.delete("ingest:audit", "ingest:audit:head", f"ingest:wishes:{ARTICLE}")
        await stands(client, status(ARTICLE, 3, 4))
        before = len(await told(client))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.ingest.deliveries.asker"),
            *(as_user(redis_url, "ingest"), ARTICLE, "hold", str(step)),
            cwd=REPO,
        )
        code = await process.wait()
        events = (await told(client))[before:]
        entries = await trail(client)
        kept = await DeliveryWishes(client).newest(ARTICLE, DELIVERY)
        assert [e.detail["sequence"] for e in entries] == [e.data.sequence for e in events]
        assert [kept.sequence for kept in [kept] if kept] == [e.data.sequence for e in events]
        seen.add(len(events))
    assert code == 0
    assert step > 4
    assert seen == {0, 1}
