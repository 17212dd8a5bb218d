"""A subject: a medicine, a class of medicines or a condition, which members choose alerts by."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from shared.alert import AtcCode
from shared.article import Lang
from shared.fields import Model
from shared.text import Line

_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def _subject_id(text: str) -> str:
    if not re.fullmatch(_ID, text):
        raise ValueError("skriv en id med små bokstaver fra a til z, tall og bindestrek")
    return text


SubjectId = Annotated[
    str,
    Field(max_length=60, json_schema_extra={"pattern": _ID}),
    AfterValidator(_subject_id),
]
"""Lower-case letters a to z, digits, and hyphens between them."""
_Names = Annotated[tuple[Line, ...], Field(max_length=50)]


class Subject(Model):
    """What a member can choose, and the names by which an alert is known to be about it."""

    id: SubjectId
    name: Line
    """As members see it, in bokmål."""
    name_nn: Line | None = None
    """The same in nynorsk, if it is another."""
    name_en: Line | None = None
    """The same in English, if it is another."""
    substance: Line | None = None
    """The active substance. None for a class and a condition."""
    brands: _Names = ()
    atc: Annotated[tuple[AtcCode, ...], Field(max_length=50)] = ()
    """Codes of WHO's ATC index. A short one, as `L04AF`, stands for all that begin with it."""
    classes: _Names = ()
    """Names of the classes that a medicine belongs to; of a class, its other names."""
    conditions: _Names = ()
    """Names of the illness, as articles write them."""

    def called(self, lang: Lang) -> str:
        """Its name in a language."""
        own = {"nb": None, "nn": self.name_nn, "en": self.name_en}
        return own[lang] or self.name


class SubjectVersion(Model):
    """A subject as a change left it, or as it was when it was removed."""

    subject: Subject
    version: Annotated[int, Field(ge=1)]
    """Grows with every change of any subject: the greatest is the newest."""
