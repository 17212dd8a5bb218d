"""Joining: how many are accepted on one core and how long the slow ones take, and whether the time
of an answer tells whose address it is.

`python -m benchmarks.joining COUNT` measures so many (10000: some minutes).
"""

import asyncio
import ipaddress
import os
import random
import sys
import time
from collections.abc import AsyncIterator
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode

import uvloop
from starlette.types import ASGIApp

from benchmarks.million import take_in
from benchmarks.world import World, world
from services.notify import app as notify
from services.notify.letters.store import JOINS
from services.notify.visitors.cookies import BROWSER, new_id
from shared.bus.users import as_user

COUNT = 2_000
MEMBERS = 2_000
_A_MINUTE = 10_000
_NAMES = 1_000
"""Addresses that are asked for, of members and of others."""
_SOURCE = int(ipaddress.IPv4Address("198.18.0.0"))
_FORM = {"navn": "Kari Eksempel", "maal": "nb", "hvilke": "alle", "samtykke": "ja"}


async def measure(count: int = COUNT) -> AsyncIterator[tuple[str, str, str]]:
    async with world() as here:
        await take_in(here, MEMBERS)
        app = await _pages(here)
        tokens = await _token(app)
        idle = [await _join(app, tokens, f"ledig{n}@example.org", n) for n in range(count // 10)]
        busy = await _at_a_pace(app, tokens, count)
        alone = await _as_fast_as_it_goes(app, tokens, count)
        known, unknown = await _known_and_unknown(here, app, tokens, count)
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
    yield (
        f"how well the time of an answer tells a member's address from another (AUC of {count})",
        f"{_auc(known, unknown):.3f}",
        "0.5 ± 0.02",
    )


async def _pages(here: World) -> ASGIApp:
    service = notify.create(here.settings, as_user(here.redis_url, "notify"))
    for open_ in service.open:
        await open_()
    return service.http


async def _token(app: ASGIApp) -> tuple[str, str]:
    """A browser's cookie and the token of its form."""
    browser = new_id()
    page = await _ask(app, "GET", b"", browser, 0)
    return browser, page.partition(b'name="skjema" value="')[2][:32].decode()


async def _join(app: ASGIApp, tokens: tuple[str, str], email: str, source: int) -> float:
    """Seconds from the form to the answer."""
    browser, token = tokens
    body = urlencode(_FORM | {"skjema": token, "epost": email}).encode()
    start = time.perf_counter()
    await _ask(app, "POST", body, browser, source)
    return time.perf_counter() - start


async def _ask(app: ASGIApp, method: str, body: bytes, browser: str, source: int) -> bytes:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = {"host": "127.0.0.1:8000", "cookie": f"{BROWSER}={browser}"}
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


async def _at_a_pace(app: ASGIApp, tokens: tuple[str, str], count: int) -> list[float]:
    """Seconds of each, from when it should have begun, as they come at the wanted pace."""
    start = time.perf_counter()

    async def one(number: int) -> float:
        due = start + number * 60 / _A_MINUTE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await _join(app, tokens, f"pace{number}@example.org", 100_000 + number)
        return time.perf_counter() - due

    return list(await asyncio.gather(*map(one, range(count))))


async def _as_fast_as_it_goes(app: ASGIApp, tokens: tuple[str, str], count: int) -> float:
    """Seconds that each takes if 16 are asked at a time."""
    numbers = iter(range(count))

    async def some() -> None:
        for number in numbers:
            await _join(app, tokens, f"fort{number}@example.org", 200_000 + number)

    start = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(16)))
    return (time.perf_counter() - start) / count


async def _known_and_unknown(
    here: World, app: ASGIApp, tokens: tuple[str, str], count: int
) -> tuple[list[float], list[float]]:
    """Seconds of each, in turns that nothing tells of."""
    took: dict[bool, list[float]] = {True: [], False: []}
    turns = [True, False] * count
    random.shuffle(turns)
    for number, is_known in enumerate(turns):
        if number % 5_000 == 0:
            await here.redis.delete(JOINS)  # so that they are not too many
        # As many of each, of the same length, and asked for again as often.
        name = number % _NAMES + (MEMBERS - _NAMES if is_known else 2 * MEMBERS)
        email = f"medlem{name}@example.org"
        took[is_known].append(await _join(app, tokens, email, 300_000 + number))
    return took[True], took[False]


def _p99(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[-1]


def _auc(known: list[float], unknown: list[float]) -> float:
    """How often one of `known` took longer than one of `unknown` (Mann and Whitney's U, as a part
    of all pairs)."""
    everyone = sorted([(s, 1) for s in known] + [(s, 0) for s in unknown])
    ranks = sum(rank for rank, (_, is_known) in enumerate(everyone, 1) if is_known)
    pairs = len(known) * len(unknown)
    return (ranks - len(known) * (len(known) + 1) / 2) / pairs


async def _main() -> None:
    async for figure, value, wanted in measure(int(sys.argv[1])):
        print(f"| {figure} | {value} | {wanted} |", flush=True)


if __name__ == "__main__":
    if sys.platform == "linux":
        os.sched_setaffinity(0, {0})
    uvloop.run(_main())
