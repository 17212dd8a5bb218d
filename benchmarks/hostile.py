"""The texts that a parser is slowest with, at full size, beside the same size of plain text.

Processor time without Python's garbage collector, as in the child process that does this work. The
second figure is growth: eight times the text should take eight times the work. The last one is what
others notice of it: the slowest answer while a system of its own is sent all these texts.
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from time import perf_counter, process_time

import httpx

from services.ingest.lifecycle.diff.lines import unified
from services.ingest.reading import body as reading
from services.render.text.body_html import body_html
from services.render.text.labels import labels
from tests import make
from tests.ingest.hostile_bodies import NAMES, body
from tests.system.running import Up

FULL, EIGHTH = 200_000, 25_000
LOOK_SECONDS = 0.003
"""Between two looks of those others."""


def _read(text: str) -> None:
    reading.parse.cache_clear()
    reading.read(text)


def _render(text: str) -> None:
    body_html(text, {}, labels("nb"))


def _compare(text: str) -> None:
    """With the same lines in another order."""
    lines = text.splitlines()
    unified(lines, [*lines[len(lines) // 3 :], *lines[: len(lines) // 3]])


WORK: dict[str, Callable[[str], None]] = {
    "reading": _read,
    "rendering": _render,
    "comparing": _compare,
}


def _seconds(work: Callable[[str], None], text: str) -> float:
    gc.collect()
    start = process_time()
    work(text)
    return process_time() - start


async def _slowest_of_others() -> float:
    """Milliseconds of the slowest answer to others, with texts at full and at an eighth of size."""
    slowest = 0.0

    async def look(http: httpx.AsyncClient) -> None:
        nonlocal slowest
        while True:
            start = perf_counter()
            await http.get("/health/live")
            slowest = max(slowest, (perf_counter() - start) * 1000)
            await asyncio.sleep(LOOK_SECONDS)

    with Up() as up:
        await asyncio.to_thread(up.start)
        key = await asyncio.to_thread(up.key)
        headers = {"Authorization": f"Bearer {key}"}
        news = make.news().model_dump(mode="json") | {"draft": True}
        async with (
            httpx.AsyncClient(base_url=up.url) as other,
            httpx.AsyncClient(base_url=up.url, headers=headers, timeout=60) as http,
        ):
            looking = asyncio.create_task(look(other))
            for name in NAMES:
                for size in (EIGHTH, FULL):
                    more = {"title": f"{name} {size}", "body": body(name, size)}
                    await http.post("/api/articles", json=news | more)
            looking.cancel()
    return slowest


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    gc.disable()
    try:
        for what, work in WORK.items():
            plain = min(_seconds(work, body("plain", FULL)) for _ in range(3))
            took = {name: _seconds(work, body(name, FULL)) for name in NAMES}
            worst = max(took, key=lambda name: took[name])
            small = min(_seconds(work, body(worst, EIGHTH)) for _ in range(3))
            yield (
                f"{what} {FULL} characters of the worst kind ({worst}) beside plain text",
                f"{took[worst] / plain:.0f} ({took[worst]:.2f} of {plain:.3f} s)",
                "≤ 150",
            )
            yield (
                f"{what} {FULL} characters of it beside {EIGHTH}",
                f"{took[worst] / small:.1f}",
                "≤ 12",
            )
    finally:
        gc.enable()
    slowest = await _slowest_of_others()
    yield "the slowest answer to others meanwhile, in ms", f"{slowest:.0f}", "≤ 50"
