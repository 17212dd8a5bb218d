"""Publishes what is due: looks at the schedule a few times a second, for as long as it is let.

Any number of processes may do so; the script lets one of them be first, and never before the time.
"""

import asyncio
import time
from datetime import datetime

from redis.exceptions import RedisError

from services.ingest.lifecycle import steps
from services.ingest.lifecycle.advance_article import AdvanceArticle, Decided, found
from services.ingest.lifecycle.plan import StoredArticle
from services.ingest.lifecycle.steps import CLOCK, Person
from shared import log

_LOOK = 0.25
"""Seconds from look to look; with the work itself it must stay below a second."""
_AT_ONCE = 100
_AGAIN = 60.0
"""Seconds until one is tried again that could not be published."""


class PublishDue:
    def __init__(self, advance: AdvanceArticle) -> None:
        self._advance = advance
        self._failed: dict[str, float] = {}
        """Articles that could not be published, and when to try again."""

    async def __call__(self) -> None:
        while True:
            due = await self._advance.articles.due(_AT_ONCE + len(self._failed))
            self._failed = {one: at for one, at in self._failed.items() if one in due}
            for article in due:
                if self._failed.get(article, 0.0) <= time.monotonic():
                    await self._try(article)
            await asyncio.sleep(_LOOK)

    def problems(self) -> list[str]:
        """What is due and could not be published, for health."""
        return [f"article {article} not_published" for article in self._failed]

    async def publish(self, article: str) -> None:
        """Publish the article if it is due. NotApprovedError where what is stored is not what was
        approved."""

        def decide(kept: StoredArticle | None, _: str, now: datetime) -> Decided:
            taken = steps.publish(found(kept).life, now, self._advance.rules)
            return Decided(taken, found(kept).head)

        await self._advance(article, decide, Person(CLOCK, "editor"))

    async def _try(self, article: str) -> None:
        """One that fails must not hold up those behind it."""
        try:
            await self.publish(article)
        except RedisError:
            raise
        except Exception as error:
            self._failed[article] = time.monotonic() + _AGAIN
            cause = type(error).__name__
            log.get("ingest").error("not_published", article=article, cause=cause)
