"""From a step, or from what a delivery tells, to the event that has people told: once, whoever
looks, and with nothing in it but ids."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from services.ingest.people.store import People
from services.ingest.telling.store import DUE, TELLINGS, Tellings
from services.ingest.telling.telling import REMIND_AFTER, STANDS_AFTER, TellingVerdict
from shared.bus.users import as_user
from shared.event_data import DeliveryStatus
from shared.events import DeliveryPaused, DeliveryProgressed, to_fields
from shared.trace import new_traceparent
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import Somebody, alert, in_review, news, somebody
from tests.ingest.steps import all_read
from tests.ingest.telling.steps import look, teller, time_passes, told
from tests.wait import until


@pytest.fixture
async def newsroom(make_ingest: Any) -> Ingest:
    return await make_ingest(alert_approvals=1, alert_hold=0)


@pytest.fixture
async def kari(newsroom: Ingest) -> Somebody:
    return await somebody(newsroom, "Kari")


@pytest.fixture
async def ola(newsroom: Ingest) -> Somebody:
    return await somebody(newsroom, "Ola", "approver")


@pytest.fixture
async def liv(newsroom: Ingest) -> Somebody:
    return await somebody(newsroom, "Liv", "admin")


async def delivery_is(ingest: Ingest, article: str, sequence: int, state: str) -> None:
    """notify tells how the article's delivery is."""
    status = DeliveryStatus.model_validate(
        {
            "delivery": f"{article}.1",
            "article": article,
            "revision": 1,
            "state": state,
            "cause": "operator" if state == "paused" else "",
            "audience": 5,
            "handed_over": 2,
            "failed": 0,
            "suppressed": 0,
            "open": 3,
            "sequence": sequence,
        }
    )
    kind = DeliveryPaused if state == "paused" else DeliveryProgressed
    event = kind(
        id=f"{article}.1.{sequence}",
        source="/varsel/notify",
        subject=article,
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=status,
    )
    await ingest.redis.xadd("deliveries", to_fields(event))
    await all_read(ingest, "deliveries")


async def test_what_waits_is_told_to_all_who_may_approve_it_and_again_after_fifteen_minutes(
    newsroom: Ingest, kari: Somebody, ola: Somebody, liv: Somebody
) -> None:
    article = await in_review(kari)
    due = await newsroom.redis.zscore(DUE, f"{article}.waits")
    assert await look(newsroom.redis) == [("waits", ["Liv", "Ola"])]
    again = await newsroom.redis.zscore(DUE, f"{article}.waits")
    assert again - due == REMIND_AFTER.total_seconds() * 1000
    assert len(await look(newsroom.redis)) == 1
    await time_passes(newsroom.redis, article)
    assert await look(newsroom.redis) == [("waits", ["Liv", "Ola"])] * 2
    await time_passes(newsroom.redis, article)
    assert len(await look(newsroom.redis)) == 2


async def test_who_wrote_on_it_is_not_asked_to_approve_it(
    newsroom: Ingest, ola: Somebody, liv: Somebody
) -> None:
    await in_review(ola)
    assert await look(newsroom.redis) == [("waits", ["Liv"])]


async def test_if_nobody_can_approve_it_that_is_told_too(newsroom: Ingest, kari: Somebody) -> None:
    await in_review(kari)
    assert await look(newsroom.redis) == [("waits", [])]


async def test_what_was_approved_needs_no_reminder(
    newsroom: Ingest, kari: Somebody, ola: Somebody
) -> None:
    article = await in_review(kari)
    await look(newsroom.redis)
    assert (await ola.approve(article)).status_code == 200
    await newsroom.redis.zadd(DUE, {f"{article}.waits": 1})
    assert len(await look(newsroom.redis)) == 1
    assert await newsroom.redis.zscore(DUE, f"{article}.waits") is None


async def test_who_wrote_it_hears_that_it_was_rejected_each_time(
    newsroom: Ingest, kari: Somebody, ola: Somebody
) -> None:
    article = await in_review(kari)
    for _ in range(2):
        assert (await ola.take("reject", article, "Feil dose.")).status_code == 200
        assert (await kari.take("submit", article)).status_code == 200
    said = await look(newsroom.redis)
    assert said.count(("rejected", ["Kari"])) == 2
    assert said.count(("waits", ["Ola"])) == 1


async def test_who_wrote_and_who_approved_hear_that_it_was_stopped(make_ingest: Any) -> None:
    ingest = await make_ingest(alert_approvals=1, alert_hold=60)
    kari = await somebody(ingest, "Kari")
    ola, liv = await somebody(ingest, "Ola", "approver"), await somebody(ingest, "Liv")
    article = await in_review(kari)
    await ola.approve(article)
    assert (await liv.take("stop", article)).status_code == 200
    assert ("stopped", ["Kari", "Ola"]) in await look(ingest.redis)


async def test_who_wrote_it_hears_that_its_time_passed_without_an_approval(
    newsroom: Ingest, kari: Somebody, ola: Somebody
) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=1)
    article = await in_review(kari, publish_at=soon.isoformat())
    await look(newsroom.redis)
    await until(lambda: datetime.now(UTC) >= soon)
    await time_passes(newsroom.redis, article)
    assert ("not_published", ["Kari"]) in await look(newsroom.redis)


async def test_a_delivery_that_stands_is_told_once_and_again_once_it_has_gone_on(
    newsroom: Ingest, kari: Somebody, ola: Somebody
) -> None:
    await newsroom.bus.start()
    article = await in_review(kari)
    await ola.approve(article)
    both = ("mail_stands", ["Kari", "Ola"])
    for times, (sequence, state) in [
        (1, (1, "paused")),
        (1, (2, "paused")),
        (1, (3, "sending")),
        (2, (4, "paused")),
    ]:
        await delivery_is(newsroom, article, sequence, state)
        await time_passes(newsroom.redis, article)
        assert (await look(newsroom.redis)).count(both) == times


async def test_a_delivery_that_is_held_for_less_than_a_minute_is_told_to_nobody(
    newsroom: Ingest, kari: Somebody, ola: Somebody
) -> None:
    await newsroom.bus.start()
    article = await in_review(kari)
    await ola.approve(article)
    await newsroom.redis.zrem(DUE, f"{article}.mail")
    before = datetime.now(UTC) + STANDS_AFTER
    await delivery_is(newsroom, article, 1, "paused")
    due = await newsroom.redis.zscore(DUE, f"{article}.mail")
    assert due >= before.timestamp() * 1000 - 1000
    await delivery_is(newsroom, article, 2, "sending")
    await look(newsroom.redis)
    assert "mail_stands" not in dict(await told(newsroom.redis))


async def test_an_alert_that_is_out_and_whose_mail_does_not_begin_is_told(
    newsroom: Ingest, kari: Somebody, ola: Somebody
) -> None:
    article = await in_review(kari)
    await ola.approve(article)
    await look(newsroom.redis)
    assert "mail_stands" not in dict(await told(newsroom.redis))
    await time_passes(newsroom.redis, article)
    assert ("mail_stands", ["Kari", "Ola"]) in await look(newsroom.redis)


async def test_nobody_who_was_revoked_is_told(
    newsroom: Ingest, kari: Somebody, ola: Somebody, liv: Somebody
) -> None:
    people = People(newsroom.redis)
    article = await in_review(kari)
    for name in ("Kari", "Ola"):
        person = await people.named(name)
        assert person
        await people.revoke(person.id)
    assert (await liv.take("reject", article, "Feil.")).status_code == 200
    assert await look(newsroom.redis) == [("rejected", [])]


async def test_however_many_look_at_once_each_thing_is_told_once(
    newsroom: Ingest, kari: Somebody, ola: Somebody
) -> None:
    for number in range(5):
        await in_review(kari, title=f"Sak {number}")
    async with Redis.from_url(as_user(newsroom.redis_url, "ingest")) as mine:
        await asyncio.gather(*(teller(mine).look() for _ in range(8)))
    assert await told(newsroom.redis) == [("waits", ["Ola"])] * 5


async def test_a_telling_that_cannot_be_read_holds_up_no_other(
    newsroom: Ingest, kari: Somebody, ola: Somebody
) -> None:
    await newsroom.redis.hset(TELLINGS, "damaged.waits", "{")
    await newsroom.redis.zadd(DUE, {"damaged.waits": 1})
    await in_review(kari)
    looking = teller(newsroom.redis)
    await looking.look()
    assert await told(newsroom.redis) == [("waits", ["Ola"])]
    assert looking.problems() == ["telling damaged.waits not_told"]


async def test_what_happened_since_it_was_judged_is_judged_anew(
    newsroom: Ingest, kari: Somebody, ola: Somebody
) -> None:
    await in_review(kari)
    tellings = Tellings(newsroom.redis)
    (one,), _ = await tellings.due(9)
    await newsroom.redis.zadd(DUE, {one.id: one.due_ms + 1})
    assert not await tellings.settle(one, TellingVerdict(), None)
    assert await newsroom.redis.zscore(DUE, one.id)


async def test_an_event_says_nothing_of_the_article_and_names_nobody(
    newsroom: Ingest, kari: Somebody, ola: Somebody
) -> None:
    await in_review(kari, title="Hemmelig tittel")
    await look(newsroom.redis)
    for _, fields in await newsroom.redis.xrange("control"):
        said = b" ".join(fields.values())
        assert b"Hemmelig" not in said
        assert b"Kari" not in said
        assert b"Ola" not in said


async def test_news_waits_for_nobody(newsroom: Ingest, kari: Somebody, ola: Somebody) -> None:
    assert (await kari.new(news())).status_code == 201
    assert (await kari.new(alert(draft=True))).status_code == 201
    assert await look(newsroom.redis) == []
