"""Takes a step of an article's life: read, decide, plan, carry out, answer.

If somebody else changes the article meanwhile, it begins again from the start.
"""

import asyncio
import secrets
from dataclasses import dataclass, field, replace

from prometheus_client import Counter

from services.ingest.alike.warn_of_alike import WarnOfAlike
from services.ingest.audit.trail import Trail
from services.ingest.lifecycle import refusals
from services.ingest.lifecycle.answer import Accepted, answer_to
from services.ingest.lifecycle.idempotency import Idempotency, IdempotencyClaim, in_flight
from services.ingest.lifecycle.original import why_no_original
from services.ingest.lifecycle.plan import Decision, Plan, StoredArticle, Wish, plan
from services.ingest.lifecycle.steps import Rules, Turn
from services.ingest.lifecycle.store import Advanced, Articles, LookedUp
from services.ingest.people.person import Person
from services.ingest.problems import FieldError, Problem, invalid, unavailable
from services.ingest.reading.text_check.findings import Warning
from services.ingest.subjects.store import Subjects
from services.ingest.subjects.words import unmatched
from shared import log
from shared.subjects.match import match
from shared.trace import trace_id

_ACCEPTED = Counter("varsel_articles_accepted", "Articles accepted", ["kind", "status"])
_TRIES = 100
"""Of one step, while others change the same article."""
_LONGEST_PAUSE_MS = 10
"""Between two tries. Each pause is of random length, so that two who collide part."""


@dataclass(frozen=True)
class AdvanceArticle:
    rules: Rules
    site: str
    """The address of the site, without a path."""
    articles: Articles
    trail: Trail
    idempotency: Idempotency
    alike: WarnOfAlike
    subjects: Subjects
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One step at a time: the audit trail has one end, so two steps at once would only make each
    other begin again."""

    async def __call__(
        self, article: str, wish: Wish, who: Person, claim: IdempotencyClaim | None = None
    ) -> Accepted:
        """Do with the article what `who` wishes, and give the answer.

        The answer is stored under the idempotency key of `claim`, if there is one. Raises the
        Problem that `wish` decides on, 409 if the same content was posted before or if `claim` is
        no longer this request's, and 503 if others were faster every time.
        """
        call = secrets.token_hex(16)
        async with self._one:
            for _ in range(_TRIES):
                found = await self._look(article, wish.title)
                stored, turn = found.stored, Turn(who, found.now, self.rules)
                decision = await self._matched(wish.decide(stored, found.slug, turn))
                await self._require_original(stored, decision)
                alike = await self._alike(stored, decision)
                answer = answer_to(decision, turn, self.site, alike)
                if stored and not decision.result.acts:
                    if claim:
                        await self.idempotency.settle(claim, answer.model_dump_json())
                    return answer
                new = plan(call, stored, decision, turn)
                if await self._carry_out(new, claim, answer):
                    _report(new)
                    return answer
                await asyncio.sleep(secrets.randbelow(_LONGEST_PAUSE_MS) / 1000)
        raise unavailable("Mange lagrer samtidig; prøv igjen om litt.")

    async def _look(self, article: str, title: str | None) -> LookedUp:
        """The article, which already has the slug that it gets if the wish comes true."""
        found = await self.articles.look(article, title)
        if found.stored is None or found.stored.life.history:
            return found
        life = found.stored.life.model_copy(update={"slug": found.slug})
        return replace(found, stored=replace(found.stored, life=life))

    async def _matched(self, decision: Decision) -> Decision:
        """The decision with the subjects of what it saves or submits. What is approved is published
        with the subjects that its approvers saw."""
        result, alert = decision.result, decision.head.article.alert
        if {"saved", "submitted"}.isdisjoint(act.what for act in result.acts):
            return decision
        matched = match(alert, await self.subjects.all()) if alert else None
        life = result.life.model_copy(update={"matched": matched})
        told = unmatched(matched) if matched else ()
        return replace(
            decision,
            result=replace(result, life=life),
            warnings=(*decision.warnings, *told),
        )

    async def _require_original(self, stored: StoredArticle | None, decision: Decision) -> None:
        """Raise a Problem if what is saved is said to be a translation of what it cannot be one of.
        What is stored already is not judged again: a live alert can always be corrected."""
        article = decision.head.article
        original = article.translation_of
        earlier = stored.head.article.translation_of if stored else None
        if original is None or original == earlier:
            return
        found = await self.articles.find(original)
        if problem := why_no_original(
            article, decision.result.life.id, original, found.head.article if found else None
        ):
            raise invalid(FieldError("translation_of", problem))

    async def _alike(self, stored: StoredArticle | None, decision: Decision) -> list[Warning]:
        """The warnings of live articles that are like what is to be published."""
        life = decision.result.life
        if life.state == "withdrawn":
            return []
        live = stored.live.article if stored and stored.live else None
        return await self.alike(life.id, decision.head.article, live)

    async def _carry_out(self, new: Plan, claim: IdempotencyClaim | None, answer: Accepted) -> bool:
        """Whether it is done; if not, somebody else was faster, or it is too early."""
        prepared = await self.trail.prepare(new.actions)
        outcome, detail = await self.articles.advance(
            new, prepared, claim, answer.model_dump_json()
        )
        if outcome is Advanced.IN_FLIGHT:
            raise in_flight()
        if outcome is Advanced.SAME:
            raise await self._same_content(detail)
        if outcome is Advanced.THERE:
            raise refusals.moved_already(detail)
        return outcome is Advanced.DONE

    async def _same_content(self, first_id: str) -> Problem:
        first = await self.articles.life(first_id)
        return refusals.same_content(first_id, self.site + first.path if first else "")


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
