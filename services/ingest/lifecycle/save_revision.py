"""Saves a new revision of an article that its editor has looked at, and submits it, unless it is to
stay a draft."""

import secrets
from dataclasses import dataclass, replace

from services.ingest.lifecycle import steps
from services.ingest.lifecycle.advance_article import AdvanceArticle
from services.ingest.lifecycle.answer import Accepted
from services.ingest.lifecycle.plan import Decision, StoredArticle
from services.ingest.lifecycle.preconditions import StepRequest, must_match, require
from services.ingest.lifecycle.steps import Turn
from services.ingest.lifecycle.store import Articles
from services.ingest.lifecycle.submit_article import Written, read_article, require_mailable
from services.ingest.pictures.store import Pictures
from services.ingest.reading.reader import ArticleReader
from services.ingest.reading.submission import Resubmission


@dataclass(frozen=True)
class SaveRevision:
    articles: Articles
    reader: ArticleReader
    pictures: Pictures
    advance: AdvanceArticle

    async def __call__(self, article: str, request: StepRequest, content_type: str) -> Accepted:
        """Save the revision in the request's body. Raises a Problem if it cannot be saved."""
        head = require(await self.articles.find(article)).head
        written = await read_article(
            self.reader, self.pictures, request, content_type, Resubmission, earlier=head
        )
        later = LaterRevision(written, request.if_match, token=secrets.token_hex(16))
        return await self.advance(article, later, request.person)


@dataclass(frozen=True)
class LaterRevision:
    """The wish for a new revision with this content. `token` is for its preview."""

    written: Written
    if_match: str | None
    token: str

    @property
    def title(self) -> str:
        return self.written.submitted.article.title

    def decide(self, stored: StoredArticle | None, slug: str, turn: Turn) -> Decision:
        stored = require(stored)
        require_mailable(self.written, stored)
        written = replace(self.written, known=stored.life.sha256)
        result = steps.save(stored.life, written.content(slug), turn)
        # What is saved already needs no precondition (RFC 9110, section 13.1.1): the client has
        # not got the answer to its first request.
        if result.acts:
            must_match(stored.life, self.if_match, wanted=True)
        if not self.written.submitted.draft:
            result = result.then(steps.submit(result.life, turn, self.token))
        number = result.life.revision
        if number == stored.life.revision:
            return Decision(result, stored.head)
        revision = written.revision(number, turn.who.name, turn.now)
        return Decision(result, revision, self.written.submitted.warnings)
