"""The teasers of many articles, from Redis. One that cannot be read is left out and told of: it may
not keep a list from being written, and what is published next out of it."""

from collections.abc import Iterable
from functools import lru_cache

from pydantic import ValidationError
from redis.asyncio import Redis

from services.render.articles.reads import Reads
from services.render.articles.teaser import Teaser
from shared import log

ARTICLE = "render:article:"


@lru_cache(maxsize=2048)
def _read(teaser: bytes) -> Teaser:
    """As many as stand near each other while the whole site is written; each is shown on several
    pages."""
    return Teaser.model_validate_json(teaser)


class Teasers:
    """The methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._reads = Reads(redis)
        self.spoilt: set[str] = set()
        """Articles whose teasers could not be read when they were last looked at."""

    async def of(self, articles: Iterable[str]) -> dict[str, Teaser]:
        """By id the teasers of those of `articles` that were published, in this order."""
        ids = list(articles)
        raw = await self._reads.all([("HGET", ARTICLE + article, "teaser") for article in ids])
        found: dict[str, Teaser] = {}
        for article, teaser in zip(ids, raw, strict=True):
            if teaser is None:
                continue
            try:
                found[article] = _read(teaser)
                self.spoilt.discard(article)
            except ValidationError:
                if article not in self.spoilt:
                    log.get("render").error("teaser_not_read", article=article)
                self.spoilt.add(article)
        return found
