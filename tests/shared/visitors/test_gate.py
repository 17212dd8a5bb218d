"""A crowd waits at the door; nobody who dawdles holds it up."""

import asyncio
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from shared.visitors.forms import LARGEST_BODY_BYTES
from shared.visitors.gate import AT_ONCE, Gate
from tests.wait import until


class _Slow:
    """An app whose requests take until they are let go."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.most = self.now = 0
        self.go = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        assert not message["more_body"]
        self.bodies.append(message["body"])
        self.now += 1
        self.most = max(self.most, self.now)
        await self.go.wait()
        self.now -= 1


def _of(*messages: dict[str, Any]) -> Receive:
    waiting = list(messages)

    async def receive() -> Any:
        return waiting.pop(0) if waiting else await asyncio.Event().wait()

    return receive


async def _send(_: Any) -> None:
    raise AssertionError("nothing is sent here")


def _request(body: bytes = b"", *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_so_many_are_in_work_at_once_and_all_of_them_come_to_it() -> None:
    app = _Slow()
    gate = Gate(app)
    crowd = [
        asyncio.create_task(gate({}, _of(_request(b"%d" % n)), _send)) for n in range(5 * AT_ONCE)
    ]
    await until(lambda: app.now == AT_ONCE)
    app.go.set()
    await asyncio.gather(*crowd)
    assert app.most == AT_ONCE
    assert sorted(app.bodies) == sorted(b"%d" % n for n in range(5 * AT_ONCE))


async def test_whoever_sends_slowly_holds_up_nobody() -> None:
    app = _Slow()
    app.go.set()
    gate = Gate(app)
    slow = [
        asyncio.create_task(gate({}, _of(_request(b"a", more=True)), _send))
        for _ in range(5 * AT_ONCE)
    ]
    await asyncio.sleep(0)
    await gate({}, _of(_request(b"b", more=True), _request(b"c")), _send)
    assert app.bodies == [b"bc"]
    for task in slow:
        task.cancel()


@pytest.mark.parametrize("last", [{"type": "http.disconnect"}])
async def test_who_has_gone_is_not_worked_for(last: dict[str, Any]) -> None:
    app = _Slow()
    await Gate(app)({}, _of(_request(b"a", more=True), last), _send)
    assert app.bodies == []


async def test_a_body_without_end_is_read_until_it_is_too_large() -> None:
    app = _Slow()
    app.go.set()
    pieces = [_request(b"x" * 1024, more=True) for _ in range(1000)]
    await Gate(app)({}, _of(*pieces), _send)
    assert LARGEST_BODY_BYTES < len(app.bodies[0]) <= LARGEST_BODY_BYTES + 1024
