"""Faults that nobody foresaw: answered once, in words, whatever else is broken."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message
from structlog.testing import capture_logs

from shared.visitors.faults import Faults
from shared.visitors.kept_body import MOST_KEPT_BYTES


async def fail(request: Request) -> Response:
    await request.body()
    raise ValueError("a secret")


async def fail_unread(_: Request) -> Response:
    raise ValueError("a secret")


async def fail_half_way(request: Request) -> Response:
    async for _ in request.stream():
        raise ValueError("a secret")
    raise AssertionError("nothing was sent")


async def app_that_fails(*_: object) -> None:
    raise ValueError("a secret")


async def break_off(_: Request) -> Response:
    async def pieces() -> object:  # type: ignore[misc]
        yield "half"
        raise ValueError("a secret")

    return StreamingResponse(pieces())  # type: ignore[arg-type]


async def what_was_sent(request: Request) -> Response:
    return PlainTextResponse(f"{len(await request.body())}", 500)


async def broken_too(_: Request) -> Response:
    raise RuntimeError("another secret")


def app(answer: object) -> Starlette:
    methods = ["GET", "POST"]
    return Starlette(
        routes=[
            Route("/fail", fail, methods=methods),
            Route("/unread", fail_unread, methods=methods),
            Route("/half-read", fail_half_way, methods=methods),
            Route("/half", break_off),
        ],
        middleware=[Middleware(Faults, service="ingest", answer=answer)],
    )


@pytest.mark.parametrize("path", ["/fail", "/unread", "/half-read"])
@pytest.mark.parametrize(("size", "kept"), [(1, 1), (1000, 1000), (MOST_KEPT_BYTES + 1, 0)])
async def test_the_answer_can_read_what_was_sent_unless_it_was_too_much(
    path: str, size: int, kept: int
) -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, size, 64 * 1024):
            yield b"x" * min(64 * 1024, size - start)

    transport = httpx.ASGITransport(app(what_was_sent))
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as http:
        answer = await http.post(path, content=in_pieces())
    assert (answer.status_code, answer.text) == (500, str(kept))


async def test_nothing_is_waited_for_if_nothing_was_sent_or_who_sent_it_left() -> None:
    faults = Faults(app_that_fails, service="ingest", answer=what_was_sent)
    half: Message = {"type": "http.request", "body": b"half", "more_body": True}
    for messages, kept in (
        ([{"type": "http.request", "body": b"", "more_body": False}], b"0"),
        ([half, {"type": "http.disconnect"}], b"4"),
    ):
        said: list[Message] = []

        async def receive(left: list[Message] = messages) -> Message:  # type: ignore[assignment]
            return left.pop(0)

        async def send(message: Message, said: list[Message] = said) -> None:
            said.append(message)

        await faults({"type": "http", "method": "POST", "headers": []}, receive, send)
        assert [one.get("body") for one in said][1] == kept


async def test_if_the_answer_fails_too_it_is_said_in_plain_words() -> None:
    transport = httpx.ASGITransport(app(broken_too))
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as http:
        with capture_logs() as lines:
            answer = await http.get("/fail")
    assert answer.status_code == 500
    assert "Noe gikk galt hos oss" in answer.text
    assert [line["endpoint"] for line in lines] == ["fail", "answer"]
    assert "secret" not in answer.text + str(lines)


async def test_an_answer_that_has_begun_is_broken_off() -> None:
    transport = httpx.ASGITransport(app(what_was_sent))
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as http:
        with pytest.raises(ValueError, match="a secret"):
            await http.get("/half")
