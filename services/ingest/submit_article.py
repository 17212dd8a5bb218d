"""Submits an article: reads what the editor posted, and publishes, saves, or sends it to review."""

import secrets
import string
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from prometheus_client import Counter
from pydantic import BaseModel
from redis.exceptions import RedisError

from services.ingest import submission
from services.ingest.articles import Articles, Status, Submit, page_path
from services.ingest.body import never_uploaded
from services.ingest.idempotency import Claim, Idempotency, in_flight
from services.ingest.keys import Key
from services.ingest.pictures import Pictures
from services.ingest.problems import Problem, invalid
from services.ingest.slug import slug
from services.ingest.submission import Submitted
from shared import log
from shared.article import Picture
from shared.events import ArticlePublished
from shared.revision import Revision, content_sha256
from shared.settings import Settings
from shared.trace import new_traceparent, trace_id

_ALPHABET = string.digits + string.ascii_lowercase
_ACCEPTED = Counter("varsel_articles_accepted", "Articles accepted", ["kind", "status"])


class Accepted(BaseModel):
    """The answer to a submission. `url` is the address of the article's page, absolute."""

    id: str
    revision: int
    status: Status
    url: str


@dataclass(frozen=True)
class Post:
    """A request to submit an article."""

    key: Key
    content_type: str
    raw: bytes
    idempotency_key: str | None


@dataclass(frozen=True)
class SubmitArticle:
    settings: Settings
    articles: Articles
    pictures: Pictures
    idempotency: Idempotency

    async def __call__(self, post: Post) -> Accepted:
        """Submit, or give the answer that the same request got before; Problem where it cannot."""
        article_id = "".join(secrets.choice(_ALPHABET) for _ in range(12))
        if post.idempotency_key is None:
            return await self._submit(article_id, post, None)
        claim = await self.idempotency.claim(
            post.key.id, post.idempotency_key, post.raw, token=article_id
        )
        if isinstance(claim, str):
            return Accepted.model_validate_json(claim)
        try:
            return await self._submit(article_id, post, claim)
        except Exception:
            # Where Redis is away the marker expires by itself.
            with suppress(RedisError):
                await self.idempotency.release(claim)
            raise

    async def _submit(self, article_id: str, post: Post, claim: Claim | None) -> Accepted:
        submitted = submission.read(post.content_type, post.raw)
        new = self._new(article_id, submitted, await self._pictures(submitted, post.key), claim)
        outcome = await self.articles.submit(new)
        if outcome.kind == "in_flight":
            raise in_flight()
        if outcome.kind == "same":
            raise await self._same_content(outcome.detail)
        _report(new)
        return Accepted.model_validate_json(new.answer.replace(new.revision.slug, outcome.detail))

    async def _pictures(self, submitted: Submitted, key: Key) -> dict[str, Picture]:
        found = await self.pictures.find(key.id, submitted.pictures)
        if missing := [address for address in submitted.pictures if address not in found]:
            raise invalid(*map(never_uploaded, missing))
        return found

    def _new(
        self,
        article_id: str,
        submitted: Submitted,
        pictures: dict[str, Picture],
        claim: Claim | None,
    ) -> Submit:
        article = submitted.article
        revision = Revision(
            id=article_id,
            revision=1,
            slug=f"slug{article_id}",
            sha256=content_sha256(article, pictures),
            published_at=datetime.now(UTC),
            article=article,
            pictures=pictures,
        )
        status = self._status(submitted)
        published = status == "published"
        return Submit(
            revision=revision,
            status=status,
            wanted_slug=slug(article.title),
            event=ArticlePublished.about(revision, traceparent=new_traceparent())
            if published
            else None,
            answer=Accepted(
                id=article_id, revision=1, status=status, url=self.settings.site + revision.path
            ).model_dump_json(),
            claim=claim,
        )

    def _status(self, submitted: Submitted) -> Status:
        if submitted.draft:
            return "draft"
        if submitted.article.kind == "safety_alert" and self.settings.approvals > 0:
            return "in_review"
        return "published"

    async def _same_content(self, first_id: str) -> Problem:
        first = await self.articles.find(first_id)
        url = self.settings.site + page_path(first.slug) if first else ""
        return Problem(
            409,
            "same-content",
            "Saken finnes allerede",
            f"Det samme innholdet er sendt inn før, som sak {first_id}; endre det, eller bruk den.",
            more={"article": first_id, "url": url},
        )


def _report(new: Submit) -> None:
    kind = new.revision.article.kind
    _ACCEPTED.labels(kind, new.status).inc()
    log.get("ingest").info(
        "article_accepted",
        article=new.revision.id,
        revision=new.revision.revision,
        kind=kind,
        status=new.status,
        trace=trace_id(new.event.traceparent) if new.event else "",
    )
