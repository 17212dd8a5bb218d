"""How many bytes Redis keeps of what was written."""

from typing import Any

import httpx
from redis.asyncio import Redis

from services.ingest import app as ingest
from services.ingest.people.keys import create_key
from shared.bus.users import as_user
from tests.make import news, settings
from tests.render.running import all_handled, running
from tests.wait import until

ARTICLES = 60
MOST_FRESH, MOST_TRIMMED = 3.5, 2.5
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
    return int((await redis.info("memory"))["used_memory_dataset"])


async def noted(redis: Redis) -> bool:
    """Whether ingest has heard of all pages."""
    groups = await redis.xinfo_groups("pages")
    return any(g["name"] == b"ingest" and not g["pending"] and not g["lag"] for g in groups)


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
        await all_handled(redis)
        before = await used(redis)
        for number in range(1, ARTICLES + 1):
            written += await post(client, number)
        await all_handled(redis)
        await until(lambda: noted(redis))
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
