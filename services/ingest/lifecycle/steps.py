"""The steps of an article's life: when each is possible, who may take it, and what follows. Pure.

draft → in_review → approved → published → (a newer revision, or) withdrawn. A step that is done
already changes nothing and is no error, so every call may be repeated. A step that is not possible
raises a Problem, which says what is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from services.ingest.lifecycle import refusals
from services.ingest.lifecycle.life import RETURNS_KEPT, Last, Life, Returned, Step
from services.ingest.people.person import Person
from shared.alert import Mode
from shared.article import ArticleId, Kind
from shared.content_hash import ContentHash
from shared.fields import Model
from shared.old_address import OldPath
from shared.revision import Approval, Author, Change, Past

EventName = Literal["submitted", "published", "revised", "withdrawn", "imported"]
"""The last word of an `article.…` event; `imported` is one that is published without a word to
anybody."""
CLOCK = "ingest"
"""The name under which steps are taken that nobody asks for."""
THE_CLOCK = Person(CLOCK, CLOCK, "editor")
"""Takes them. It is nobody of the staff: it writes nothing and approves nothing."""


@dataclass(frozen=True)
class Rules:
    approvals: int
    """How many an alert needs. News needs none."""
    hold: timedelta
    """How long an alert that is ready waits, so that it can be stopped, before it is published."""
    learners: frozenset[str] = frozenset()
    """Ids of persons whose alerts need another's approval, also if no others do."""
    void: frozenset[str] = frozenset()
    """Ids of persons whose approvals do not count, whenever they were given."""

    def wanted(self, kind: Kind, authors: Collection[str] = ()) -> int:
        """How many approvals an article of this kind needs, by these persons' ids."""
        if kind != "safety_alert":
            return 0
        return max(self.approvals, 0 if self.learners.isdisjoint(authors) else 1)


@dataclass(frozen=True)
class Turn:
    """Somebody takes a step: who, when, and by which rules."""

    who: Person
    now: datetime
    rules: Rules


class Content(Model):
    """What a save saves, as far as the steps need to know it."""

    kind: Kind
    mode: Mode | None = None
    """None for news."""
    title: str
    slug: str
    sha256: ContentHash
    change: Change | None = None
    publish_at: datetime | None = None
    writers: tuple[Author, ...] = ()
    """Everybody who has typed in it, besides whoever saves it."""


@dataclass(frozen=True)
class Act:
    """One line for the audit trail, about the newest revision."""

    what: str
    """In the past tense, as `approved`."""
    by: str
    detail: dict[str, str | int]


@dataclass(frozen=True)
class StepResult:
    """What a step brings about. Without `acts` it is nothing: the step was taken already."""

    life: Life
    """The article's life after the step."""
    acts: tuple[Act, ...] = ()
    event: EventName | None = None

    def then(self, next_: "StepResult") -> "StepResult":
        """The result of this step and of the `next_` one, which was taken after it."""
        return StepResult(next_.life, self.acts + next_.acts, next_.event or self.event)


def possible(life: Life, who: Person, rules: Rules) -> tuple[Step, ...]:
    """The steps that `who` can take now."""
    steps: tuple[Step, ...] = {
        "draft": ("save", "submit"),
        "in_review": ("save", "approve", "reject", "stop"),
        "approved": ("save", "stop"),
        "published": ("save",),
        "withdrawn": (),
    }[life.state]  # type: ignore[assignment]
    if life.live is not None:
        steps += ("withdraw",)
    return tuple(step for step in steps if _may(step, life, who, rules))


def _may(step: Step, life: Life, who: Person, rules: Rules) -> bool:
    if step == "approve":
        return who.may("approver") and not _is_author(life, who)
    if step == "withdraw":
        return who.may("approver") or not rules.wanted(life.kind, life.author_ids)
    return step != "reject" or who.may("approver")


def begin(article: ArticleId, content: Content, turn: Turn) -> StepResult:
    """The first save: a new article with its first revision, a draft."""
    life = Life(
        id=article,
        kind=content.kind,
        mode=content.mode,
        title=content.title,
        slug=content.slug,
        sha256=content.sha256,
        publish_at=content.publish_at,
        created_at=turn.now,
        authors=_with((), turn.who, content.writers),
        last=Last(step="save", by=turn.who.name, at=turn.now),
    )
    return StepResult(life, (Act("saved", turn.who.name, {}),))


def move(
    life: Life, turn: Turn, moved_from: tuple[OldPath, ...], at: datetime | None
) -> StepResult:
    """A new article comes from another site, where it was at `moved_from`. With `at` it is
    published as of then, and nobody is told; else it stays a draft."""
    moved = life.model_copy(update={"moved_from": moved_from})
    detail: dict[str, str | int] = {"from": moved_from[0]}
    if at is None:
        return StepResult(moved, (Act("imported", turn.who.name, detail),))
    out = _next(
        moved,
        Last(step="publish", by=turn.who.name, at=at),
        state="published",
        history=(Past(revision=life.revision, at=at),),
    )
    detail["published_at"] = at.isoformat(timespec="seconds")
    return StepResult(out, (Act("imported", turn.who.name, detail),), "imported")


def save(life: Life, content: Content, turn: Turn) -> StepResult:
    """A new revision. It voids approvals and ends a wait: both were for the one before."""
    if life.state == "withdrawn":
        raise refusals.not_now(life, possible(life, turn.who, turn.rules))
    if (content.sha256, content.publish_at) == (life.sha256, life.publish_at):
        return StepResult(life)
    if life.live is None and content.change:
        raise refusals.change_too_early()
    if life.live is not None and content.kind != life.kind:
        raise refusals.other_kind()
    if life.live is not None and content.mode != life.mode:
        raise refusals.other_mode()
    if life.live is not None and not content.change:
        raise refusals.change_wanted()
    if _waits_to_correct(life) and content.change and content.change.kind == "edit":
        raise refusals.correction_waits()
    saved = _next(
        life,
        Last(step="save", by=turn.who.name, at=turn.now),
        revision=life.next_revision,
        state="draft",
        kind=content.kind,
        mode=content.mode,
        title=content.title,
        slug=content.slug if life.live is None else life.slug,
        sha256=content.sha256,
        change=content.change,
        publish_at=content.publish_at,
        authors=_with(life.authors, turn.who, content.writers),
        approvals=(),
        due=None,
        token=None,
    )
    return StepResult(saved, (Act("saved", turn.who.name, _detail(content.change)),))


def submit(life: Life, turn: Turn, token: str) -> StepResult:
    """Send the newest revision to review; or publish it, if no approval is missing. `token` is for
    the preview, if the revision has none yet."""
    if life.state == "withdrawn":
        raise refusals.not_now(life, possible(life, turn.who, turn.rules))
    if life.state not in ("draft", "in_review"):
        return StepResult(life)
    last = Last(step="submit", by=turn.who.name, at=turn.now)
    if _enough(life, turn.rules):
        ready = _ready(_next(life, last), turn, Act("submitted", turn.who.name, {}))
        return _previewed(ready, token) if life.kind == "safety_alert" else ready
    if life.state == "in_review":
        return StepResult(life)
    waiting = _next(life, last, state="in_review", token=life.token or token)
    return StepResult(waiting, (Act("submitted", turn.who.name, {}),), "submitted")


def _previewed(ready: StepResult, token: str) -> StepResult:
    """An alert that waits for its time is previewed, though nobody has to approve it: if its mail
    cannot be sent, it is stopped."""
    if ready.event:
        return ready
    life = ready.life.model_copy(update={"token": ready.life.token or token})
    return StepResult(life, ready.acts, "submitted")


def approve(life: Life, turn: Turn) -> StepResult:
    """One person's approval of the newest revision. With the last one that is wanted, the revision
    is published at its time."""
    if not turn.who.may("approver"):
        raise refusals.not_an_approver()
    if _is_author(life, turn.who):
        raise refusals.an_author()
    approvers = life.approvers
    if turn.who.id in approvers and life.state in ("in_review", "approved", "published"):
        return StepResult(life)
    if life.state != "in_review":
        raise refusals.not_now(life, possible(life, turn.who, turn.rules))
    who = turn.who
    approval = Approval(person=who.id, by=who.name, at=turn.now, sha256=life.sha256)
    approved = _next(
        life,
        Last(step="approve", by=turn.who.name, at=turn.now),
        approvals=(*life.approvals, approval),
        last_approved=life.revision,
    )
    act = Act("approved", turn.who.name, {"approvals": len(approvers) + 1})
    if _enough(approved, turn.rules):
        return _ready(approved, turn, act)
    return StepResult(approved, (act,))


def reject(life: Life, turn: Turn, note: str) -> StepResult:
    """Send what is in review back to its authors. `note` tells them why."""
    if not turn.who.may("approver"):
        raise refusals.not_an_approver()
    last = Last(step="reject", by=turn.who.name, at=turn.now, note=note)
    if life.state == "draft" and (life.last.step, life.last.note) == ("reject", note):
        return StepResult(life)
    if life.state != "in_review":
        raise refusals.not_now(life, possible(life, turn.who, turn.rules))
    act = Act("rejected", turn.who.name, {"note": note})
    return StepResult(_returned(life, last, "reject"), (act,))


def stop(life: Life, turn: Turn, note: str | None) -> StepResult:
    """Make what waits for approval or for its time a draft again.

    Anybody may: stopping does no harm, and there may be only a minute for it.
    """
    if life.state == "draft" and life.last.step == "stop":
        return StepResult(life)
    if life.state not in ("in_review", "approved"):
        raise refusals.not_now(life, possible(life, turn.who, turn.rules))
    last = Last(step="stop", by=turn.who.name, at=turn.now, note=note)
    act = Act("stopped", turn.who.name, {"note": note} if note else {})
    return StepResult(_returned(life, last, "stop"), (act,))


def publish(life: Life, now: datetime, rules: Rules) -> StepResult:
    """Publish what is due. If more approvals are wanted now than when it was approved, or some do
    not count any more, it goes back to review instead, without those."""
    if life.state != "approved" or life.due is None or life.due > now:
        return StepResult(life)
    if _enough(life, rules):
        return _published(life, CLOCK, now)
    last = Last(step="stop", by=CLOCK, at=now)
    good = tuple(one for one in life.approvals if one.person not in rules.void)
    waiting = _next(life, last, state="in_review", due=None, approvals=good)
    return StepResult(waiting, (Act("stopped", CLOCK, {"approvals": len(waiting.approvers)}),))


def withdraw(life: Life, turn: Turn, change: Change, sha256: ContentHash) -> StepResult:
    """Withdraw, for good, what readers see. A newer revision that waits is dropped.

    `change` says why; `sha256` is of the content with that change. One approver is enough, even if
    publishing takes two people: what does harm must stop fast.
    """
    if life.state == "withdrawn" and life.change == change:
        return StepResult(life)
    if life.live is None:
        raise refusals.not_now(life, possible(life, turn.who, turn.rules))
    if not _may("withdraw", life, turn.who, turn.rules):
        raise refusals.not_an_approver()
    revision = life.next_revision
    withdrawn = _next(
        life,
        Last(step="withdraw", by=turn.who.name, at=turn.now, note=change.note),
        revision=revision,
        state="withdrawn",
        sha256=sha256,
        change=change,
        authors=_with(life.authors, turn.who),
        approvals=(),
        publish_at=None,
        due=None,
        token=None,
        history=(*life.history, Past(revision=revision, at=turn.now, change=change)),
    )
    return StepResult(withdrawn, (Act("withdrawn", turn.who.name, _detail(change)),), "withdrawn")


def _ready(life: Life, turn: Turn, act: Act) -> StepResult:
    """No approval is missing: the revision is published at its time, which may be now."""
    now = turn.now
    hold = turn.rules.hold if life.kind == "safety_alert" else timedelta()
    due = max(life.publish_at or now, now + hold)
    if due <= now:
        published = _published(life, turn.who.name, now)
        return StepResult(published.life, (act, *published.acts), published.event)
    waiting = life.model_copy(update={"state": "approved", "due": due})
    scheduled = Act("scheduled", turn.who.name, {"due": due.isoformat(timespec="milliseconds")})
    return StepResult(waiting, (act, scheduled))


def _published(life: Life, by: str, now: datetime) -> StepResult:
    past = Past(revision=life.revision, at=now, change=life.change)
    published = _next(
        life,
        Last(step="publish", by=by, at=now),
        state="published",
        due=None,
        history=(*life.history, past),
    )
    event: EventName = "revised" if life.history else "published"
    return StepResult(published, (Act("published", by, _detail(life.change)),), event)


def _returned(life: Life, last: Last, step: Literal["reject", "stop"]) -> Life:
    """The newest revision is a draft again. `last` is the step that made it one."""
    returned = Returned(revision=life.revision, step=step, by=last.by, at=last.at, note=last.note)
    returns = (*life.returns, returned)[-RETURNS_KEPT:]
    return _next(life, last, state="draft", approvals=(), due=None, returns=returns)


def _waits_to_correct(life: Life) -> bool:
    """Whether a correction waits to be published. If an edit replaced it, nobody would get it."""
    unpublished = life.state in ("draft", "in_review", "approved")
    return unpublished and life.change is not None and life.change.kind == "correction"


def _enough(life: Life, rules: Rules) -> bool:
    return len(life.approvers - rules.void) >= rules.wanted(life.kind, life.author_ids)


def _is_author(life: Life, who: Person) -> bool:
    return who.id in life.author_ids


def _with(
    authors: tuple[Author, ...], who: Person, writers: tuple[Author, ...] = ()
) -> tuple[Author, ...]:
    """The authors with those who are new among them."""
    new = {one.person: one for one in (*writers, Author(person=who.id, name=who.name))}
    known = {author.person for author in authors}
    return (*authors, *(one for id_, one in new.items() if id_ not in known))


def _detail(change: Change | None) -> dict[str, str | int]:
    if change is None:
        return {}
    detail: dict[str, str | int] = {"change": change.kind}
    return detail | ({"note": change.note} if change.note else {})


def _next(life: Life, last: Last, **changes: object) -> Life:
    return life.model_copy(update={"last": last, **changes})
