"""Which articles the list shows, in which part of it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.ingest.desk.store import WorkingCopy
from services.ingest.lifecycle.life import Life
from services.ingest.lifecycle.steps import Rules, possible
from services.ingest.newsroom.desk.next_step import time_left
from services.ingest.newsroom.shown.who import who
from services.ingest.people.person import Person
from shared.languages.say import Nb, nb
from shared.text import nfc

UNTITLED: Nb[str] = "Uten tittel"
SHOWN = 50
"""Of each part of the list: more is no overview."""
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
    """How many more there are that a search would find."""


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
_PART = {
    "draft": "utkast",
    "in_review": "godkjenning",
    "approved": "planlagt",
    "published": "ute",
    "withdrawn": "trukket",
}


def listing(
    lives: Iterable[Life],
    copies: Iterable[WorkingCopy],
    eyes: ListEyes,
    search: str = "",
) -> list[ListPart]:
    """The parts of the list in their order, each with the newest first; only those that have
    something, and of that what has all words of `search`."""
    found: dict[str, list[DeskRow]] = {name: [] for name in _HEADINGS}
    typed = {copy.id: copy for copy in copies}
    for life in lives:
        part = "deg" if _waits_for(life, eyes) else _PART[life.state]
        found[part].append(_of_life(life, typed.pop(life.id, None), eyes.now))
    found["utkast"] += map(_of_copy, typed.values())
    wanted = _folded(search).split()
    return [
        ListPart(name, _HEADINGS[name], shown[:SHOWN], max(len(shown) - SHOWN, 0))
        for name, articles in found.items()
        if (shown := _newest(articles, wanted))
    ]


def _newest(articles: Sequence[DeskRow], wanted: Sequence[str]) -> tuple[DeskRow, ...]:
    kept = (one for one in articles if all(word in _said(one) for word in wanted))
    return tuple(sorted(kept, key=lambda one: one.at, reverse=True))


def _said(one: DeskRow) -> str:
    return _folded(f"{one.title} {one.by}")


def _folded(text: str) -> str:
    try:
        return str(nfc(text)).casefold()
    except ValueError:
        return text.casefold()


def _waits_for(life: Life, eyes: ListEyes) -> bool:
    """Whether this person is the one to do something about it."""
    if life.state == "in_review":
        return "approve" in possible(life, eyes.who, eyes.rules)
    returned = life.returned(life.revision) if life.state == "draft" else None
    return returned is not None and eyes.who.id in life.author_ids


def _of_life(life: Life, copy: WorkingCopy | None, now: datetime) -> DeskRow:
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
