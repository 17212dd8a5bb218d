"""How many bytes Redis keeps of what was written."""

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
MOST_FRESH, MOST_TRIMMED = 5.0, 2.5
"""Beside what was posted. Fresh, an article is in two events and in two services' states, so 3.5,
which was wanted, is less than its copies; trimmed, the events are gone."""
_WORDS = [
    "møte",
    "kurs",
    "leder",
    "styre",
    "lokallag",
    "medlem",
    "tilbud",
    "råd",
    "skjema",
    "kaffe",
    "vinter",
    "sommer",
    "lege",
]


def body(number: int) -> str:
    """About 8 kB, no two alike."""
    words = (_WORDS[(number * 31 + place * place) % len(_WORDS)] for place in range(1300))
    return " ".join(words).replace(" lege ", " lege.\n\n")


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
