"""What a wish comes to: what is decided, and what is then written. Pure.

A wish decides by the steps (steps.py). `plan` makes of that all that is written, as one Plan, which
advance.lua carries out whole or not at all.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.ingest.alike.terms import entries, terms
from services.ingest.audit.entries import TrailAction
from services.ingest.lifecycle.life import Life, StoredRevision
from services.ingest.lifecycle.steps import StepResult, Turn
from services.ingest.reading.text_check.findings import Warning
from services.ingest.telling.telling import PlannedTelling, StepTaken, after_step, together
from shared.article import Article
from shared.event_data import Preview
from shared.events import (
    ArticleEvent,
    ArticlePublished,
    ArticleRevised,
    ArticleSubmitted,
    ArticleWithdrawn,
)
from shared.revision import Past, Revision, content_sha256
from shared.trace import new_traceparent

_KINDS: dict[str, type[ArticlePublished | ArticleRevised | ArticleWithdrawn]] = {
    "published": ArticlePublished,
    "imported": ArticlePublished,
    "revised": ArticleRevised,
    "withdrawn": ArticleWithdrawn,
}


class NotApprovedError(Exception):
    """What is stored is not what was approved, so it is not published."""


@dataclass(frozen=True)
class StoredArticle:
    """An article as it is stored."""

    life: Life
    head: StoredRevision
    """The newest revision."""
    live: StoredRevision | None
    """The revision that readers see."""
    now: datetime
    """The time by Redis, when the article was read."""


@dataclass(frozen=True)
class Decision:
    """What becomes of an article."""

    result: StepResult
    head: StoredRevision
    """The newest revision after the step."""
    warnings: tuple[Warning, ...] = ()
    """What is worth a second look in its newest revision."""


class Wish(Protocol):
    """What somebody wants to be done with an article."""

    @property
    def title(self) -> str | None:
        """The article's new title, if the wish has one."""

    def decide(self, stored: StoredArticle | None, slug: str, turn: Turn) -> Decision:
        """What the wish comes to, given the article as it is stored and the slug that it would get
        now. Raises a Problem if it cannot be done. Decides only: it reads and writes nothing, as it
        is asked again if somebody else was faster."""


@dataclass(frozen=True)
class Plan:
    """All that one step writes."""

    call: str
    """Of this call alone, so that the script finds itself if it is sent twice."""
    before: Life | None
    life: Life
    """Afterwards, with its version counted."""
    new_revision: StoredRevision | None
    claimed: str | None
    """SHA-256 of the content that nobody else may post from now on."""
    dropped: str | None
    """SHA-256 of a content that others may post again, because nobody ever read it here."""
    event: ArticleEvent | ArticleSubmitted | None
    live: Article | None
    """What readers see afterwards."""
    listed: frozenset[str]
    """What others are warned by from now on, if they write the same; see alike/terms.py."""
    unlisted: frozenset[str]
    """What nobody is warned by any more."""
    actions: tuple[TrailAction, ...]
    tellings: tuple[PlannedTelling, ...]
    """What staff may have to be told of it."""

    @property
    def not_before(self) -> datetime | None:
        """The time before which this must not happen, by Redis's clock."""
        waited = self.before and self.before.state == "approved"
        if not waited or self.life.last.step != "publish" or self.new_revision:
            return None
        return self.before.due if self.before else None

    @property
    def takes_slug(self) -> bool:
        """Whether its slug is this article's from now on."""
        return bool(self.life.history) and not (self.before and self.before.history)


def plan(call: str, stored: StoredArticle | None, decision: Decision, turn: Turn) -> Plan:
    """What is to be written, now that it is decided.

    Raises NotApprovedError if it would publish what was not approved.
    """
    result, head = decision.result, decision.head
    before = stored.life if stored else None
    life = result.life.model_copy(update={"version": before.version + 1 if before else 1})
    is_new = before is None or head.revision > before.revision
    # What a revision says about its change is no part of what nobody may post twice.
    is_said = head.change is not None
    content = content_sha256(head.article, head.pictures) if is_said else head.sha256
    is_unread = before and not before.history
    earlier = content_sha256(stored.head.article, stored.head.pictures) if stored else ""
    was_live = stored.live.article if stored and stored.live else None
    live = _live(result, head, was_live)
    was_listed, listed = (_entries(life, article) for article in (was_live, live))
    return Plan(
        call=call,
        before=before,
        life=life,
        new_revision=head if is_new else None,
        claimed=content if is_new and result.event != "withdrawn" else None,
        dropped=earlier if is_unread and is_new and earlier != content else None,
        event=_event(result, life, head, turn),
        live=live,
        listed=listed - was_listed,
        unlisted=was_listed - listed,
        actions=tuple(
            TrailAction(act.by, act.what, life.id, life.revision, life.sha256, act.detail)
            for act in result.acts
        ),
        tellings=after_step(_taken(result, before, life, turn)),
    )


def _taken(result: StepResult, before: Life | None, life: Life, turn: Turn) -> StepTaken:
    is_edit = life.change is not None and life.change.kind == "edit"
    mails = result.event in ("published", "revised", "withdrawn") and not is_edit
    waited = before is not None and before.state == "approved"
    return StepTaken(
        article=life.id,
        version=life.version,
        revision=life.revision,
        acts=frozenset(act.what for act in result.acts),
        state=life.state,
        mails=mails and life.kind == "safety_alert",
        concerned=together(before.wrote_or_approved if before else (), life.wrote_or_approved),
        was_due=before.due if before and waited else None,
        time=life.time,
        now=turn.now,
    )


def _live(result: StepResult, head: StoredRevision, was_live: Article | None) -> Article | None:
    if result.event in ("published", "imported", "revised"):
        return head.article
    return None if result.event == "withdrawn" else was_live


def _entries(life: Life, article: Article | None) -> frozenset[str]:
    at = life.published_at
    return frozenset(entries(life.id, at, terms(article))) if at else frozenset()


def _event(
    result: StepResult, life: Life, head: StoredRevision, turn: Turn
) -> ArticleEvent | ArticleSubmitted | None:
    if result.event is None:
        return None
    trace = new_traceparent()
    if result.event == "submitted":
        assert life.token
        shown = _revision(life, head, at=life.publish_at or turn.now, history=life.history)
        return ArticleSubmitted(
            id=f"{life.id}.{life.revision}.article.submitted",
            source="/varsel/ingest",
            subject=life.id,
            time=turn.now,
            traceparent=trace,
            data=Preview(revision=shown, token=life.token),
        )
    revision = _revision(life, head, at=life.history[-1].at, history=life.history[:-1])
    if result.event == "imported":
        revision = revision.model_copy(update={"imported": True})
    wanted = 0 if result.event == "withdrawn" else turn.rules.wanted(life.kind, life.author_ids)
    if not revision.is_approved(wanted, turn.rules.void):
        raise NotApprovedError
    return _KINDS[result.event].about(revision, traceparent=trace)


def _revision(
    life: Life, head: StoredRevision, *, at: datetime, history: tuple[Past, ...]
) -> Revision:
    return Revision(
        id=life.id,
        revision=life.revision,
        slug=life.slug,
        sha256=life.sha256,
        published_at=life.published_at or at,
        revised_at=at if history else None,
        article=head.article,
        pictures=head.pictures,
        change=life.change,
        history=history,
        authors=life.authors,
        approvals=life.approvals,
        moved_from=life.moved_from,
        subjects=life.matched.subjects if life.matched else None,
    )
