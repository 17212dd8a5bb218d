"""An article of another site: taken in once, with its old date, and told to nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.ingest.lifecycle.store import Articles
from services.notify.posting.plan import plan_posts
from shared.events import ArticlePublished, PagePublished
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import alert, events, news, trail
from tests.notify.posting.events import HOOK, HUB, followed_by

AT = "2019-07-01T12:00:00+02:00"


async def move(ingest: Ingest, fields: dict[str, Any], **more: Any) -> tuple[int, dict[str, Any]]:
    document = fields | {"moved_from": ["/2019/07/sak/"], "published_at": AT} | more
    answer = await ingest.http.post("/api/imports", json=document)
    return answer.status_code, answer.json()


async def test_it_is_published_as_of_then_and_owes_nobody_a_post(ingest: Ingest) -> None:
    code, answer = await move(
        ingest, news(), moved_from=["https://gammel.example.org/2019/07/sak/"]
    )
    assert (code, answer["status"]) == (201, "published")
    [event] = await events(ingest)
    assert isinstance(event, ArticlePublished)
    assert event.data.imported
    assert event.data.moved_from == ("/2019/07/sak",)
    assert event.data.published_at == event.data.at == datetime.fromisoformat(AT)
    page = PagePublished.about(event.data, traceparent=event.traceparent)
    assert plan_posts(page, followed_by(HOOK, hubs=[HUB])) == []
    assert ("imported", answer["id"], 1) in [
        (what, article, revision) for what, article, revision in await trail(ingest)
    ] or "imported" in str(await trail(ingest))


async def test_a_later_revision_keeps_the_addresses_and_is_told_of_as_any(ingest: Ingest) -> None:
    _, answer = await move(ingest, news())
    changed = news(title="Rettet tittel") | {"change": {"kind": "edit"}}
    path = f"/api/articles/{answer['id']}"
    await ingest.http.put(path, json=changed, headers={"If-Match": answer["etag"]})
    await ingest.http.post(f"{path}/submit")
    revised = (await events(ingest))[-1]
    assert revised.data.moved_from == ("/2019/07/sak",)  # type: ignore[union-attr]
    assert not revised.data.imported  # type: ignore[union-attr]


async def test_a_second_time_changes_nothing_whatever_it_says(ingest: Ingest) -> None:
    _, first = await move(ingest, news())
    stored = await ingest.stored()
    code, again = await move(ingest, news(title="En annen tittel"), draft=True)
    assert (code, again["id"], again["status"]) == (200, first["id"], "published")
    assert len(await events(ingest)) == 1
    assert await ingest.stored() == stored


async def test_as_a_draft_nothing_is_emitted_until_somebody_publishes_it(ingest: Ingest) -> None:
    _, answer = await move(ingest, news(), draft=True)
    assert (answer["status"], await events(ingest)) == ("draft", [])
    await ingest.http.post(f"/api/articles/{answer['id']}/submit")
    [event] = await events(ingest)
    assert isinstance(event, ArticlePublished)
    assert event.data.moved_from == ("/2019/07/sak",)
    assert not event.data.imported


@pytest.mark.parametrize(
    ("fields", "more", "field"),
    [
        (alert(), {}, "draft"),
        (news(), {"published_at": None}, "published_at"),
        (news(), {"publish_at": AT}, "publish_at"),
        (news(), {"moved_from": ["/redaksjon/sak/"]}, "moved_from.0"),
        (news(), {"moved_from": ["/?p=12"]}, "moved_from.0"),
        (news(), {"moved_from": []}, "moved_from"),
        (news(), {"moved_from": ["/a/../b"]}, "moved_from.0"),
        (news(), {"moved_from": ["/a/", "/nyheter/sak/index.html"]}, "moved_from.1"),
        (news(), {"moved_from": ["/hva%3F/"]}, "moved_from.0"),
    ],
)
async def test_what_must_not_be_is_refused_by_field_and_leaves_nothing(
    ingest: Ingest, fields: dict[str, Any], more: dict[str, Any], field: str
) -> None:
    before = await ingest.stored()
    code, problem = await move(ingest, fields, **more)
    assert code == 422
    assert [one["field"] for one in problem["errors"]] == [field]
    assert await ingest.stored() == before


@pytest.mark.parametrize("draft", [True, False])
async def test_what_was_published_in_time_to_come_is_refused_in_words(
    ingest: Ingest, draft: bool
) -> None:
    before = await ingest.stored()
    at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    code, problem = await move(ingest, news(), published_at=at, draft=draft)
    assert code == 422
    [error] = problem["errors"]
    assert error["field"] == "published_at"
    assert "fram i tid" in error["message"]
    assert await ingest.stored() == before


async def test_a_clock_may_be_a_few_minutes_fast(ingest: Ingest) -> None:
    at = datetime.now(UTC) + timedelta(minutes=2)
    code, answer = await move(ingest, news(), published_at=at.isoformat())
    assert (code, answer["status"]) == (201, "published")
    [event] = await events(ingest)
    assert event.data.published_at < at  # type: ignore[union-attr]


async def test_an_alert_is_a_draft(ingest: Ingest) -> None:
    code, answer = await move(ingest, alert(), draft=True)
    assert (code, answer["status"], await events(ingest)) == (201, "draft", [])


async def test_an_address_leads_to_one_article(ingest: Ingest) -> None:
    await ingest.post(news())
    _, first = await move(ingest, news(title="Den gamle", body="En"))
    taken = ["/2019/08/ny/", "/2019/07/sak/"]
    code, problem = await move(ingest, news(title="Den nye", body="To"), moved_from=taken)
    assert (code, problem["article"]) == (409, first["id"])
    page = "/nyheter/apent-mote-om-hostens-kurs/"
    code, problem = await move(ingest, news(title="Tredje", body="Tre"), moved_from=[page])
    assert code == 422
    assert problem["errors"][0]["field"] == "moved_from.0"
    assert await Articles(ingest.redis).moved_from("/2019/08/ny") is None
