"""What the services' processes hold does not grow with the number of articles: each is a process of
its own, as in a container, and its memory is read from outside. `make test` looks at a few
articles, `make proof-memory` at 1,000 and 20,000."""

import asyncio
import os
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from services.ingest.people.keys import create_key
from services.render.articles.dated import TO_WRITE
from shared.bus import lag
from shared.topology import STREAMS
from tests.make import news
from tests.server import Valkey
from tests.system.alone import Alone
from tests.wait import until

PROVED = os.environ.get("VARSEL_ARTICLES")
FEW, MANY = (1_000, int(PROVED)) if PROVED else (60, 240)
MOST = 1.15 if PROVED else 1.05
"""Beside what they held among few."""
TOPICS = 5
_PARAGRAPH = (
    "Møtet nummer {number} er på biblioteket, og alle er velkomne. Vi snakker om **kurs**, om "
    "trening og om hva som har hjulpet andre; se [programmet](https://example.org/{number})."
)
_SAID_EVERY = 1_000
"""Articles."""
_SAID_SECONDS = 60


@pytest.fixture
def services(own_server: Valkey) -> Iterator[list[Alone]]:
    with ExitStack() as stack:
        render = stack.enter_context(Alone("render", own_server)).start()
        site = {"VARSEL_SITE_URL": render.url}
        others = [Alone(name, own_server, **site) for name in ("ingest", "notify")]
        yield [stack.enter_context(one).start() for one in others] + [render]


async def test_what_a_process_holds_does_not_grow_with_the_number_of_articles(
    services: list[Alone], own_server: Valkey, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest = services[0]
    async with Redis.from_url(own_server.url) as redis:
        headers = {"Authorization": f"Bearer {await create_key(redis, 'Kari Eksempel', 'editor')}"}
        async with httpx.AsyncClient(base_url=ingest.url, headers=headers, timeout=60) as client:
            with capsys.disabled():
                await _publish(client, range(FEW))
                few = await _held(redis, services)
                await _publish(client, range(FEW, MANY))
                many = await _held(redis, services)
                if PROVED:
                    for name, held in many.items():
                        print(f"{name}: {few[name]:.1f} MB with {FEW}, {held:.1f} with {MANY}")
    grown = {name: round(many[name] / few[name], 3) for name in many}
    assert all(ratio <= MOST for ratio in grown.values()), (grown, few, many)


async def _publish(client: httpx.AsyncClient, numbers: range) -> None:
    began = time.monotonic()
    for number in numbers:
        fields = news(
            title=f"Sak nummer {number}",
            topics=[f"Tema {number % TOPICS}"],
            body="\n\n".join([_PARAGRAPH.format(number=number)] * 4),
        ).model_dump(mode="json")
        answer = await client.post("/api/articles", json=fields)
        while answer.status_code == 429:
            await asyncio.sleep(float(answer.headers["retry-after"]))
            answer = await client.post("/api/articles", json=fields)
        assert answer.status_code == 201, answer.text
        if PROVED and number % _SAID_EVERY == 0:
            print(f"{number} articles posted, {time.monotonic() - began:.0f} s", flush=True)


async def _held(redis: Redis, services: list[Alone]) -> dict[str, float]:
    """MB of each process's own memory (RssAnon), once every event is handled and all is written
    that follows from it."""

    said = 0.0

    async def is_handled() -> bool:
        nonlocal said
        left = await _left(redis)
        if PROVED and left and time.monotonic() - said > _SAID_SECONDS:
            said = time.monotonic()
            print(f"events that wait: {left}", flush=True)
        return not left

    await until(is_handled, timeout=60 + MANY / 5)
    return {one.service: _own_memory(one) for one in services}


async def _left(redis: Redis) -> dict[str, int]:
    """How many events are not handled yet, by who reads them, and what waits besides."""
    left = {
        f"{stream.name}, {group}": await lag.behind(redis, stream.name, group)
        for stream in STREAMS
        for group in stream.groups
    }
    left["what is to be written"] = await redis.zcard(TO_WRITE)
    return {what: count for what, count in left.items() if count}


def _own_memory(service: Alone) -> float:
    assert service.process
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    found = re.search(r"^RssAnon:\s+(\d+) kB$", status, re.MULTILINE)
    assert found
    return int(found[1]) / 1024
