"""Where the pages of subjects are. Pure."""

from typing import NamedTuple

from shared.article import Lang
from shared.subject import Subject


class MedicineLink(NamedTuple):
    """A link to the page of a medicine or a class."""

    path: str
    name: str


def has_page(subject: Subject) -> bool:
    """Whether it is a medicine or a class of medicines: a condition has no page."""
    return bool(subject.substance or subject.brands or subject.atc or subject.classes)


def medicine_path(subject: str) -> str:
    """The path of the page of the subject with this id. Ids stay when names change."""
    return f"/medisin/{subject}/"


def medicine_link(subject: Subject, lang: Lang) -> MedicineLink:
    return MedicineLink(medicine_path(subject.id), subject.called(lang))
