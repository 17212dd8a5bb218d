"""Whether the time of an answer tells a member's address from another: a notify in a process of its
own, with its sender at work against a sink, asked over a socket. Each address is asked once.

`python -m benchmarks.whose_address COUNT` measures so many of each (10000: many minutes). A mutant
looks the address up before it answers, which the figure must show.
"""

import asyncio
import http.client
import ipaddress
import random
import re
import sys
import time
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import uvloop

from benchmarks.million import take_in
from benchmarks.served import served
from benchmarks.sink import sink
from benchmarks.world import world
from shared.visitors.cookies import MEMBER_COOKIES, new_id

COUNT = 1_000
_JOIN = {"navn": "Kari Eksempel", "maal": "nb", "hvilke": "alle", "samtykke": "ja"}
_FORMS: dict[str, dict[str, str]] = {"/bli-medlem/": _JOIN, "/min-side/": {}}
_SOURCE = int(ipaddress.IPv4Address("198.18.0.0"))
_A_SOURCE = 40
"""Forms that one source sends."""


async def measure(count: int = COUNT) -> AsyncIterator[tuple[str, str, str]]:
    for is_mutant in (False, True):
        async with world() as here:
            await take_in(here, 2 * count)
            with sink() as relay, served(here, relay, "mutant" if is_mutant else "serve") as port:
                found = await asyncio.to_thread(_asked, port, count)
        for page, took in found.items():
            mutant = ", if its handler looks the address up" if is_mutant else ""
            yield (
                f"how well the time of {page} tells a member's address, AUC of {count}{mutant}",
                f"{auc(took[True], took[False]):.3f}",
                "far from 0.5" if is_mutant else "0.5 ± 0.02",
            )


def auc(known: list[float], unknown: list[float]) -> float:
    """How often one of `known` took longer than one of `unknown` (Mann and Whitney's U, as a part
    of all pairs)."""
    everyone = sorted([(s, 1) for s in known] + [(s, 0) for s in unknown])
    ranks = sum(rank for rank, (_, is_known) in enumerate(everyone, 1) if is_known)
    pairs = len(known) * len(unknown)
    return (ranks - len(known) * (len(known) + 1) / 2) / pairs


def _asked(port: int, count: int) -> dict[str, dict[bool, list[float]]]:
    """Seconds of each answer, by page and by whether the address is a member's. The two alternate
    at random, and each asks with a browser of its own."""
    took: dict[str, dict[bool, list[float]]] = {}
    line = http.client.HTTPConnection("127.0.0.1", port)
    for place, (path, fields) in enumerate(_FORMS.items()):
        turns = [True, False] * count
        random.shuffle(turns)
        names = {True: iter(range(place * count, (place + 1) * count)),
                 False: iter(range((2 + place) * count, (3 + place) * count))}  # fmt: skip
        seen: list[tuple[bool, str, str]] = []
        for turn, is_known in enumerate(turns):
            browser, source = new_id(), _source(place, turn)
            page, _ = _ask(line, "GET", path, browser, source)
            hidden = dict(re.findall(r'name="(skjema|ord)" value="([0-9a-f]+)"', page))
            token = hidden["skjema"]
            form = fields | hidden | {"epost": f"medlem{next(names[is_known])}@example.org"}
            _, seconds = _ask(line, "POST", path, browser, source, form)
            took.setdefault(path, {True: [], False: []})[is_known].append(seconds)
            seen.append((is_known, browser, token))
        time.sleep(2.0)  # the last letters are sent by then
        for turn, (is_known, browser, token) in enumerate(seen):
            form = {"skjema": token, "kode": "000000"}
            _, seconds = _ask(line, "POST", f"{path}kode/", browser, _source(place + 2, turn), form)
            took.setdefault(f"{path}kode/", {True: [], False: []})[is_known].append(seconds)
    line.close()
    return took


def _source(place: int, turn: int) -> str:
    return str(ipaddress.IPv4Address(_SOURCE + place * 10_000 + turn // _A_SOURCE))


def _ask(
    line: http.client.HTTPConnection,
    method: str,
    path: str,
    browser: str,
    source: str,
    form: dict[str, str] | None = None,
) -> tuple[str, float]:
    """The answer's body, and the seconds until the whole answer was there."""
    headers = {"Cookie": f"{MEMBER_COOKIES.browser}={browser}", "X-Forwarded-For": source}
    if form:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    body = urlencode(form).encode() if form else None
    start = time.perf_counter()
    line.request(method, path, body, headers)
    answer = line.getresponse()
    said = answer.read()
    taken = time.perf_counter() - start
    assert answer.status in (200, 303, 422), answer.status
    return said.decode(), taken


async def _main(count: int) -> None:
    async for figure, value, wanted in measure(count):
        print(f"| {figure} | {value} | {wanted} |", flush=True)


if __name__ == "__main__":
    uvloop.run(_main(int(sys.argv[1])))
