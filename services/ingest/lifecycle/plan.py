"""What a step writes, all of it decided: an article's life and what the step brings about, as one
plan that advance.lua carries out or leaves alone."""

from dataclasses import dataclass
from datetime import datetime

from services.ingest.audit.entries import TrailAction
from services.ingest.lifecycle.life import Life, StoredRevision
from services.ingest.lifecycle.steps import Rules, StepResult
from shared.events import (
    ArticleEvent,
    ArticlePublished,
    ArticleRevised,
    ArticleSubmitted,
    ArticleWithdrawn,
    Preview,
)
from shared.revision import Revision, content_sha256
from shared.trace import new_traceparent

_KINDS: dict[str, type[ArticlePublished | ArticleRevised | ArticleWithdrawn]] = {
    "published": ArticlePublished,
    "revised": ArticleRevised,
    "withdrawn": ArticleWithdrawn,
}


class NotApprovedError(Exception):
    """What is stored is not what was approved: it is not published."""


@dataclass(frozen=True)
class StoredArticle:
    """An article as it is stored, and what time it is there."""

    life: Life
    head: StoredRevision
    """The newest revision."""
    live: StoredRevision | None
    """The one that readers see."""
    now: datetime


@dataclass(frozen=True)
class Plan:
    call: str
    """Of this call alone, so that one that is sent twice finds itself."""
    before: Life | None
    life: Life
    """Afterwards, its version counted."""
    saved: StoredRevision | None
    """A new revision."""
    claimed: str | None
    """The content that nobody else may post, as its SHA-256."""
    dropped: str | None
    """One that others may post again, since nobody ever read it here."""
    event: ArticleEvent | ArticleSubmitted | None
    actions: tuple[TrailAction, ...]

    @property
    def not_before(self) -> datetime | None:
        """The time before which this must not happen, by Redis's clock."""
        waited = self.before and self.before.state == "approved"
        if not waited or self.life.last.step != "publish" or self.saved:
            return None
        return self.before.due if self.before else None

    @property
    def takes_slug(self) -> bool:
        """Whether its address is this article's from now on."""
        return bool(self.life.history) and not (self.before and self.before.history)


def plan(
    call: str,
    *,
    before: StoredArticle | None,
    taken: StepResult,
    head: StoredRevision,
    rules: Rules,
    now: datetime,
) -> Plan:
    """The plan of a step that `taken` says, with the newest revision `head` after it.

    NotApprovedError where it would publish what was not approved.
    """
    was = before.life if before else None
    life = taken.life.model_copy(update={"version": was.version + 1 if was else 1})
    is_new = was is None or head.revision > was.revision
    content = content_sha256(head.article, head.pictures)
    unread = before and not before.life.history
    earlier = content_sha256(before.head.article, before.head.pictures) if before else ""
    return Plan(
        call=call,
        before=was,
        life=life,
        saved=head if is_new else None,
        claimed=content if is_new and taken.event != "withdrawn" else None,
        dropped=earlier if unread and is_new and earlier != content else None,
        event=_event(taken, life, head, rules, now),
        actions=tuple(
            TrailAction(act.by, act.what, life.id, life.revision, life.sha256, act.detail)
            for act in taken.acts
        ),
    )


def _event(
    taken: StepResult, life: Life, head: StoredRevision, rules: Rules, now: datetime
) -> ArticleEvent | ArticleSubmitted | None:
    if taken.event is None:
        return None
    trace = new_traceparent()
    if taken.event == "submitted":
        assert life.token
        shown = _revision(life, head, at=life.publish_at or now, history=life.history)
        return ArticleSubmitted(
            id=f"{life.id}.{life.revision}.article.submitted",
            source="/varsel/ingest",
            subject=life.id,
            time=now,
            traceparent=trace,
            data=Preview(revision=shown, token=life.token),
        )
    revision = _revision(life, head, at=life.history[-1].at, history=life.history[:-1])
    wanted = 0 if taken.event == "withdrawn" else rules.wanted(life.kind)
    if not revision.is_approved(wanted):
        raise NotApprovedError
    return _KINDS[taken.event].about(revision, traceparent=trace)


def _revision(
    life: Life, head: StoredRevision, *, at: datetime, history: tuple[object, ...]
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
    )
