"""Takes in an article of another site: as a draft, or as published when it was published there.

It is known by its old address: a second time changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from redis.asyncio import Redis

from services.ingest.lifecycle import steps
from services.ingest.lifecycle.advance_article import AdvanceArticle
from services.ingest.lifecycle.answer import Accepted, answer_to
from services.ingest.lifecycle.plan import Decision, StoredArticle
from services.ingest.lifecycle.preconditions import StepRequest, require
from services.ingest.lifecycle.refusals import moved_already
from services.ingest.lifecycle.steps import StepResult, Turn
from services.ingest.lifecycle.submit_article import Written, new_article_id, read_article
from services.ingest.moving.pace import wait_for_pages
from services.ingest.pictures.store import Pictures
from services.ingest.problems import FieldError, invalid
from services.ingest.reading.reader import ArticleReader
from services.ingest.reading.submission import JSON, MovedSubmission
from shared.old_address import OldPath


@dataclass(frozen=True)
class MoveArticle:
    """The wish for an article of another site."""

    article: str
    written: Written
    moved_from: tuple[OldPath, ...]
    slug: str | None
    at: datetime | None
    """When it was published; None if it stays a draft."""

    @property
    def title(self) -> str:
        """What its slug is made of."""
        return self.slug or self.written.submitted.article.title

    def decide(self, stored: StoredArticle | None, slug: str, turn: Turn) -> Decision:
        if stored is not None:
            raise moved_already(stored.life.id)
        begun = steps.begin(self.article, self.written.content(slug), turn)
        at = min(self.at, turn.now) if self.at else None
        result = begun.then(steps.move(begun.life, turn, self.moved_from, at))
        head = self.written.revision(1, turn.who.name, turn.now)
        return Decision(result, head, self.written.submitted.warnings)


@dataclass(frozen=True)
class ImportArticle:
    redis: Redis
    reader: ArticleReader
    pictures: Pictures
    advance: AdvanceArticle

    async def __call__(self, request: StepRequest) -> tuple[Accepted, bool]:
        """What has become of the article in the request's body (JSON, as `MovedSubmission` has it),
        and whether it is new.

        Raises a Problem if it cannot be taken in: 422 that names the field, 409 if another article
        has its content or one of its other addresses, 503 if pages are not made meanwhile.
        """
        written = await read_article(self.reader, self.pictures, request, JSON, MovedSubmission)
        moved = written.submitted.moved
        if moved is None:
            raise TypeError("no article of another site")
        articles = self.advance.articles
        if there := await articles.moved_from(moved.moved_from[0]):
            return await self._as_it_is(there, request), False
        for at, path in enumerate(moved.moved_from):
            if owner := await articles.moved_from(path):
                raise moved_already(owner)
            if path.startswith("/nyheter/") and await articles.has_slug(path.split("/")[2]):
                raise invalid(
                    FieldError(
                        f"moved_from.{at}", "er adressen til en annen sak på dette nettstedet"
                    )
                )
        wish = MoveArticle(
            new_article_id(),
            written,
            moved.moved_from,
            moved.slug,
            None if written.submitted.draft else moved.published_at,
        )
        if wish.at:
            await wait_for_pages(self.redis)
        return await self.advance(wish.article, wish, request.person), True

    async def _as_it_is(self, article: str, request: StepRequest) -> Accepted:
        stored = require(await self.advance.articles.find(article))
        turn = Turn(request.person, stored.now, self.advance.rules)
        return answer_to(
            Decision(StepResult(stored.life), stored.head), turn, self.advance.site, ()
        )
