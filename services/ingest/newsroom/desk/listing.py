"""Which articles the list shows, in which part of it. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.ingest.desk.store import WorkingCopy
from services.ingest.lifecycle.life import ArticleState, Life
from services.ingest.lifecycle.steps import Rules, possible
from services.ingest.newsroom.desk.next_step import time_left
from services.ingest.newsroom.shown.who import who
from services.ingest.people.person import Person
from shared.languages.say import Nb, nb

UNTITLED: Nb[str] = "Uten tittel"
SHOWN = 50
"""Entries in each part of the list, and on each of its pages: more is no overview."""
EXERCISES = ("exercise", "test")
"""Modes that reach no member."""


@dataclass(frozen=True)
class DeskRow:
    """One article in the list."""

    id: str
    title: str
    kind: str
    is_exercise: bool
    by: str
    at: datetime
    what: str
    """What `by` did at `at`, as `skrev`."""
    note: str = ""
    """Why it was rejected or stopped."""
    left: str = ""
    """How long it is until it goes out."""
    is_changed: bool = False
    """Whether something is typed that is not submitted."""
    stands: bool = False
    """Whether its mail stands."""


@dataclass(frozen=True)
class ListEyes:
    """Who looks, by which rules, and when."""

    who: Person
    rules: Rules
    now: datetime


@dataclass(frozen=True)
class ListPart:
    id: str
    heading: str
    articles: tuple[DeskRow, ...]
    older: int = 0
    """How many more there are on the part's pages."""


_HEADINGS: Nb[dict[str, str]] = {
    "deg": "Venter på deg",
    "utkast": "Utkast",
    "godkjenning": "Til godkjenning",
    "planlagt": "Går ut når tiden er inne",
    "ute": "Ute",
    "trukket": "Trukket tilbake",
}
_DONE: Nb[dict[str, str]] = {
    "save": "lagret",
    "submit": "sendte inn",
    "approve": "godkjente",
    "reject": "avviste",
    "stop": "stoppet",
    "publish": "publiserte",
    "withdraw": "trakk tilbake",
}
PARTS: dict[str, ArticleState] = {
    "utkast": "draft",
    "godkjenning": "in_review",
    "planlagt": "approved",
    "ute": "published",
    "trukket": "withdrawn",
}
"""The state of the articles in each part that has pages."""
_PART = {state: part for part, state in PARTS.items()}


def listing(
    lives: Iterable[Life],
    copies: Iterable[WorkingCopy],
    eyes: ListEyes,
    totals: Mapping[ArticleState, int] | None = None,
    standing: Collection[str] = (),
) -> list[ListPart]:
    """The parts of the list in their order, each with the newest first; only those that have
    something. `copies` are of these lives, or nothing of them was submitted; `totals` says how many
    articles there are in each state, if `lives` are not all; the mail of `standing` stands."""
    found: dict[str, list[DeskRow]] = {name: [] for name in _HEADINGS}
    unread = Counter(totals or {})
    typed = {copy.id: copy for copy in copies}
    for life in lives:
        part = "deg" if _waits_for(life, eyes) else _PART[life.state]
        found[part].append(_of_life(life, typed.pop(life.id, None), eyes.now, standing))
        unread[life.state] -= 1
    found["utkast"] += map(_of_copy, typed.values())
    return [
        ListPart(name, _HEADINGS[name], _newest(rows)[:SHOWN], max(many - SHOWN, 0))
        for name, rows in found.items()
        if (many := len(rows) + (max(unread[PARTS[name]], 0) if name in PARTS else 0))
    ]


def part_page(
    lives: Iterable[Life],
    copies: Iterable[WorkingCopy],
    eyes: ListEyes,
    part: str,
    standing: Collection[str] = (),
) -> list[ListPart]:
    """A page of one part, with what waits for whoever looks among the others; see `listing`."""
    typed = {copy.id: copy for copy in copies}
    rows = [_of_life(life, typed.pop(life.id, None), eyes.now, standing) for life in lives]
    rows += map(_of_copy, typed.values())
    return [ListPart(part, _HEADINGS[part], _newest(rows))] if rows else []


def _newest(rows: Iterable[DeskRow]) -> tuple[DeskRow, ...]:
    return tuple(sorted(rows, key=lambda one: one.at, reverse=True))


def _waits_for(life: Life, eyes: ListEyes) -> bool:
    """Whether this person is the one to do something about it."""
    if life.state == "in_review":
        return "approve" in possible(life, eyes.who, eyes.rules)
    returned = life.returned(life.revision) if life.state == "draft" else None
    return returned is not None and eyes.who.id in life.author_ids


def _of_life(
    life: Life, copy: WorkingCopy | None, now: datetime, standing: Collection[str]
) -> DeskRow:
    returned = life.returned(life.revision) if life.state == "draft" else None
    return DeskRow(
        id=life.id,
        title=life.title,
        kind=life.kind,
        is_exercise=life.mode in EXERCISES,
        by="" if life.last.step == "publish" else who(life.last.by),
        at=life.last.at,
        what=_DONE[life.last.step],
        note=(returned.note or "") if returned else "",
        left=time_left(life.due, now) if life.state == "approved" and life.due else "",
        is_changed=copy is not None,
        stands=life.id in standing,
    )


def _of_copy(copy: WorkingCopy) -> DeskRow:
    fields = copy.fields
    alert = fields.get("alert") or {}
    return DeskRow(
        id=copy.id,
        title=str(fields.get("title", "")).strip() or UNTITLED,
        kind=str(fields.get("kind", "news")),
        is_exercise=fields.get("kind") == "safety_alert" and alert.get("mode") in EXERCISES,
        by=copy.names.get(copy.by, ""),
        at=copy.at,
        what=nb("skrev"),
    )
