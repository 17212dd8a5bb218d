"""Publishes what is due: looks at the schedule a few times a second, for as long as it is let.

Any number of processes may do so; the script lets one of them be first, and never before the time.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from services.ingest import lifecycle
from services.ingest.advance_article import AdvanceArticle, Decided, found
from services.ingest.lifecycle import CLOCK, Person
from services.ingest.plan import Kept, NotApprovedError
from shared import log

_LOOK = 0.25
"""Seconds from look to look; with the work itself it must stay below a second."""
_AT_ONCE = 100


@dataclass(frozen=True)
class PublishDue:
    advance: AdvanceArticle

    async def __call__(self) -> None:
        while True:
            for article in await self.advance.articles.due(_AT_ONCE):
                await self.publish(article)
            await asyncio.sleep(_LOOK)

    async def publish(self, article: str) -> None:
        """Publish the article if it is due. One whose content is not what was approved stays where
        it is, and says so."""

        def decide(kept: Kept | None, _: str, now: datetime) -> Decided:
            taken = lifecycle.publish(found(kept).life, now, self.advance.rules)
            return Decided(taken, found(kept).head)

        try:
            await self.advance(article, decide, Person(CLOCK, "editor"))
        except NotApprovedError:
            log.get("ingest").error("not_as_approved", article=article)
