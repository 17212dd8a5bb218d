"""Joining: how many one core accepts over HTTP, and how long the slow ones take, with the sender of
letters at work beside them. A notify has a core of its own; Redis, the sink and those who ask have
the rest.

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
from urllib.parse import urlencode

import uvloop

from benchmarks.million import take_in
from benchmarks.served import served
from benchmarks.sink import sink
from benchmarks.world import world
from shared.visitors.cookies import MEMBER_COOKIES, new_id

COUNT = 2_000
MEMBERS = 2_000
_A_MINUTE = 10_000
_LINES = 16
_SOURCE = int(ipaddress.IPv4Address("198.18.0.0"))
_A_SOURCE = 50
"""Forms that one source sends."""
_FORM = {"navn": "Kari Eksempel", "maal": "nb", "hvilke": "alle", "samtykke": "ja"}


async def measure(count: int = COUNT) -> AsyncIterator[tuple[str, str, str]]:
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, set(cores[1:]) or set(cores))
    try:
        async with world() as here:
            await take_in(here, MEMBERS)
            with sink() as relay, served(here, relay, core=cores[0]) as port:
                async with _browser(port) as browser:
                    idle = [
                        await browser.join(f"ledig{n}@example.org", n) for n in range(count // 10)
                    ]
                    busy = await _at_a_pace(browser, count)
                    alone = await _as_fast_as_it_goes(browser, count)
    finally:
        os.sched_setaffinity(0, set(cores))
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


_Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Browser:
    """One browser with a form that it opened, and so many lines to notify. It writes its requests
    itself: a client of a library would take more of a core than what is measured."""

    def __init__(self, lines: list[_Line]) -> None:
        self._free: asyncio.Queue[_Line] = asyncio.Queue()
        for line in lines:
            self._free.put_nowait(line)
        self._cookie = new_id()
        self._form: dict[str, str] = {}

    async def open_form(self) -> None:
        page = await self._ask("GET", b"", 0)
        self._form = dict(re.findall(r'name="(skjema|ord)" value="([0-9a-f]+)"', page.decode()))

    async def join(self, email: str, source: int) -> float:
        """Seconds from the form to the whole answer."""
        body = urlencode(_FORM | self._form | {"epost": email}).encode()
        start = time.perf_counter()
        await self._ask("POST", body, source)
        return time.perf_counter() - start

    async def _ask(self, method: str, body: bytes, source: int) -> bytes:
        line = reader, writer = await self._free.get()
        address = ipaddress.IPv4Address(_SOURCE + source // _A_SOURCE)
        head = (
            f"{method} /bli-medlem/ HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n"
            f"Cookie: {MEMBER_COOKIES.browser}={self._cookie}\r\nX-Forwarded-For: {address}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: (\d+)", answer, re.IGNORECASE)
        said = await reader.readexactly(int(length[1])) if length else b""
        self._free.put_nowait(line)
        assert answer.split()[1] == (b"200" if method == "GET" else b"303"), answer
        return said


@asynccontextmanager
async def _browser(port: int) -> AsyncIterator[_Browser]:
    lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(_LINES)]
    browser = _Browser(lines)
    await browser.open_form()
    yield browser
    for _, writer in lines:
        writer.close()


async def _at_a_pace(browser: _Browser, count: int) -> list[float]:
    """Seconds of each, from when it should have begun, as they come at the wanted pace."""
    start = time.perf_counter()

    async def one(number: int) -> float:
        due = start + number * 60 / _A_MINUTE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await browser.join(f"pace{number}@example.org", 100_000 + number)
        return time.perf_counter() - due

    return list(await asyncio.gather(*map(one, range(count))))


async def _as_fast_as_it_goes(browser: _Browser, count: int) -> float:
    """Seconds that each takes if as many are asked at a time as there are lines."""
    numbers = iter(range(count))

    async def some() -> None:
        for number in numbers:
            await browser.join(f"fort{number}@example.org", 200_000 + number)

    start = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(_LINES)))
    return (time.perf_counter() - start) / count


def _p99(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[-1]


async def _main() -> None:
    async for figure, value, wanted in measure(int(sys.argv[1])):
        print(f"| {figure} | {value} | {wanted} |", flush=True)


if __name__ == "__main__":
    uvloop.run(_main())
