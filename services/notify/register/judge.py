"""Pure: what a line of a list means for whom it names, given what is known of them."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import NamedTuple

from services.notify.members.many import Known
from services.notify.members.member import IMPORTED, Member
from services.notify.members.returning import Barred, barred
from services.notify.register.reading.rows import Row
from shared.article import Lang


class LineMeaning(Enum):
    NEW = auto()
    """They become a member."""
    BACK = auto()
    """They become a member again: as they were, if a register had ended them; with the list's
    consent, if they had left, and agreed since."""
    SAME = auto()
    """They are a member already, as the line says."""
    CHANGE = auto()
    """They get the name or language of the line."""
    DIFFER = auto()
    """They are a member already, and the line says otherwise of them."""
    REFUSE = auto()


class Judged(NamedTuple):
    """What becomes of a line."""

    meaning: LineMeaning
    member: Member | None = None
    """The record to be, if there is to be another one: also if only the list's name is new."""
    words: str = ""
    """Why, or what differs, in Norwegian."""
    was_listed: bool = False
    """A member in force who had come by this list before."""


@dataclass(frozen=True)
class Terms:
    """How a list is taken."""

    consent: str
    """Short hash of the words that those in it agreed to."""
    consented_on: date | None = None
    """When all of them had agreed, at the latest."""
    list: str = ""
    """The list's name."""
    lang: Lang = "nb"
    """Of new members whose line names none."""
    update: bool = False
    """Members get the name and language of their line, but for a name that is empty there."""


_LEFT = "har meldt seg av; bare medlemmet selv kan melde seg på igjen"
_ERASED = "opplysningene er slettet; bare medlemmet selv kan melde seg på igjen"
_MOVED = "har fått en annen e-postadresse hos dere; rett adressen i registeret, og fjern den gamle"

_UNREADABLE = "er medlem, men posten er ødelagt og kan ikke leses"


def judge(row: Row, known: Known | None, terms: Terms) -> Judged:
    """What becomes of a line that is the first to name its address."""
    if known is None:
        return Judged(LineMeaning.NEW, _new(row, terms))
    if known.found.moved:
        return Judged(LineMeaning.REFUSE, words=_MOVED)
    if known.found.left:
        return _who_left(row, known, terms)
    if known.member is None:  # if there is no record, erased between two looks
        return Judged(LineMeaning.REFUSE, words=_ERASED if known.sealed is None else _UNREADABLE)
    return _in_force(row, known.member, terms)


def lists_of(member: Member) -> frozenset[str]:
    """The names of the lists that a member came by."""
    return frozenset(filter(None, member.lists.split(",")))


def with_lists(member: Member, lists: frozenset[str]) -> Member:
    """A member who came by these lists."""
    return member._replace(lists=",".join(sorted(lists)))


def _new(row: Row, terms: Terms) -> Member:
    on = terms.consented_on.isoformat() if terms.consented_on else ""
    return Member(
        row.email, row.name, row.lang or terms.lang, terms.consent, IMPORTED,
        confirmed=on, lists=terms.list,
    )  # fmt: skip


def _who_left(row: Row, known: Known, terms: Terms) -> Judged:
    why = barred(known.found, known.left, terms.consented_on)
    if why:
        return Judged(LineMeaning.REFUSE, words=_LEFT if why is Barred.LEFT else _ERASED)
    # Of whom a list ended long ago the record may be gone: then they are as the list says.
    if known.member and known.left and known.left.by_list:
        return Judged(LineMeaning.BACK, known.member._replace(lists=terms.list))
    moves = known.member.moves if known.member else ""
    return Judged(LineMeaning.BACK, _new(row, terms)._replace(moves=moves))


def _in_force(row: Row, before: Member, terms: Terms) -> Judged:
    lists = lists_of(before)
    was_listed = bool(terms.list) and terms.list in lists
    # Whoever joined by themselves came by no list, also if they stand in one.
    listed = before
    if terms.list and before.how == IMPORTED:
        listed = with_lists(before, lists | {terms.list})
    after = listed._replace(name=row.name or before.name, lang=row.lang or before.lang)
    if after == listed:
        return Judged(LineMeaning.SAME, None if after == before else after, was_listed=was_listed)
    words = _what_differs(listed, after)
    if terms.update:
        return Judged(LineMeaning.CHANGE, after, words, was_listed)
    words = f"{words}; ta det inn med --update"
    return Judged(LineMeaning.DIFFER, None if listed == before else listed, words, was_listed)


def _what_differs(before: Member, after: Member) -> str:
    name, lang = after.name != before.name, after.lang != before.lang
    if name and lang:
        return "navnet og språket er nye"
    return "navnet er nytt" if name else "språket er nytt"
