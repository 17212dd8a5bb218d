"""Pure: which columns of a list are the address, the name and the language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.notify.register.reading.list_text import NotAMemberList
from shared.article import Lang
from shared.text import nfc

COLUMNS = ("email", "name")
"""The columns that a list must have, in any order."""
PARTS_OF_NAME = ("first", "middle", "last")
"""The columns of a name that is written in parts; those that there are stand for `name`."""
ALIASES = {
    "email": "email",
    "emailadress": "email",
    "emailaddress": "email",
    "emailadresse": "email",
    "epost": "email",
    "epost1": "email",
    "epostadr": "email",
    "epostadresse": "email",
    "epostadresse1": "email",
    "epostprivat": "email",
    "mail": "email",
    "mailadresse": "email",
    "privatepost": "email",
    "primærepost": "email",
    "name": "name",
    "fullname": "name",
    "navn": "name",
    "fulltnavn": "name",
    "medlemsnavn": "name",
    "namn": "name",
    "fulltnamn": "name",
    "fornavn": "first",
    "førenamn": "first",
    "fornamn": "first",
    "firstname": "first",
    "givenname": "first",
    "mellomnavn": "middle",
    "mellomnamn": "middle",
    "middlename": "middle",
    "etternavn": "last",
    "etternamn": "last",
    "lastname": "last",
    "surname": "last",
    "familyname": "last",
    "lang": "lang",
    "language": "lang",
    "språk": "lang",
    "språkkode": "lang",
    "målform": "lang",
    "skriftspråk": "lang",
}
"""The names that a column may have: in small letters, without spaces and marks."""
LANGS: dict[str, Lang] = {
    "nb": "nb",
    "nbno": "nb",
    "no": "nb",
    "nor": "nb",
    "nob": "nb",
    "norsk": "nb",
    "norskbokmål": "nb",
    "bokmål": "nb",
    "bm": "nb",
    "bokmaal": "nb",
    "nn": "nn",
    "nnno": "nn",
    "nno": "nn",
    "nynorsk": "nn",
    "norsknynorsk": "nn",
    "en": "en",
    "eng": "en",
    "engb": "en",
    "enus": "en",
    "english": "en",
    "engelsk": "en",
}
"""What a language may be called, in the same form."""
UNSEEN = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u2060\ufeff]")
"""What cannot be seen in a cell."""
MOST_ABOVE = 20
"""Rows with something on them that may stand above the columns' names: a title, a date."""

_OUTER = "".join(filter(UNSEEN.match, map(chr, range(0x10000))))
_MARKS = re.compile(r"[\W_]")
_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_TOP = f"kolonnenavnene må stå øverst, som {','.join(COLUMNS)} eller E-post, Fornavn, Etternavn"


@dataclass(frozen=True)
class ListHead:
    """How a list was understood."""

    kind: str
    """What it was read as, in Norwegian."""
    line: int
    """Where the names of the columns stand."""
    names: tuple[str, ...]
    """The names of the columns, as they stand there."""
    columns: tuple[str, ...] = field(default=())
    """What each column is: one of the values of ALIASES; empty if it is passed over."""
    are_strict: bool = True
    """Whether a cell beyond the last column tells that a row was torn wrongly."""


def meaning_of(cells: Sequence[str]) -> tuple[str, ...]:
    """What each column is, if these are the names of columns."""
    return tuple(ALIASES.get(plain(cell), "") for cell in cells)


def are_names(columns: Sequence[str]) -> bool:
    """Whether columns of this meaning make a list of members."""
    return not _missing(columns)


def require(columns: Sequence[str]) -> None:
    """NotAMemberList if a column lacks or stands there twice."""
    if missing := _missing(columns):
        which = "kolonnen" if len(missing) == 1 else "kolonnene"
        raise NotAMemberList(f"{which} {' og '.join(missing)} mangler; {_TOP}")
    for name in dict.fromkeys(ALIASES.values()):
        if columns.count(name) > 1:
            raise NotAMemberList(f"kolonnen {name} står to ganger; {_TOP}")


def empty() -> NotAMemberList:
    """The error of a list on which nothing stands."""
    return NotAMemberList(f"filen er tom; {_TOP}")


def _missing(columns: Sequence[str]) -> list[str]:
    there = {"name" if name in PARTS_OF_NAME else name for name in columns}
    return [name for name in COLUMNS if name not in there]


def clean(cell: str) -> str:
    """A cell without what cannot be seen around it, nor Excel's `="…"`, which keeps it text."""
    cell = cell.strip(_OUTER)
    formula = _FORMULA.fullmatch(cell) if cell.startswith("=") else None
    return formula[1].strip(_OUTER) if formula else cell


def plain(text: str) -> str:
    """A column's name, or a language's, as ALIASES and LANGS have it."""
    return _MARKS.sub("", UNSEEN.sub("", str(nfc(text)).casefold()))
