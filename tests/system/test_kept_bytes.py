"""How many bytes Redis keeps of what was written."""

import zlib
from random import Random
from typing import Any

import httpx
from redis.asyncio import Redis

from services.ingest import app as ingest
from services.ingest.people.keys import create_key
from shared.bus import lag
from shared.bus.users import as_user
from tests.make import news, settings
from tests.render.running import running
from tests.wait import until

ARTICLES = 24
MOST_FRESH, MOST_TRIMMED = 3.5, 2.5
"""Beside what was posted. Fresh, an article is in two events and, compact, in two services' states;
trimmed, the events are gone."""
LEAST_PACKED = 0.41
"""What zlib makes of the real article's first 8.5 kB: of a body here it may not make less."""
_LETTERS = (
    "eeeeeeeeeeerrrrrrrtttttttnnnnnnnsssssslllllaaaaaaiiiiiiooookkkkmmmdddgggvvfffuupphbåjyøæ"
)


def word(made: Random) -> str:
    return "".join(made.choices(_LETTERS, k=made.choice((2, 3, 4, 6, 9))))


_KNOWN = [word(Random(number)) for number in range(200)]


def body(number: int) -> str:
    """About 8 kB, no two alike, of which one in five words stands nowhere else."""
    made = Random(number)
    return " ".join(
        word(made) if made.random() < 0.22 else made.choice(_KNOWN) for _ in range(1500)
    )


def test_what_is_measured_packs_no_better_than_the_real_article() -> None:
    text = body(1).encode()
    assert len(text) > 8000
    assert len(zlib.compress(text, 9)) / len(text) >= LEAST_PACKED


async def used(redis: Redis) -> int:
    """Bytes of all keys, as Redis counts them: without what it holds for its clients."""
    return sum([await redis.memory_usage(key, samples=0) or 0 async for key in redis.scan_iter()])


async def noted(redis: Redis) -> bool:
    """Whether all pages are made, and ingest has heard of them."""
    for stream, group in (("articles", "render"), ("pages", "ingest")):
        if await lag.behind(redis, stream, group):
            return False
    return True


async def test_redis_keeps_at_most_two_and_a_half_times_what_was_written_once_trimmed(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    service = ingest.create(conf, as_user(redis_url, "ingest"))
    key = await create_key(redis, "Kari", "editor")
    headers = {"Authorization": f"Bearer {key}"}
    transport = httpx.ASGITransport(service.http)
    written = 0
    async with (
        running(conf, redis_url),
        httpx.AsyncClient(transport=transport, base_url="http://t", headers=headers) as client,
    ):
        await service.bus.start()
        await post(client, 0)
        await until(lambda: noted(redis))
        before = await used(redis)
        for number in range(1, ARTICLES + 1):
            written += await post(client, number)
        await until(lambda: noted(redis), timeout=60)
        fresh = await used(redis) - before
        for stream in ("articles", "pages"):
            await redis.xtrim(stream, maxlen=0, approximate=False)
        trimmed = await used(redis) - before
        await service.bus.stop()
    for close in service.close:
        await close()
    assert fresh / written <= MOST_FRESH
    assert trimmed / written <= MOST_TRIMMED


async def post(client: httpx.AsyncClient, number: int) -> int:
    """Publish an article; how many bytes it was."""
    fields: dict[str, Any] = news(title=f"Sak {number}", body=body(number)).model_dump(mode="json")
    answer = await client.post("/api/articles", json=fields)
    assert answer.status_code == 201, answer.text
    return len(answer.request.content)
