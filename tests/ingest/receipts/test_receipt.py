"""The receipt: ingest's own projection of pages, deliveries and dead letters."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from services.ingest.audit.entries import TrailAction, TrailEntry, Verified, verify
from services.ingest.audit.trail import Trail
from services.ingest.receipts.store import Receipts
from shared.bus import dead
from shared.event_data import Post
from shared.events import (
    ArticlePublished,
    DeliveryCompleted,
    DeliveryPaused,
    DeliveryProgressed,
    DeliveryStarted,
    PagePublished,
    PageWithdrawn,
    PostFailed,
)
from shared.trace import new_traceparent
from tests import make
from tests.ingest.conftest import Ingest
from tests.ingest.statuses import about, publish, status
from tests.ingest.steps import all_read


@pytest.fixture
async def running(make_ingest: Any) -> AsyncIterator[Ingest]:
    ingest = await make_ingest()
    await ingest.bus.start()
    yield ingest


async def post_alert(ingest: Ingest) -> str:
    answer = await ingest.post(make.alert().model_dump(mode="json"))
    return str(answer.json()["id"])


async def receipt(ingest: Ingest, article: str) -> dict[str, Any]:
    answer = await ingest.http.get(f"/api/articles/{article}/receipt")
    assert answer.status_code == 200
    return dict(answer.json())


async def test_an_alert_waits_for_its_page_until_a_delivery_is_heard_of(running: Ingest) -> None:
    article = await post_alert(running)
    assert await receipt(running, article) == {
        "state": "waiting_for_page", "cause": "", "audience": 0, "handed_over": 0, "failed": 0,
        "suppressed": 0, "open": 0, "bounced": 0, "failed_by": {}, "bounced_by": {},
        "put_off_until": None, "about": {"kind": "alert", "revision": 1},
        "article": article, "revision": 1, "page": False, "deliveries": [], "problems": [],
    }  # fmt: skip
    revision = make.revision(make.alert(), id=article)
    page = PagePublished.about(revision, traceparent=new_traceparent())
    await publish(running.redis, "pages", page)
    await all_read(running, "pages")
    now = await receipt(running, article)
    assert (now["state"], now["page"]) == ("waiting_for_page", True)


async def test_news_and_drafts_and_alerts_in_review_have_no_delivery(make_ingest: Any) -> None:
    ingest = await make_ingest(alert_approvals=1)
    news = make.news().model_dump(mode="json")
    alert = make.alert().model_dump(mode="json")
    for fields in (news, alert, alert | {"title": "Et utkast", "draft": True}):
        article = (await ingest.post(fields)).json()["id"]
        assert (await receipt(ingest, article))["state"] == "none"


async def test_a_receipt_shows_the_newest_status_in_whatever_order_they_come(
    running: Ingest,
) -> None:
    article = await post_alert(running)
    done = status(article, 3, 9, state="complete", failed=1, open=0)
    await publish(running.redis, "deliveries", about(done, DeliveryCompleted))
    await publish(running.redis, "deliveries", about(status(article, 2, 5)))
    await publish(running.redis, "deliveries", about(status(article, 1, 0), DeliveryStarted))
    await publish(running.redis, "deliveries", about(done, DeliveryCompleted))
    await all_read(running, "deliveries")
    now = await receipt(running, article)
    assert (now["state"], now["handed_over"], now["failed"], now["open"]) == ("complete", 9, 1, 0)
    assert now["audience"] == sum(
        now[name] for name in ("handed_over", "failed", "suppressed", "open")
    )


@pytest.mark.parametrize(
    ("state", "cause"),
    [("paused", "operator"), ("paused", "rcpt 5.7.1 550"), ("complete", "cancelled")],
)
async def test_a_receipt_says_why_a_delivery_is_paused_or_was_ended(
    running: Ingest, state: str, cause: str
) -> None:
    article = await post_alert(running)
    await publish(running.redis, "deliveries", about(status(article, 1, 0), DeliveryStarted))
    kind = DeliveryPaused if state == "paused" else DeliveryCompleted
    await publish(
        running.redis, "deliveries", about(status(article, 2, 3, state=state, cause=cause), kind)
    )
    await all_read(running, "deliveries")
    now = await receipt(running, article)
    assert (now["state"], now["cause"]) == (state, cause)
    going_on = status(article, 3, 4)
    await publish(running.redis, "deliveries", about(going_on))
    await all_read(running, "deliveries")
    assert (await receipt(running, article))["cause"] == ""


async def reached(ingest: Ingest) -> list[TrailEntry]:
    """What the audit trail says of deliveries."""
    lines = [line async for line in Trail(ingest.redis).read()]
    assert isinstance(verify(lines), Verified)
    return [entry for entry in map(TrailEntry.of, lines) if entry.what == "reached"]


async def test_how_many_a_delivery_reached_is_in_the_audit_trail_once(running: Ingest) -> None:
    article = await post_alert(running)
    done = status(article, 3, 8, state="complete", failed=1, suppressed=1, open=0)
    await publish(running.redis, "deliveries", about(status(article, 1, 0), DeliveryStarted))
    for _ in range(5):
        await publish(running.redis, "deliveries", about(done, DeliveryCompleted))
    await all_read(running, "deliveries")
    (entry,) = await reached(running)
    assert (entry.actor, entry.article, entry.revision) == ("notify", article, 1)
    assert entry.detail == {
        "delivery": f"{article}.1", "kind": "alert", "mode": "actual", "cause": "",
        "audience": 10, "handed_over": 8, "failed": 1, "suppressed": 1,
    }  # fmt: skip


async def test_a_delivery_that_is_completed_anew_is_told_anew(running: Ingest) -> None:
    article = await post_alert(running)
    for sequence, failed in ((3, 2), (5, 0)):
        done = status(article, sequence, 10 - failed, state="complete", failed=failed, open=0)
        await publish(running.redis, "deliveries", about(done, DeliveryCompleted))
    await all_read(running, "deliveries")
    assert [entry.detail["failed"] for entry in await reached(running)] == [2, 0]


async def test_g2_an_older_completion_that_comes_late_replaces_no_newer_one(
    running: Ingest,
) -> None:
    article = await post_alert(running)
    for sequence, failed in ((5, 0), (3, 2)):
        done = status(article, sequence, 10 - failed, state="complete", failed=failed, open=0)
        await publish(running.redis, "deliveries", about(done, DeliveryCompleted))
    await all_read(running, "deliveries")
    now = await receipt(running, article)
    assert (now["handed_over"], now["failed"]) == (10, 0)
    assert [entry.detail["failed"] for entry in await reached(running)] == [0]


async def test_a_delivery_whose_last_status_is_a_late_progress_is_in_the_audit_trail(
    running: Ingest,
) -> None:
    """Superseded, it is complete; whoever still had a chunk of it tells so later."""
    article = await post_alert(running)
    over: Any = {"state": "complete", "cause": "superseded", "open": 0}
    late, done = status(article, 6, 10, **over), status(article, 5, 10, **over)
    await publish(running.redis, "deliveries", about(late))
    await publish(running.redis, "deliveries", about(done, DeliveryCompleted))
    await all_read(running, "deliveries")
    assert [entry.detail["handed_over"] for entry in await reached(running)] == [10]


async def test_a_complete_delivery_that_tells_the_same_again_is_in_the_audit_trail_once(
    running: Ingest,
) -> None:
    article = await post_alert(running)
    over: Any = {"state": "complete", "cause": "superseded"}
    told = [(5, 8, 2, DeliveryCompleted), (6, 8, 2, DeliveryProgressed)]
    for sequence, handed_over, suppressed, kind in [*told, (7, 9, 1, DeliveryProgressed)]:
        done = status(article, sequence, handed_over, suppressed=suppressed, open=0, **over)
        await publish(running.redis, "deliveries", about(done, kind))
    await all_read(running, "deliveries")
    assert [entry.detail["handed_over"] for entry in await reached(running)] == [8, 9]


async def test_mail_that_comes_back_later_is_in_the_receipt_and_no_news_for_the_audit_trail(
    running: Ingest,
) -> None:
    article = await post_alert(running)
    over: Any = {"state": "complete", "open": 0}
    for sequence, bounced in ((5, 0), (6, 1), (7, 4)):
        done = status(article, sequence, 10, bounced=bounced, **over)
        await publish(running.redis, "deliveries", about(done, DeliveryProgressed))
    await all_read(running, "deliveries")
    now = await receipt(running, article)
    assert (now["handed_over"], now["bounced"]) == (10, 4)
    assert [entry.detail["handed_over"] for entry in await reached(running)] == [10]


async def test_deliveries_that_complete_while_the_trail_moves_are_all_in_it(
    running: Ingest,
) -> None:
    article = await post_alert(running)
    for number in range(1, 41):
        done = status(article, 9, 10, delivery=f"{article}.{number}", state="complete", open=0)
        await publish(running.redis, "deliveries", about(done, DeliveryCompleted))
        await Trail(running.redis).append([TrailAction("Kari", "tried")])
    await all_read(running, "deliveries")
    told = [entry.detail["delivery"] for entry in await reached(running)]
    assert sorted(told) == sorted(f"{article}.{number}" for number in range(1, 41))


async def test_a_receipt_is_about_the_newest_delivery(running: Ingest) -> None:
    article = await post_alert(running)
    for number in (10, 9):
        later = status(article, 0, number, delivery=f"{article}.{number}")
        await publish(running.redis, "deliveries", about(later))
    await all_read(running, "deliveries")
    assert (await receipt(running, article))["handed_over"] == 10


async def test_an_older_page_event_never_brings_a_withdrawn_page_back(running: Ingest) -> None:
    article = await post_alert(running)
    older, newer = (make.revision(make.alert(), id=article, revision=n) for n in (1, 2))
    withdrawn = PageWithdrawn.about(newer, traceparent=new_traceparent())
    await publish(running.redis, "pages", withdrawn)
    await publish(running.redis, "pages", PagePublished.about(older, traceparent=new_traceparent()))
    await all_read(running, "pages")
    assert (await receipt(running, article))["page"] is False


async def test_of_each_follower_the_last_attempt_at_the_newest_revision_is_known(
    running: Ingest,
) -> None:
    article = await post_alert(running)

    async def tried(post: str, attempt: int, revision: int = 1, status: int = 500) -> None:
        known = Post(
            post=post, article=article, revision=revision, follower=f"{post}.example.org",
            attempt=attempt, status=status, final=status == 200,
        )  # fmt: skip
        event = PostFailed(
            id=f"{post}.{attempt}",
            source="/varsel/notify",
            subject=article,
            time=datetime.now(UTC),
            traceparent=new_traceparent(),
            data=known,
        )
        await publish(running.redis, "deliveries", event)

    await tried("old", 9)
    await tried("b", 2, revision=2)
    await tried("b", 1, revision=2, status=404)
    await tried("a", 1, revision=2, status=200)
    await all_read(running, "deliveries")
    found = await Receipts(running.redis).posts(article)
    assert [(one.post, one.attempt, one.status) for one in found] == [("a", 1, 200), ("b", 2, 500)]


async def test_posts_to_followers_pass_by_the_receipt(running: Ingest) -> None:
    article = await post_alert(running)
    before = await receipt(running, article)
    event = PostFailed(
        id="p.1",
        source="/varsel/notify",
        subject=article,
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=Post(
            post="p", article=article, revision=1, follower="follower.example.org", attempt=1,
            status=500, final=False,
        ),
    )  # fmt: skip
    await publish(running.redis, "deliveries", event)
    await all_read(running, "deliveries")
    assert await receipt(running, article) == before


@pytest.mark.parametrize("end", [dead.drop, dead.replay])
async def test_a_dead_letter_makes_the_receipt_stuck_until_it_is_replayed_or_dropped(
    running: Ingest, end: Any
) -> None:
    article = await post_alert(running)
    event = ArticlePublished.about(
        make.revision(make.alert(), id=article), traceparent=new_traceparent()
    )
    entry = await publish(
        running.redis, "articles.dead", event, dead_cause="OSError at x.py:1", dead_group="render"
    )
    await all_read(running, "articles.dead")
    now = await receipt(running, article)
    assert now["state"] == "stuck"
    assert now["problems"] == [{"stream": "articles", "cause": "OSError at x.py:1"}]
    await end(running.redis, "articles", entry)
    now = await receipt(running, article)
    assert (now["state"], now["problems"]) == ("waiting_for_page", [])


async def test_a_receipt_changes_nothing(running: Ingest) -> None:
    article = await post_alert(running)
    before = await contents(running)
    await receipt(running, article)
    await running.http.get(f"/api/articles/{article}")
    assert await contents(running) == before


async def contents(ingest: Ingest) -> dict[bytes, Any]:
    """What every key holds; of streams the entries, since they also keep when they were read."""
    redis = ingest.redis
    return {
        key: await (redis.xrange if await redis.type(key) == b"stream" else redis.dump)(key)
        for key in await ingest.stored()
    }
