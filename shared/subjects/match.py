"""Which subjects an alert is about. Pure.

A name that is not known must never leave anybody out. So a medicine is matched only if its
substance is the name of a subject, or each part of a combination is. Its brands and ATC codes add
subjects, and never make up for a substance that is not known: a subject that has the brand may be
one of two that the medicine is about.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from shared.alert import Alert, Medicine
from shared.fields import Model
from shared.subject import Subject, SubjectId
from shared.subjects.names import components, folded
from shared.text import Line


class Matched(Model):
    """What an alert was found to be about."""

    subjects: tuple[SubjectId, ...] | None
    """The ids of the subjects whose members it goes to; None if it goes to all members."""
    about: tuple[SubjectId, ...] = ()
    """The ids of all subjects that it is about, also if it goes to all."""
    extreme: bool = False
    """It is extreme, and goes to all for that."""
    unmatched: tuple[Line, ...] = ()
    """Its substances and conditions that are no subject's name: for each of them it goes to all.
    Empty if there are no subjects, so that every alert goes to all."""


def match(alert: Alert, subjects: Sequence[Subject]) -> Matched:
    """The subjects that the alert is about, of all that there are."""
    return KnownNames(subjects).match(alert)


class KnownNames:
    """The subjects by their folded names, for many alerts. No name is the empty one."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._subjects = {subject.id: subject for subject in subjects}
        self._medicines: dict[str, set[str]] = defaultdict(set)
        """By a name of the medicine, or of the class that the subject is."""
        self._in_class: dict[str, set[str]] = defaultdict(set)
        """By a name of a class: what belongs to it."""
        self._conditions: dict[str, set[str]] = defaultdict(set)
        for subject in subjects:
            for name in {*_own_names(subject), *map(folded, subject.brands)}:
                self._medicines[name].add(subject.id)
            for name in map(folded, subject.classes):
                self._in_class[name].add(subject.id)
            for name in {*map(folded, subject.conditions), *_titles(subject)}:
                self._conditions[name].add(subject.id)
        for index in (self._medicines, self._in_class, self._conditions):
            index.pop("", None)

    def match(self, alert: Alert) -> Matched:
        """The subjects that the alert is about."""
        extreme = alert.severity == "extreme"
        if not self._subjects:
            return Matched(subjects=None, extreme=extreme)
        found: set[str] = set()
        unmatched: list[str] = []
        for medicine in alert.medicines:
            its, is_known = self._of_medicine(medicine)
            found |= its
            unmatched += [] if is_known else [medicine.substance]
        for condition in alert.conditions:
            its = self._of_condition(condition)
            found |= its
            unmatched += [] if its else [condition]
        about = tuple(sorted(self._with_classes(found)))
        return Matched(
            subjects=None if extreme or unmatched else about,
            about=about,
            extreme=extreme,
            unmatched=tuple(dict.fromkeys(unmatched)),
        )

    def classes_of(self, subject: str) -> set[str]:
        """The ids of the classes that a subject belongs to."""
        return self._with_classes({subject}) - {subject}

    def members_of(self, subject: str) -> set[str]:
        """The ids of what belongs to a subject, if it is a class."""
        return self._with_members({subject}) - {subject}

    def _of_medicine(self, medicine: Medicine) -> tuple[set[str], bool]:
        """The subjects that the medicine concerns, and whether its substance is known."""
        whole, parts = folded(medicine.substance), components(medicine.substance)
        named = self._medicines[whole]
        by_part = [self._medicines[part] for part in parts]
        is_known = bool(named) or (len(parts) > 1 and all(by_part))
        found = self._in_class[whole] | self._with_members(named.union(*by_part))
        for brand in medicine.brands:
            found |= self._medicines[folded(brand)]
        codes = [atc.code for atc in medicine.atc]
        found |= {one.id for one in self._subjects.values() if _related(one.atc, codes)}
        return found, is_known

    def _of_condition(self, condition: str) -> set[str]:
        """The subjects that the illness concerns; none if it is not known."""
        return self._with_members(self._conditions[folded(condition)])

    def _with_members(self, named: set[str]) -> set[str]:
        """These subjects, and what belongs to those of them that are classes."""
        found = set(named)
        for one in (self._subjects[id_] for id_ in named):
            if one.substance is None:
                found.update(*(self._in_class[name] for name in _own_names(one)))
                found |= {it.id for it in self._subjects.values() if _is_below(it.atc, one.atc)}
        return found

    def _with_classes(self, found: Iterable[str]) -> set[str]:
        """These subjects and the classes that they belong to, by name or by ATC code; and those
        that these belong to."""
        every: set[str] = set()
        new = set(found)
        while new:
            every |= new
            new = {wide for one in new for wide in self._classes_of(self._subjects[one])} - every
        return every

    def _classes_of(self, subject: Subject) -> set[str]:
        its = {folded(name) for name in subject.classes}
        return {
            one.id
            for one in self._subjects.values()
            if (one.substance is None and not its.isdisjoint(_own_names(one)))
            or _is_below(subject.atc, one.atc)
        }


def _titles(subject: Subject) -> set[str]:
    return {folded(name) for name in (subject.name, subject.name_nn, subject.name_en) if name}


def _own_names(subject: Subject) -> set[str]:
    """What the subject is called; a medicine's classes are not its names."""
    others = (subject.substance,) if subject.substance else subject.classes
    return _titles(subject) | {folded(name) for name in others}


def _is_below(narrow: Iterable[str], wide: Sequence[str]) -> bool:
    """Whether some code of `narrow` is, or begins with, one of `wide`."""
    return any(code.startswith(one) for code in narrow for one in wide)


def _related(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether some code of one list is, or begins, one of the other."""
    return _is_below(one, other) or _is_below(other, one)
