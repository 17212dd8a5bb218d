"""Wrong input gets a 4xx that names the field, and nothing is stored."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from tests import make
from tests.ingest.conftest import Ingest
from tests.ingest.hostile import corpus

CORPUS = corpus()


@pytest.mark.parametrize("name", CORPUS)
async def test_wrong_input_is_refused_with_its_field_named_and_nothing_stored(
    ingest: Ingest, name: str
) -> None:
    case = CORPUS[name]
    headers = {"Content-Type": case.content_type, "Idempotency-Key": "k"}
    answer = await ingest.http.post("/api/articles", content=case.raw, headers=headers)
    assert answer.status_code == case.status, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == case.status
    assert problem["title"]
    assert problem["detail"]
    if case.field:
        assert case.field in [error["field"] for error in problem["errors"]], problem
    assert all(error["field"] and error["message"] for error in problem["errors"])
    assert await ingest.stored() == set()


async def test_several_errors_are_listed_together_and_values_are_never_repeated(
    ingest: Ingest,
) -> None:
    article = make.alert().model_dump(mode="json")
    article |= {"title": "HEMMELIG\u202e", "lang": "HEMMELIG", "tpics": "HEMMELIG", "lead": ""}
    article["body"] = "Tekst <b>HEMMELIG</b>"
    answer = await ingest.post(article)
    assert {error["field"] for error in answer.json()["errors"]} == {
        "title",
        "lang",
        "tpics",
        "lead",
        "body",
    }
    assert "HEMMELIG" not in answer.text
    assert "mente du «topics»?" in answer.text


async def test_a_picture_that_is_missing_is_named(ingest: Ingest) -> None:
    article = make.news(body="![a](en.jpg) ![b](to.jpg)").model_dump(mode="json")
    messages = [error["message"] for error in (await ingest.post(article)).json()["errors"]]
    assert ["en.jpg" in messages[0], "to.jpg" in messages[1]] == [True, True]


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=iso-8859-1",
        "text/markdown; charset=utf-16",
        "json",
    ],
)
async def test_a_wrong_content_type_is_answered_with_the_two_that_are_right(
    ingest: Ingest, content_type: str
) -> None:
    headers = {"Content-Type": content_type}
    answer = await ingest.http.post("/api/articles", content=b"{}", headers=headers)
    assert answer.status_code == 415
    assert "application/json" in answer.json()["detail"]
    assert "text/markdown" in answer.json()["detail"]
    assert await ingest.stored() == set()


async def test_a_compressed_body_is_refused(ingest: Ingest) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = await ingest.http.post("/api/articles", content=b"{}", headers=headers)
    assert answer.status_code == 415


async def test_a_body_over_one_mib_is_refused_whatever_length_it_claims(ingest: Ingest) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1000):
            read += 65_536
            yield b"x" * 65_536
            await asyncio.sleep(0)

    for headers in ({}, {"Content-Length": "10"}):
        answer = await ingest.http.post(
            "/api/articles", content=endless(), headers={"Content-Type": "text/markdown"} | headers
        )
        assert answer.status_code == 413
    assert await ingest.stored() == set()


async def test_a_request_may_have_one_mib_and_no_byte_more(ingest: Ingest) -> None:
    article = json.dumps(make.news().model_dump(mode="json", exclude_none=True)).encode()
    most = article.ljust(1024 * 1024)
    headers = {"Content-Type": "application/json"}
    for raw, status in ((most + b" ", 413), (most, 201)):
        answer = await ingest.http.post("/api/articles", content=raw, headers=headers)
        assert answer.status_code == status


async def test_an_idempotency_key_may_have_255_characters(ingest: Ingest) -> None:
    article = make.news().model_dump(mode="json")
    answer = await ingest.post(article, **{"Idempotency-Key": "!~" * 127 + "x"})
    assert answer.status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "æ"])
async def test_an_idempotency_key_that_is_none_is_refused(ingest: Ingest, key: str) -> None:
    article = make.news().model_dump(mode="json")
    headers = {b"Idempotency-Key": key.encode()}
    answer = await ingest.http.post("/api/articles", json=article, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert await ingest.stored() == set()


@pytest.mark.parametrize(
    "body",
    [
        "Et tall: 1 < 2 og `<b>` som kode.",
        "Tekst.[^a]\n\n[^a]: Kilden.",
        "Skriv \\[^1] for en fotnote, eller `[^1]`.",
        "#### Et nivå fire først\n\n# Og et nivå en\n\n- a\n  - b\n\n– Replikk.",
        "Se <https://example.org> og [denne](https://example.org).",
    ],
)
async def test_what_only_looks_wrong_is_accepted(ingest: Ingest, body: str) -> None:
    assert (await ingest.post(make.news(body=body).model_dump(mode="json"))).status_code == 201
