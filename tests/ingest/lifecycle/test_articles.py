"""What an article keeps to itself while it lives: content, address, and its place in the list."""

from typing import Any

import pytest

from services.ingest.lifecycle.store import Articles, LookedUp
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import Somebody, events, in_review, news, somebody, status


@pytest.fixture
async def ingest(make_ingest: Any) -> Ingest:
    return await make_ingest(alert_approvals=1, alert_hold=0)


@pytest.fixture
async def kari(ingest: Ingest) -> Somebody:
    return await somebody(ingest, "Kari")


@pytest.fixture
async def ola(ingest: Ingest) -> Somebody:
    return await somebody(ingest, "Ola", "approver")


async def test_content_that_nobody_ever_read_may_be_posted_by_another_once_it_was_replaced(
    ingest: Ingest, kari: Somebody
) -> None:
    answer = await kari.new(news(draft=True))
    await kari.put(answer.json()["id"], news(lead="Ny.", draft=True), answer.headers["etag"])
    other = await kari.new(news())
    assert status(other) == (201, "published")
    edited = await kari.put(
        other.json()["id"],
        news(lead="Nyere.", change={"kind": "edit"}),
        other.headers["etag"],
    )
    assert edited.status_code == 200
    assert (await kari.new(news())).status_code == 409, "what was published is never sent twice"


async def test_the_address_of_a_draft_follows_its_title_until_it_is_published(
    ingest: Ingest, kari: Somebody
) -> None:
    first = await kari.new(news(draft=True))
    taken = await kari.new(news(lead="Ny."))
    assert taken.json()["url"].endswith("/apent-mote-om-hostens-kurs/")
    published = await kari.take("submit", first.json()["id"])
    assert published.json()["url"].endswith("/apent-mote-om-hostens-kurs-2/")
    slugs = [event.data.slug for event in await events(ingest)]
    assert slugs == ["apent-mote-om-hostens-kurs", "apent-mote-om-hostens-kurs-2"]


async def test_two_articles_published_at_once_through_two_processes_share_no_address(
    make_ingest: Any, monkeypatch: Any
) -> None:
    kari = await somebody(await make_ingest(), "Kari")
    ola = await somebody(await make_ingest(), "Ola")
    look, faster = Articles.look, []

    async def slow(self: Articles, article: str, title: str | None) -> LookedUp:
        found = await look(self, article, title)
        monkeypatch.setattr(Articles, "look", look)
        faster.append(await ola.new(news(lead="En annen.")))
        return found

    monkeypatch.setattr(Articles, "look", slow)
    slower = await kari.new(news())
    addresses = [answer.json()["url"].split("/")[-2] for answer in (*faster, slower)]
    assert addresses == ["apent-mote-om-hostens-kurs", "apent-mote-om-hostens-kurs-2"]


async def test_an_approver_finds_what_waits_newest_first(
    ingest: Ingest, kari: Somebody, ola: Somebody
) -> None:
    first, second = await in_review(kari), await in_review(kari, title="Enda et varsel")
    draft = (await kari.new(news(draft=True))).json()["id"]

    async def listed(query: str) -> list[str]:
        answer = await ingest.http.get(f"/api/articles{query}", headers=ola.headers)
        return [one["id"] for one in answer.json()["articles"]]

    assert await listed("?status=in_review") == [second, first]
    await ola.approve(first)
    assert await listed("?status=in_review") == [second]
    assert await listed("") == [first, draft, second]
    assert await listed("?status=withdrawn") == []
    wrong = await ingest.http.get("/api/articles?status=x", headers=ola.headers)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "status")
