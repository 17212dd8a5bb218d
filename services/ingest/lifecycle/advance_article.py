"""Takes one step of an article's life: reads where it is, decides, and carries it out, again from
the start where somebody else was first."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from prometheus_client import Counter
from pydantic import AwareDatetime, BaseModel
from redis.exceptions import RedisError

from services.ingest.audit.trail import Trail
from services.ingest.keys.store import Key
from services.ingest.lifecycle import refusals
from services.ingest.lifecycle.idempotency import Idempotency, IdempotencyClaim, in_flight
from services.ingest.lifecycle.life import Life, State, Step, StoredRevision
from services.ingest.lifecycle.plan import Plan, StoredArticle, plan
from services.ingest.lifecycle.steps import Person, Rules, StepResult, possible
from services.ingest.lifecycle.store import Articles, page_path
from services.ingest.problems import Problem, not_found, unavailable
from services.ingest.reading import lint
from shared import log
from shared.settings import Settings
from shared.trace import trace_id

_ACCEPTED = Counter("varsel_articles_accepted", "Articles accepted", ["kind", "status"])
_TRIES = 100
_PAUSE = 0.01


class Notice(BaseModel):
    """What is worth a second look; it does not stop anything."""

    field: str
    message: str


class Accepted(BaseModel):
    """The answer to every change of an article."""

    id: str
    revision: int
    status: State
    live_revision: int | None
    """The revision that readers see."""
    url: str
    """The address of the article's page, absolute."""
    etag: str
    """The newest revision's, for `If-Match`."""
    steps: list[Step]
    """What this key's person can do now."""
    publish_at: AwareDatetime | None
    """When it is published, where it waits for that."""
    warnings: list[Notice]


@dataclass(frozen=True)
class Request:
    """Who asks for a step, and how."""

    key: Key
    target: str
    """Method and path: an idempotency key is for one of them."""
    raw: bytes = b""
    idempotency_key: str | None = None
    if_match: str | None = None

    @property
    def person(self) -> Person:
        return Person(self.key.name, self.key.role)


@dataclass(frozen=True)
class Decided:
    """What becomes of an article, and its newest revision then."""

    taken: StepResult
    head: StoredRevision


Decide = Callable[[StoredArticle | None, str, datetime], Decided]
"""From an article, the address that it would get now, and the time."""


@dataclass(frozen=True)
class AdvanceArticle:
    settings: Settings
    articles: Articles
    trail: Trail
    idempotency: Idempotency
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)
    """The trail has one end, so steps at once would only make each other begin anew."""

    @property
    def rules(self) -> Rules:
        return Rules(self.settings.approvals, self.settings.hold)

    async def once(
        self, request: Request, work: Callable[[IdempotencyClaim | None], Awaitable[Accepted]]
    ) -> Accepted:
        """What `work` answers, or what the same request with the same idempotency key got."""
        if request.idempotency_key is None:
            return await work(None)
        raw = request.target.encode() + b"\n" + request.raw
        claim = await self.idempotency.claim(
            request.key.id, request.idempotency_key, raw, token=secrets.token_hex(8)
        )
        if isinstance(claim, str):
            return Accepted.model_validate_json(claim)
        try:
            return await work(claim)
        except Exception:
            # Where Redis is away the marker expires by itself.
            with suppress(RedisError):
                await self.idempotency.release(claim)
            raise

    async def __call__(
        self,
        article: str,
        decide: Decide,
        who: Person,
        claim: IdempotencyClaim | None = None,
        *,
        title: str | None = None,
    ) -> Accepted:
        """Take the step that `decide` decides on. `title` is the new revision's, where there is
        one. Problem where it cannot be taken."""
        call = secrets.token_hex(16)
        async with self._one:
            for _ in range(_TRIES):
                kept = await self.articles.find(article)
                now = kept.now if kept else await self.articles.now()
                slug = await self._slug(article, kept, title)
                if kept:
                    kept = replace(kept, life=kept.life.model_copy(update={"slug": slug}))
                decided = decide(kept, slug, now)
                answer = self._answer(decided.taken.life, decided.head, who)
                if kept and not decided.taken.acts:
                    if claim:
                        await self.idempotency.settle(claim, answer.model_dump_json())
                    return answer
                new = plan(
                    call,
                    before=kept,
                    taken=decided.taken,
                    head=decided.head,
                    rules=self.rules,
                    now=now,
                )
                if await self._carried_out(new, claim, answer):
                    _report(new)
                    return answer
                await asyncio.sleep(_PAUSE * secrets.randbelow(10) / 10)
        raise unavailable("Mange lagrer samtidig; prøv igjen om litt.")

    async def _carried_out(
        self, new: Plan, claim: IdempotencyClaim | None, answer: Accepted
    ) -> bool:
        prepared = await self.trail.prepare(new.actions)
        outcome, detail = await self.articles.advance(
            new, prepared, claim, answer.model_dump_json()
        )
        if outcome == "in_flight":
            raise in_flight()
        if outcome == "same":
            raise await self._same_content(detail)
        return outcome == "done"

    async def _slug(self, article: str, kept: StoredArticle | None, title: str | None) -> str:
        if kept and kept.life.history:
            return kept.life.slug
        return await self.articles.free_slug(title or (kept.life.title if kept else ""), article)

    def _answer(self, life: Life, head: StoredRevision, who: Person) -> Accepted:
        return Accepted(
            id=life.id,
            revision=life.revision,
            status=life.state,
            live_revision=life.live,
            url=self.settings.site + page_path(life.slug),
            etag=life.etag,
            steps=list(possible(life, who, self.rules)),
            publish_at=life.due,
            warnings=[
                Notice(field=one.field, message=one.message) for one in lint.warnings(head.article)
            ],
        )

    async def _same_content(self, first_id: str) -> Problem:
        first = await self.articles.life(first_id)
        url = self.settings.site + page_path(first.slug) if first else ""
        return Problem(
            409,
            "same-content",
            "Saken finnes allerede",
            f"Det samme innholdet er sendt inn før, som sak {first_id}; endre det, eller bruk den.",
            more={"article": first_id, "url": url},
        )


def must_match(life: Life, if_match: str | None, *, wanted: bool) -> None:
    """Raise Problem 412 where the client has seen another revision than the newest, 428 where it
    must have seen one and does not say which."""
    tags = [tag.strip() for tag in (if_match or "").split(",") if tag.strip()]
    if tags in ([], ["*"]):
        if wanted:
            raise refusals.look_first()
    elif life.etag not in tags:
        raise refusals.seen_another(life)


def found(kept: StoredArticle | None) -> StoredArticle:
    if kept is None:
        raise not_found("Det er ingen sak med denne id-en.")
    return kept


def _report(done: Plan) -> None:
    life = done.life
    if done.before is None:
        _ACCEPTED.labels(life.kind, life.state).inc()
    log.get("ingest").info(
        "article_accepted",
        article=life.id,
        revision=life.revision,
        kind=life.kind,
        step=",".join(action.what for action in done.actions),
        status=life.state,
        trace=trace_id(done.event.traceparent) if done.event else "",
    )
