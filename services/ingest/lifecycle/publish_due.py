"""Publishes what is due: looks at the schedule a few times a second, until it is cancelled.

Any number of processes may do so. The script lets one of them be first, and none before the time.
"""

import asyncio
import time
from dataclasses import dataclass

from redis.exceptions import RedisError

from services.ingest.lifecycle import steps
from services.ingest.lifecycle.advance_article import AdvanceArticle
from services.ingest.lifecycle.plan import Decision, StoredArticle
from services.ingest.lifecycle.preconditions import require
from services.ingest.lifecycle.steps import THE_CLOCK, Turn
from shared import log

_LOOK_SECONDS = 0.25
"""From look to look. With the work itself it must stay below a second: that is the promise."""
_ARTICLES_AT_ONCE = 100
"""Due ones that one look takes."""
_RETRY_SECONDS = 60.0
"""Until an article that could not be published is tried again."""


@dataclass(frozen=True)
class PublishIfDue:
    """The clock's wish: to publish the article if its time has come."""

    title = None  # publishing leaves it as it is

    def decide(self, stored: StoredArticle | None, _: str, turn: Turn) -> Decision:
        stored = require(stored)
        return Decision(steps.publish(stored.life, turn.now, turn.rules), stored.head)


class PublishDue:
    def __init__(self, advance: AdvanceArticle) -> None:
        self._advance = advance
        self._failed: dict[str, float] = {}
        """Articles that could not be published, and when to try each again, by `time.monotonic`."""

    async def __call__(self) -> None:
        while True:
            due = await self._advance.articles.due(_ARTICLES_AT_ONCE + len(self._failed))
            self._failed = {one: at for one, at in self._failed.items() if one in due}
            for article in due:
                if self._failed.get(article, 0.0) <= time.monotonic():
                    await self._try(article)
            await asyncio.sleep(_LOOK_SECONDS)

    def problems(self) -> list[str]:
        """For health: the articles that are due and could not be published."""
        return [f"article {article} not_published" for article in self._failed]

    async def publish(self, article: str) -> None:
        """Publish the article if it is due. Raises NotApprovedError if what is stored is not what
        was approved."""
        await self._advance(article, PublishIfDue(), THE_CLOCK)

    async def _try(self, article: str) -> None:
        """An article that fails must not hold up those behind it."""
        try:
            await self.publish(article)
        except RedisError:
            raise
        except Exception as error:
            self._failed[article] = time.monotonic() + _RETRY_SECONDS
            cause = type(error).__name__
            log.get("ingest").error("not_published", article=article, cause=cause)
