"""What one request brings holds up nobody, and no work grows faster than the text."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from services.ingest.reading import body, lint
from services.ingest.reading.reader import MOST_WARNINGS
from services.render.text.body_html import body_html
from services.render.text.labels import labels
from tests import make
from tests.ingest.conftest import Ingest
from tests.ingest.hostile_bodies import NAMES, PLAIN
from tests.ingest.hostile_bodies import body as body_of

LONG = 50_000
ANSWERED_MEANWHILE = 20
"""Of others, while one long text is read. Read in the same process, it let none through."""


def calls(work: Callable[[], object]) -> int:
    """How many functions are called for it: the same each time, on any machine."""
    count = 0

    def note(*_: Any) -> None:
        nonlocal count
        count += 1

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def read(text: str) -> None:
    body.parse.cache_clear()
    body.read(text)
    article = make.news().model_copy(update={"body": text})
    lint.warnings(article)


@pytest.mark.parametrize("name", ["plain", *NAMES])
def test_reading_and_rendering_take_work_in_proportion_to_the_text(name: str) -> None:
    short, long = body_of(name, 1_000), body_of(name, 8_000)
    read(short)  # what is made once
    assert calls(lambda: read(long)) < 16 * calls(lambda: read(short))
    words = labels("nb")
    assert calls(lambda: body_html(long, {}, words)) < 16 * calls(
        lambda: body_html(short, {}, words)
    )


async def others(ingest: Ingest, asked: Awaitable[httpx.Response]) -> tuple[httpx.Response, int]:
    """The answer, and how many others were answered before it."""
    request = asyncio.ensure_future(asked)
    answered = 0
    while not request.done():
        await ingest.http.get("/api/articles/000000000000")
        answered += 1
    return await request, answered


def news(text: str, **more: Any) -> dict[str, Any]:
    return make.news().model_dump(mode="json") | {"body": text, **more}


async def warm(ingest: Ingest) -> None:
    answer = await ingest.post(news(PLAIN * 500, title="Lang", draft=True))
    assert answer.status_code == 201


async def test_a_text_that_is_dear_to_read_holds_up_nobody(ingest: Ingest) -> None:
    await warm(ingest)
    dear = news(body_of("items", LONG).strip())
    answer, answered = await others(ingest, ingest.post(dear))
    assert answer.status_code == 201, answer.text
    assert answered >= ANSWERED_MEANWHILE


async def test_a_diff_of_many_short_lines_holds_up_nobody(ingest: Ingest) -> None:
    await warm(ingest)
    parts = ["\n".join(f"{number * step % 97}" for number in range(60_000)) for step in (31, 57)]
    first = await ingest.post(news(parts[0][:150_000], draft=True))
    path = f"/api/articles/{first.json()['id']}"
    second = await ingest.http.put(
        path,
        json=news(parts[1][:150_000], draft=True),
        headers={"If-Match": first.json()["etag"]},
    )
    assert second.status_code == 200, second.text
    asked = ingest.http.get(f"{path}/diff", params={"from": 1, "to": 2})
    answer, answered = await others(ingest, asked)
    assert answer.status_code == 200
    assert answered >= 1


DEAR = {
    "accents": ('{"title": "a' + "\u0300\u0316" * 250_000 + '"}', 422),
    "objects": ("[" + "{}," * 330_000 + "{}]", 400),
    "values": ('{"title": [' + '"",' * 330_000 + '""]}', 400),
    "brackets": ('{"body": "' + "![" * 100_000 + '"}', 422),
}


@pytest.mark.parametrize("name", DEAR)
async def test_what_is_too_much_is_refused_for_its_length(ingest: Ingest, name: str) -> None:
    text, status = DEAR[name]
    headers = {"Content-Type": "application/json"}
    answer = await ingest.http.post("/api/articles", content=text.encode(), headers=headers)
    assert answer.status_code == status
    assert await ingest.stored() == set()


async def test_of_very_many_warnings_the_first_are_told_and_how_many_more_there_are(
    ingest: Ingest,
) -> None:
    """Forty thousand were seven megabytes of answer, and held up others for a quarter second."""
    answer = await ingest.post(news("1. a\n" * 2_000 + "Slutt.", draft=True))
    warnings = answer.json()["warnings"]
    assert len(warnings) == MOST_WARNINGS + 1
    assert warnings[-1] == {"field": "body", "message": "og 1899 varsler til", "article": None}


@pytest.mark.parametrize("step", ["submit", "approve", "reject", "stop", "withdraw"])
async def test_a_step_takes_no_long_body(ingest: Ingest, step: str) -> None:
    path = f"/api/articles/000000000000/{step}"
    answer = await ingest.http.post(path, content=b"{" + b" " * 17_000 + b"}")
    assert answer.status_code == 413
    assert "16 KiB" in answer.json()["detail"]


async def test_a_text_that_takes_too_long_is_refused_with_a_way_out(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.ingest.reading.reader._SECONDS", 0.0)
    answer = await ingest.post(news(PLAIN * 500))
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "body"
    assert "del saken i flere" in error["message"]
    assert await ingest.stored() == set()
