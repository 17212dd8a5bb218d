"""Saves a new revision of an article that its editor has looked at, and submits it unless it is to
be a draft."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from services.ingest.lifecycle import steps
from services.ingest.lifecycle.advance_article import (
    Accepted,
    AdvanceArticle,
    Decided,
    Request,
    found,
    must_match,
)
from services.ingest.lifecycle.plan import StoredArticle
from services.ingest.lifecycle.steps import Turn
from services.ingest.lifecycle.submit_article import content_of, saved, uploaded
from services.ingest.pictures.store import Pictures
from services.ingest.reading import submission
from services.ingest.reading.submission import Resubmission


@dataclass(frozen=True)
class SaveRevision:
    advance: AdvanceArticle
    pictures: Pictures

    async def __call__(self, article: str, request: Request, content_type: str) -> Accepted:
        """The article with the new revision; Problem where it cannot be saved."""
        first = found(await self.advance.articles.find(article))
        submitted = submission.read(content_type, request.raw, Resubmission)
        pictures = await uploaded(self.pictures, request.key, submitted, first.head.pictures)
        token, who = secrets.token_hex(16), request.person

        def decide(kept: StoredArticle | None, slug: str, now: datetime) -> Decided:
            life, turn = found(kept).life, Turn(who, now, self.advance.rules)
            taken = steps.save(life, content_of(submitted, pictures, slug), turn)
            # What is saved already needs no precondition (RFC 9110, section 13.1.1): the answer to
            # the first request was lost.
            if taken.acts:
                must_match(life, request.if_match, wanted=True)
            head = saved(taken.life.revision, submitted, pictures, request, now)
            if not submitted.draft:
                taken = taken.then(steps.submit(taken.life, turn, token))
            return Decided(taken, head if taken.life.revision > life.revision else found(kept).head)

        return await self.advance(article, decide, who, title=submitted.article.title)
