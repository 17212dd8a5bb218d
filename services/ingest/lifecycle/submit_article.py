"""Submits an article: reads what the editor posted, and publishes, saves, or sends it to review."""

import secrets
import string
from dataclasses import dataclass
from datetime import datetime

from services.ingest.keys.store import Key
from services.ingest.lifecycle import steps
from services.ingest.lifecycle.advance_article import Accepted, AdvanceArticle, Decided, Request
from services.ingest.lifecycle.idempotency import IdempotencyClaim
from services.ingest.lifecycle.life import StoredRevision
from services.ingest.lifecycle.plan import StoredArticle
from services.ingest.lifecycle.steps import Content, Turn
from services.ingest.pictures.store import Pictures
from services.ingest.problems import invalid
from services.ingest.reading import submission
from services.ingest.reading.body import never_uploaded
from services.ingest.reading.submission import Submitted
from shared.article import Picture
from shared.revision import content_sha256

_ALPHABET = string.digits + string.ascii_lowercase


@dataclass(frozen=True)
class SubmitArticle:
    advance: AdvanceArticle
    pictures: Pictures

    async def __call__(self, request: Request, content_type: str) -> Accepted:
        """Submit, or give the answer that the same request got before; Problem where it cannot."""

        async def work(claim: IdempotencyClaim | None) -> Accepted:
            return await self._submit(request, content_type, claim)

        return await self.advance.once(request, work)

    async def _submit(
        self, request: Request, content_type: str, claim: IdempotencyClaim | None
    ) -> Accepted:
        submitted = submission.read(content_type, request.raw)
        pictures = await uploaded(self.pictures, request.key, submitted)
        article_id = "".join(secrets.choice(_ALPHABET) for _ in range(12))
        token, who = secrets.token_hex(16), request.person

        def decide(_: StoredArticle | None, slug: str, now: datetime) -> Decided:
            turn = Turn(who, now, self.advance.rules)
            content = content_of(submitted, pictures, slug)
            taken = steps.begin(article_id, content, turn)
            head = saved(1, submitted, pictures, request, now)
            if not submitted.draft:
                taken = taken.then(steps.submit(taken.life, turn, token))
            return Decided(taken, head)

        title = submitted.article.title
        return await self.advance(article_id, decide, who, claim, title=title)


async def uploaded(
    pictures: Pictures,
    key: Key,
    submitted: Submitted,
    earlier: dict[str, Picture] | None = None,
) -> dict[str, Picture]:
    """The pictures of the body, as this key uploaded them or as they were `earlier`; Problem 422
    where one never was."""
    known = earlier or {}
    found = known | await pictures.find(key.id, submitted.pictures)
    if missing := [address for address in submitted.pictures if address not in found]:
        raise invalid(*map(never_uploaded, missing))
    return {address: found[address] for address in submitted.pictures}


def content_of(submitted: Submitted, pictures: dict[str, Picture], slug: str) -> Content:
    return Content(
        kind=submitted.article.kind,
        mode=submitted.article.alert.mode if submitted.article.alert else None,
        title=submitted.article.title,
        slug=slug,
        sha256=content_sha256(submitted.article, pictures, submitted.change),
        change=submitted.change,
        publish_at=submitted.publish_at,
    )


def saved(
    revision: int,
    submitted: Submitted,
    pictures: dict[str, Picture],
    request: Request,
    now: datetime,
) -> StoredRevision:
    return StoredRevision(
        revision=revision,
        sha256=content_sha256(submitted.article, pictures, submitted.change),
        article=submitted.article,
        pictures=pictures,
        change=submitted.change,
        by=request.key.name,
        at=now,
    )
