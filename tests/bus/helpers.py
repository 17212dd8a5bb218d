"""A small consumer and producer for tests of the bus."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio import Redis

from shared.bus import Bus, Effects, Entry, Timing
from shared.bus.users import as_user
from shared.events import ArticlePublished, Event, PagePublished, to_fields
from shared.trace import new_traceparent
from tests.make import revision
from tests.wait import until

FAST = Timing(
    min_idle=2.0, poll=0.02, block=0.2, first_pause=0.02, attempts=3, crashes=5, watch=0.05,
    sweep=0.2, tidy=0.2, grace=5.0, dead=1.0,
)  # fmt: skip
"""The product's timing with everything shorter, and fewer attempts."""


def published(number: int = 1, revision_number: int = 1) -> ArticlePublished:
    return ArticlePublished.about(
        revision(id=f"article{number:05d}", revision=revision_number, slug=f"sak-{number}"),
        traceparent=new_traceparent(),
    )


async def publish(redis: Redis, *events: Event, stream: str = "articles") -> None:
    for event in events:
        await redis.xadd(stream, to_fields(event))  # type: ignore[arg-type]


async def pending(redis: Redis, stream: str = "articles", group: str = "render") -> int:
    return int((await redis.xpending(stream, group))["pending"])


async def page_ids(redis: Redis) -> list[str]:
    """The event ids on `pages`, in order."""
    return [fields[b"id"].decode() for _, fields in await redis.xrange("pages")]


async def settled(redis: Redis, pages: int) -> bool:
    """Whether there are so many pages, and nothing is pending."""
    return len(await page_ids(redis)) == pages and await pending(redis) == 0


async def all_settled(redis: Redis, entries: int) -> bool:
    """Whether so many entries were read and none is pending, whatever came of them."""
    group = (await redis.xinfo_groups("articles"))[0]
    return group["entries-read"] == entries and group["pending"] == 0


async def in_time(redis: Redis, condition: Callable[[], Awaitable[bool]]) -> bool:
    """Whether `condition` comes true before the reapers have looked 400 times. Whatever the keeper
    does every fifth of a second, as it does at FAST, it has done many times by then."""
    last = await _looks(redis) + 400

    async def over() -> bool:
        return await condition() or await _looks(redis) > last

    await until(over, timeout=60)
    return await condition()


async def _looks(redis: Redis) -> int:
    stats = await redis.info("commandstats")
    return int(stats.get("cmdstat_xautoclaim", {"calls": 0})["calls"])


def page_of(entry: Entry) -> PagePublished:
    assert isinstance(entry.event, ArticlePublished)
    return PagePublished.about(entry.event.data, traceparent=entry.event.traceparent)


class Running:
    """A bus of service `render` with one handler on `articles`; stopped at the end of the block."""

    def __init__(
        self,
        url: str,
        handler: Callable[[Entry], Awaitable[None]],
        *,
        consumer: str = "render-1",
        timing: Timing = FAST,
        prefetch: int = 16,
    ) -> None:
        self.bus = Bus(as_user(url, "render"), service="render", consumer=consumer, timing=timing)
        self.bus.consume("articles", handler, prefetch=prefetch)

    async def __aenter__(self) -> Bus:
        await self.bus.start()
        return self.bus

    async def __aexit__(self, *_: Any) -> None:
        await asyncio.wait_for(self.bus.stop(), 15)


async def commit_page(entry: Entry) -> None:
    """What render does, without the page: an event and a state per revision."""
    page = page_of(entry)
    key = f"render:article:{page.subject}"
    await entry.commit(
        Effects(
            newer_than=(key, "emitted", page.data.revision),
            ops=[("HSET", key, "emitted", page.data.revision), ("HINCRBY", key, "effects", 1)],
            events=[("pages", page)],
        )
    )
