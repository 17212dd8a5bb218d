"""Submitting articles: what is stored, what is emitted, and what a repeat gets."""

import asyncio
import json
from typing import Any

import pytest

from services.ingest.lifecycle.idempotency import Idempotency, IdempotencyClaim
from services.ingest.problems import Problem
from shared.article import Article
from shared.events import ArticlePublished, from_fields
from tests import make
from tests.ingest.conftest import Ingest


def posted(article: Article) -> dict[str, Any]:
    fields = article.model_dump(mode="json")
    return fields | {"body": fields["body"].strip()}


def news(**overrides: Any) -> dict[str, Any]:
    return posted(make.news(**overrides))


def alert(**overrides: Any) -> dict[str, Any]:
    return posted(make.alert(**overrides))


async def events(ingest: Ingest) -> list[ArticlePublished]:
    return [from_fields(fields) for _, fields in await ingest.redis.xrange("articles")]


async def test_a_submitted_article_is_published_with_an_event_that_holds_all_of_it(
    ingest: Ingest,
) -> None:
    answer = await ingest.post(alert())
    assert answer.status_code == 201
    accepted = answer.json()
    assert answer.headers["location"] == f"/api/articles/{accepted['id']}"
    assert accepted == {
        "id": accepted["id"],
        "revision": 1,
        "status": "published",
        "kind": "safety_alert",
        "live_revision": 1,
        "url": "https://varsel.example.org/nyheter/eksempelinib-kan-skade-leveren/",
        "etag": answer.headers["etag"],
        "steps": ["save", "withdraw"],
        "publish_at": None,
        "returned": None,
        "matched": accepted["matched"],
        "warnings": accepted["warnings"],
    }
    (event,) = await events(ingest)
    assert event.type == "article.published"
    assert event.data.article.model_dump(mode="json") == alert()
    assert event.data.slug == "eksempelinib-kan-skade-leveren"
    assert event.subject == accepted["id"]


async def test_the_event_carries_a_new_trace_and_its_fields_are_plain_in_the_stream(
    ingest: Ingest,
) -> None:
    await ingest.post(news())
    await ingest.post(news(title="En annen sak"))
    first, second = await events(ingest)
    assert first.traceparent.split("-")[1] != second.traceparent.split("-")[1]
    ((_, fields), _) = await ingest.redis.xrange("articles")
    assert list(fields)[:4] == [b"specversion", b"id", b"source", b"type"]


async def test_an_article_can_be_read_back(ingest: Ingest) -> None:
    accepted = (await ingest.post(news())).json()
    shown = (await ingest.http.get(f"/api/articles/{accepted['id']}")).json()
    assert shown["article"]["title"] == news()["title"]
    assert shown["live"]["revision"] == accepted.pop("live_revision")
    assert {name: shown[name] for name in accepted if name != "warnings"} == {
        name: value for name, value in accepted.items() if name != "warnings"
    }
    assert shown["published_at"] >= shown["created_at"][:10]


async def test_two_articles_with_one_title_get_two_addresses(ingest: Ingest) -> None:
    posts = [ingest.post(news(body=f"Tekst {number}.")) for number in range(5)]
    answers = await asyncio.gather(*posts)
    slugs = sorted(answer.json()["url"].split("/")[-2] for answer in answers)
    base = "apent-mote-om-hostens-kurs"
    assert slugs == [base, *(f"{base}-{number}" for number in range(2, 6))]
    assert sorted(event.data.slug for event in await events(ingest)) == slugs


async def test_the_same_content_posted_again_is_refused_and_the_first_one_named(
    ingest: Ingest,
) -> None:
    first = (await ingest.post(news())).json()
    again = await ingest.post(news())
    assert again.status_code == 409
    problem = again.json()
    assert (problem["article"], problem["url"]) == (first["id"], first["url"])
    assert (await ingest.post(news(), **{"Idempotency-Key": "k"})).status_code == 409
    assert len(await events(ingest)) == 1


async def test_a_draft_is_saved_and_emits_nothing_and_may_be_submitted_later(
    ingest: Ingest,
) -> None:
    draft = await ingest.post(news() | {"draft": True})
    assert (draft.status_code, draft.json()["status"]) == (201, "draft")
    shown = (await ingest.http.get(draft.headers["location"])).json()
    assert (shown["status"], shown["published_at"], shown["live"]) == ("draft", None, None)
    assert await events(ingest) == []
    again = await ingest.post(news())
    assert (again.status_code, again.json()["article"]) == (409, draft.json()["id"])
    submitted = await ingest.http.post(f"{draft.headers['location']}/submit")
    assert (submitted.status_code, submitted.json()["status"]) == (200, "published")
    assert len(await events(ingest)) == 1


async def test_an_alert_that_needs_approval_is_not_published(make_ingest: Any) -> None:
    ingest = await make_ingest(alert_approvals=1)
    assert (await ingest.post(alert())).json()["status"] == "in_review"
    assert [event.type for event in await events(ingest)] == ["article.submitted"]
    assert (await ingest.post(news())).json()["status"] == "published"


async def test_an_alert_in_review_is_published_when_submitted_again_once_no_approval_is_wanted(
    make_ingest: Any,
) -> None:
    strict, free = await make_ingest(alert_approvals=1), await make_ingest(alert_approvals=0)
    accepted = (await strict.post(alert())).json()
    submit = f"/api/articles/{accepted['id']}/submit"
    assert accepted["status"] == (await strict.http.post(submit)).json()["status"] == "in_review"
    assert (await strict.post(alert())).status_code == 409
    assert (await free.http.post(submit)).json()["status"] == "published"
    assert (await free.post(alert())).status_code == 409
    assert [event.type for event in await events(free)] == [
        "article.submitted",
        "article.published",
    ]


async def test_the_same_idempotency_key_and_body_get_the_same_answer(ingest: Ingest) -> None:
    first = await ingest.post(news(), **{"Idempotency-Key": "a_key!"})
    again = await ingest.post(news(), **{"Idempotency-Key": "a_key!"})
    assert first.status_code == again.status_code == 201
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]
    assert len(await events(ingest)) == 1


async def test_an_idempotency_key_with_another_body_is_refused(ingest: Ingest) -> None:
    await ingest.post(news(), **{"Idempotency-Key": "k"})
    other = await ingest.post(news(title="En annen sak"), **{"Idempotency-Key": "k"})
    assert other.status_code == 422
    assert other.json()["errors"][0]["field"] == "Idempotency-Key"
    assert len(await events(ingest)) == 1


async def test_an_idempotency_key_is_kept_for_a_day_and_only_as_a_hash(ingest: Ingest) -> None:
    await ingest.post(news(), **{"Idempotency-Key": "my-secret-key"})
    (record,) = [key for key in await ingest.redis.keys() if b"idempotency" in key]
    assert b"my-secret-key" not in record + await ingest.redis.get(record)
    assert 86_000 < await ingest.redis.ttl(record) <= 86_400


async def test_a_failed_request_frees_its_idempotency_key(ingest: Ingest) -> None:
    refused = await ingest.post(news() | {"lead": ""}, **{"Idempotency-Key": "k"})
    assert refused.status_code == 422
    assert await ingest.stored() == set()
    assert (await ingest.post(news(), **{"Idempotency-Key": "k"})).status_code == 201


async def test_a_key_whose_first_request_is_in_flight_is_refused(ingest: Ingest) -> None:
    await ingest.post(news(), **{"Idempotency-Key": "k"})
    (record,) = [key for key in await ingest.redis.keys() if b"idempotency" in key]
    kept = json.loads(await ingest.redis.get(record))
    await ingest.redis.set(record, json.dumps({"body": kept["body"], "token": "other"}))
    answer = await ingest.post(news(), **{"Idempotency-Key": "k"})
    assert (answer.status_code, answer.headers["retry-after"]) == (409, "1")


async def test_twenty_posts_at_once_with_one_key_make_one_article(ingest: Ingest) -> None:
    posts = [ingest.post(news(), **{"Idempotency-Key": "k"}) for _ in range(20)]
    answers = await asyncio.gather(*posts)
    accepted = {answer.content for answer in answers if answer.status_code == 201}
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len(accepted) == 1
    assert len(await events(ingest)) == 1


async def test_twenty_posts_of_one_content_without_a_key_make_one_article(ingest: Ingest) -> None:
    answers = await asyncio.gather(*(ingest.post(news()) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    assert len(await events(ingest)) == 1


async def test_a_script_sent_again_after_a_lost_connection_finds_itself_done(
    ingest: Ingest, monkeypatch: Any
) -> None:
    script = type(ingest.bus.redis.register_script("return 1"))
    call = script.__call__

    async def twice(self: Any, *args: Any, **kwargs: Any) -> Any:
        await call(self, *args, **kwargs)
        return await call(self, *args, **kwargs)

    monkeypatch.setattr(script, "__call__", twice)
    answer = await ingest.post(news(), **{"Idempotency-Key": "k"})
    assert answer.status_code == 201
    assert answer.json()["url"].endswith("/apent-mote-om-hostens-kurs/")
    assert len(await events(ingest)) == 1


async def test_a_script_that_meets_a_wrong_type_writes_nothing(ingest: Ingest) -> None:
    await ingest.redis.set("articles", "not a stream")
    answer = await ingest.post(news(), **{"Idempotency-Key": "k"})
    assert answer.status_code == 500
    assert "WRONGTYPE" not in answer.text
    assert await ingest.stored() == {b"articles"}


async def test_log_lines_tell_of_an_article_without_its_content(
    ingest: Ingest, capsys: Any
) -> None:
    await ingest.post(alert())
    captured = capsys.readouterr()
    lines = captured.out + captured.err
    assert "article_accepted" in lines
    assert "Eksempelinib" not in lines


async def test_a_claim_sent_again_after_a_lost_connection_finds_itself(ingest: Ingest) -> None:
    idempotency = Idempotency(ingest.bus.redis)
    claim = await idempotency.claim("key", "k", b"body", token="one")
    assert await idempotency.claim("key", "k", b"body", token="one") == claim
    with pytest.raises(Problem, match="in-flight"):
        await idempotency.claim("key", "k", b"body", token="two")
    assert isinstance(
        await idempotency.claim("another key", "k", b"x", token="three"), IdempotencyClaim
    )
