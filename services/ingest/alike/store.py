"""The live articles by what they are recognised by, in Redis.

`ingest:alike` has an entry for each term of each live article, in the order of their letters, so
that those of one term stand together, the newest last. `ingest:live` has what a warning says of an
article, by its id. Both are written by advance.lua.
"""

from collections.abc import Iterable, Sequence

from redis.asyncio import Redis

from services.ingest.alike.terms import LiveArticle, Term
from shared.bus.streams import text

ALIKE = "ingest:alike"
LIVE = "ingest:live"


class LiveArticles:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def with_terms(self, terms: Sequence[Term], newest: int) -> dict[str, list[Term]]:
        """The ids of live articles that have some of `terms`, and which. Of each term the `newest`
        articles are looked at, however many there are."""
        async with self._redis.pipeline(transaction=False) as looks:
            for term in terms:
                looks.zrange(
                    ALIKE, f"({term.key}}}", f"[{term.key}|", desc=True, bylex=True,
                    offset=0, num=newest,
                )  # fmt: skip
            found = await looks.execute()
        articles: dict[str, list[Term]] = {}
        for term, entries in zip(terms, found, strict=True):
            for entry in entries:
                articles.setdefault(text(entry).rpartition("|")[2], []).append(term)
        return articles

    async def about(self, articles: Iterable[str]) -> dict[str, LiveArticle]:
        """What is known of those of `articles` that are live."""
        ids = list(articles)
        stored = await self._redis.hmget(LIVE, ids) if ids else []
        return {
            article: LiveArticle.model_validate_json(one)
            for article, one in zip(ids, stored, strict=True)
            if one
        }
