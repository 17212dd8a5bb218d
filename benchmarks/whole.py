"""`varsel up` as a whole beside Postfix's own client `smtp-source` (C), in pairs and in turn: from
an editor's `POST` of an alert until its receipt says that every member's mail was handed over, to
the same sink, with the same bytes and as many connections.

The alert is the real article where it is beside the repository, else one of a usual length.
`python -m benchmarks whole`, some minutes; a number behind it is of members.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from statistics import median

import httpx
from redis.asyncio import Redis

from benchmarks import postfix
from benchmarks.deliveries import SENDER, alert_of
from benchmarks.million import take_in
from benchmarks.speed import content_of
from benchmarks.world import World
from services.ingest.reading.submission import JSON
from services.notify.ledger.delivery import delivery_key
from shared.article import Article
from shared.bus.users import OPERATOR
from shared.revision import Revision
from shared.settings import Settings
from tests.render.real import PICTURES, is_real_article_here, real_article, real_pictures
from tests.system.running import Up
from varsel.run.embedded import redis_url

MEMBERS = 100_000
CONNECTIONS = 16
PAIRS = 3


async def measure(members: int = MEMBERS) -> AsyncIterator[tuple[str, str, str]]:
    article = _article()
    with postfix.tools() as found, postfix.smtp_sink(found) as port:
        settings = {
            # One more, which is for letters.
            "VARSEL_SMTP_URL": (
                f"smtp://127.0.0.1:{port}?starttls=none&connections={CONNECTIONS + 1}"
            ),
            "VARSEL_MAIL_FROM": SENDER,
            "VARSEL_ALERT_APPROVALS": "0",
        }
        with Up(**settings) as up:
            up.start()
            url = redis_url(up.data, OPERATOR)
            async with Redis.from_url(url) as redis:
                here = World(Settings(data=up.data), url, redis)
                await take_in(here, members)
                content = content_of(here, _revision(article))
                times = []
                for number in range(PAIRS + 1):  # the first is to warm up
                    source = await asyncio.to_thread(
                        postfix.smtp_source,
                        found, port, mail=content, count=members, connections=CONNECTIONS,
                    )  # fmt: skip
                    times.append((source, await _deliver(up, redis, article, number)))
    ratios = sorted(source / varsel for source, varsel in times[1:])
    speeds = [members / median(taken) for taken in zip(*times[1:], strict=True)]
    yield (
        f"`varsel up`, from `POST` to the receipt of {members} mails of {len(content) // 1000} kB, "
        f"beside `smtp-source`, {CONNECTIONS} connections, in turn, median of {PAIRS}",
        f"{median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}; "
        f"{speeds[1]:.0f} of {speeds[0]:.0f} a second)",
        "≥ 1.0",
    )


def _article() -> Article:
    return real_article() if is_real_article_here() else alert_of("alert0000001", long=True).article


def _revision(article: Article) -> Revision:
    pictures = real_pictures() if is_real_article_here() else {}
    return alert_of("alert0000001").model_copy(update={"article": article, "pictures": pictures})


async def _deliver(up: Up, redis: Redis, article: Article, number: int) -> float:
    """Seconds until its receipt is complete."""
    fields = article.model_dump(mode="json", exclude_none=True)
    headers = {"Authorization": f"Bearer {up.key()}"}
    async with httpx.AsyncClient(base_url=up.url, headers=headers, timeout=60) as client:
        for file in PICTURES if is_real_article_here() else ():
            sent = {"file": (file.name, file.read_bytes(), "image/jpeg")}
            (await client.post("/api/assets", files=sent)).raise_for_status()
        begun = time.perf_counter()
        posted = await client.post(
            "/api/articles",
            json=fields | {"title": f"{article.title} ({number})"},
            headers={"Content-Type": JSON},
        )
        id_ = posted.raise_for_status().json()["id"]
        # Redis is asked first: to ask for a receipt again and again takes time from what is sent.
        while await redis.hget(delivery_key(f"{id_}.1"), "state") != b"complete":
            await asyncio.sleep(0.02)
        while (await client.get(f"/api/articles/{id_}/receipt")).json()["state"] != "complete":
            await asyncio.sleep(0.02)
        return time.perf_counter() - begun
