"""What staff may have to be told, what of it is due, and whom it concerns. Pure.

A step of an article plans tellings, in the same script as its event (`after_step`). When one is due
it is judged by how things are then (`judge`): what has passed meanwhile is told to nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.article import ArticleId
from shared.fields import Model
from shared.revision import PersonId
from shared.staff import NewsForStaff

REMIND_AFTER = timedelta(minutes=15)
"""Whoever may approve hears again of what still waits, once."""
TIMES = 2
"""How often they hear of it, in all."""
LATE_AFTER = timedelta(minutes=1)
"""What was to come out, and has not come so long after its time, has missed it."""
MAIL_BEGINS_WITHIN = timedelta(minutes=2)
"""If an alert's mail has not begun so long after its publication, it is said to stand still. It is
an alarm, too."""
STANDS_AFTER = timedelta(minutes=1)
"""A delivery that is held for less than this is nobody's business."""


class Telling(Model):
    """Something that staff may have to be told."""

    about: NewsForStaff
    article: ArticleId
    revision: int = 1
    people: tuple[PersonId, ...] = ()
    """Whom it concerns, if that was known when it was planned."""
    times: int = 0
    """How often it was told."""


@dataclass(frozen=True)
class PlannedTelling:
    """A telling that a step plans. One with the same id is replaced by it."""

    id: str
    telling: Telling
    at: datetime
    """When it is due."""


@dataclass(frozen=True)
class StepTaken:
    """A step of an article, as far as it matters to those who are told."""

    article: str
    version: int
    """Of the article, after the step."""
    revision: int
    acts: frozenset[str]
    """What was done, in the words of the audit trail."""
    state: str
    """The article's state after the step."""
    mails: bool
    """Its event begins a delivery, or changes one."""
    concerned: tuple[str, ...]
    """Ids of those who wrote or approved it, before the step or after it."""
    was_due: datetime | None
    """When it was to be published, if it waited for that."""
    time: datetime | None
    """When it is to be published, if it waits for that, or for approval before it."""
    now: datetime


@dataclass(frozen=True)
class StaffFacts:
    """How things are with an article, or with a notice to members."""

    state: str = ""
    """Of its newest revision; empty if there is no such article. A notice that waits for approval
    is `in_review`, too."""
    revision: int = 0
    """A notice has only the first."""
    wrote_or_approved: tuple[str, ...] = ()
    may_approve: tuple[str, ...] = ()
    """Ids of those who could approve the newest revision now: neither its authors nor those who
    have."""
    time: datetime | None = None
    """As in `StepTaken`."""
    stands: bool = False
    """It owes mail, and none goes out."""
    staff: frozenset[str] = frozenset()
    """Ids of everybody who is of the staff."""
    is_notice: bool = False
    """It is a notice to members."""


@dataclass(frozen=True)
class TellingVerdict:
    """What becomes of a telling that is due."""

    people: tuple[str, ...] | None = None
    """Who is told now; None if nobody is to be."""
    after: Telling | None = None
    """What is kept of it; None if it is over."""
    at: datetime | None = None
    """When it is due again; None if only an event can make it so."""


def mail_telling(article: str) -> str:
    """The id of what may have to be told of an article's mail."""
    return f"{article}.mail"


def after_step(step: StepTaken) -> tuple[PlannedTelling, ...]:
    """What a step plans to tell."""
    found = [_returned(step, about) for about in ("rejected", "stopped") if about in step.acts]
    in_review_again = "stopped" in step.acts and step.state == "in_review"
    if step.state == "in_review" and ("submitted" in step.acts or in_review_again):
        found.append(_planned(step, f"{step.article}.waits", "waits", step.now))
    if step.state in ("in_review", "approved") and step.time and step.time > step.now:
        at = step.time + LATE_AFTER
        found.append(_planned(step, f"{step.article}.time", "not_published", at))
    if "published" in step.acts and step.was_due and step.now - step.was_due > LATE_AFTER:
        id_ = f"{step.article}.{step.version}.published_late"
        found.append(_planned(step, id_, "published_late", step.now))
    if step.mails:
        at = step.now + MAIL_BEGINS_WITHIN
        found.append(_planned(step, mail_telling(step.article), "mail_stands", at))
    return tuple(found)


def notice_waits(notice: str, now: datetime) -> PlannedTelling:
    """What is planned when a notice to members begins to wait for approval."""
    return PlannedTelling(f"{notice}.waits", Telling(about="waits", article=notice), now)


def judge(telling: Telling, facts: StaffFacts, due: datetime, now: datetime) -> TellingVerdict:
    """What becomes of a telling that was `due`, given how things are `now`. Nobody is told who is
    not of the staff any more."""
    if telling.about == "waits":
        judged = _judge_waiting(telling, facts, due)
    elif telling.about == "mail_stands":
        judged = _judge_mail(telling, facts)
    elif telling.about == "not_published":
        judged = _judge_time(telling, facts, now)
    else:
        judged = TellingVerdict(telling.people)
    if judged.people is None:
        return judged
    return replace(judged, people=tuple(id_ for id_ in judged.people if id_ in facts.staff))


def together(*several: Iterable[str]) -> tuple[str, ...]:
    """All ids of these, each once, in the order in which they come first."""
    return tuple(dict.fromkeys(id_ for ids in several for id_ in ids))


def _judge_waiting(telling: Telling, facts: StaffFacts, due: datetime) -> TellingVerdict:
    if facts.state != "in_review" or facts.revision != telling.revision:
        return TellingVerdict()
    told = telling.model_copy(update={"times": telling.times + 1})
    judged = TellingVerdict(facts.may_approve)
    if told.times >= TIMES:
        return judged
    return replace(judged, after=told, at=due + REMIND_AFTER)


def _judge_mail(telling: Telling, facts: StaffFacts) -> TellingVerdict:
    if not facts.state:
        return TellingVerdict()
    if not facts.stands:
        return TellingVerdict(after=telling.model_copy(update={"times": 0}))
    if telling.times:
        return TellingVerdict(after=telling)
    told = telling.model_copy(update={"times": 1})
    return TellingVerdict(together(telling.people, facts.wrote_or_approved), after=told)


def _judge_time(telling: Telling, facts: StaffFacts, now: datetime) -> TellingVerdict:
    waits = facts.state in ("in_review", "approved")
    if not waits or not facts.time or facts.time > now:
        return TellingVerdict()
    return TellingVerdict(together(telling.people, facts.wrote_or_approved))


def _returned(step: StepTaken, about: NewsForStaff) -> PlannedTelling:
    return _planned(step, f"{step.article}.{step.version}.{about}", about, step.now)


def _planned(step: StepTaken, id_: str, about: NewsForStaff, at: datetime) -> PlannedTelling:
    telling = Telling(
        about=about,
        article=step.article,
        revision=step.revision,
        people=() if about == "waits" else step.concerned,
    )
    return PlannedTelling(id_, telling, at)
