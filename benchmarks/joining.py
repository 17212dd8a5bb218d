"""Joining: how many are accepted on one core and how long the slow ones take, with the sender of
letters at work beside them, against a sink.

`python -m benchmarks.joining COUNT` measures so many (10000: some minutes).
"""

import asyncio
import ipaddress
import os
import re
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode

import uvloop
from starlette.types import ASGIApp

from benchmarks.deliveries import with_relay
from benchmarks.million import take_in
from benchmarks.sink import sink
from benchmarks.world import World, end, world
from services.notify import app as notify
from shared.bus.users import as_user
from shared.visitors.cookies import MEMBER_COOKIES, new_id

COUNT = 2_000
MEMBERS = 2_000
_A_MINUTE = 10_000
_SOURCE = int(ipaddress.IPv4Address("198.18.0.0"))
_Tokens = tuple[str, dict[str, str]]
"""A browser's cookie, and what the form that it opened has hidden in it."""
_FORM = {"navn": "Kari Eksempel", "maal": "nb", "hvilke": "alle", "samtykke": "ja"}


async def measure(count: int = COUNT) -> AsyncIterator[tuple[str, str, str]]:
    async with world() as here:
        await take_in(here, MEMBERS)
        with sink() as port:
            async with _pages(here, port) as app:
                tokens = await _token(app)
                idle = [
                    await _join(app, tokens, f"ledig{n}@example.org", n) for n in range(count // 10)
                ]
                busy = await _at_a_pace(app, tokens, count)
                alone = await _as_fast_as_it_goes(app, tokens, count)
    yield (
        f"{_A_MINUTE} joinings a minute on one core: the slowest hundredth beside an idle one's",
        f"{_p99(busy) / _p99(idle):.1f} ({_p99(busy) * 1000:.1f} of {_p99(idle) * 1000:.1f} ms)",
        "≤ 5",
    )
    yield (
        "joinings a minute that one core accepts",
        f"{60 / alone:,.0f}".replace(",", " "),
        f"≥ {_A_MINUTE}",
    )


@asynccontextmanager
async def _pages(here: World, port: int) -> AsyncIterator[ASGIApp]:
    """The pages, and the sender that looks up and mails what they accept."""
    base = here.settings.model_copy(update={"join_letters_per_hour": 1_000_000})
    settings = with_relay(base, port, "http://127.0.0.1:9")
    service = notify.create(settings, as_user(here.redis_url, "notify"))
    for open_ in service.open:
        await open_()
    loops = [asyncio.ensure_future(loop()) for loop in service.loops]
    yield service.http
    await end(loops)
    for close in service.close:
        await close()


async def _token(app: ASGIApp) -> tuple[str, dict[str, str]]:
    """A browser's cookie and the token of its form."""
    browser = new_id()
    page = await _ask(app, "GET", b"", browser, 0)
    form = dict(re.findall(r'name="(skjema|ord)" value="([0-9a-f]+)"', page.decode()))
    return browser, form


async def _join(app: ASGIApp, tokens: _Tokens, email: str, source: int) -> float:
    """Seconds from the form to the answer."""
    browser, form = tokens
    body = urlencode(_FORM | form | {"epost": email}).encode()
    start = time.perf_counter()
    await _ask(app, "POST", body, browser, source)
    return time.perf_counter() - start


async def _ask(app: ASGIApp, method: str, body: bytes, browser: str, source: int) -> bytes:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = {"host": "127.0.0.1:8000", "cookie": f"{MEMBER_COOKIES.browser}={browser}"}
    scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": "/bli-medlem/",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": (str(ipaddress.IPv4Address(_SOURCE + source // 50)), 1),
    }
    await app(scope, receive, send)
    assert sent[0]["status"] == (200 if method == "GET" else 303), sent[0]
    return bytes(sent[1]["body"])


async def _at_a_pace(app: ASGIApp, tokens: _Tokens, count: int) -> list[float]:
    """Seconds of each, from when it should have begun, as they come at the wanted pace."""
    start = time.perf_counter()

    async def one(number: int) -> float:
        due = start + number * 60 / _A_MINUTE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await _join(app, tokens, f"pace{number}@example.org", 100_000 + number)
        return time.perf_counter() - due

    return list(await asyncio.gather(*map(one, range(count))))


async def _as_fast_as_it_goes(app: ASGIApp, tokens: _Tokens, count: int) -> float:
    """Seconds that each takes if 16 are asked at a time."""
    numbers = iter(range(count))

    async def some() -> None:
        for number in numbers:
            await _join(app, tokens, f"fort{number}@example.org", 200_000 + number)

    start = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(16)))
    return (time.perf_counter() - start) / count


def _p99(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[-1]


async def _main() -> None:
    async for figure, value, wanted in measure(int(sys.argv[1])):
        print(f"| {figure} | {value} | {wanted} |", flush=True)


if __name__ == "__main__":
    if sys.platform == "linux":
        os.sched_setaffinity(0, {0})
    uvloop.run(_main())
