"""Pure: a list of members as spreadsheets and membership systems write it, read line by line.

Only a first line that names no address, name or language refuses a list; whatever is wrong further
down refuses its own line. What is refused is told in Norwegian with what to do about it, and never
with the address or the name.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import get_args

from services.notify.members import addresses
from services.notify.register.csv_cells import MOST_LINES, Record, cells_of, records
from services.notify.register.list_text import Line, NotAMemberList
from shared.article import Lang
from shared.text import nfc, one_line

COLUMNS = ("email", "name", "lang")
"""The columns that a list must have, in any order."""
PARTS_OF_NAME = ("first", "middle", "last")
"""The columns of a name that is written in parts; those that there are stand for `name`."""
ALIASES = {
    "email": "email",
    "emailadress": "email",
    "emailaddress": "email",
    "emailadresse": "email",
    "epost": "email",
    "epostadr": "email",
    "epostadresse": "email",
    "mail": "email",
    "mailadresse": "email",
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
}
"""What a language may be called, in the same form."""
MAX_NAME = 100
"""Characters."""

_DELIMITERS = ";\t,|"
"""In the order in which they are preferred if a first line can be read by several."""
_DELIMITER_OF_EXCEL = re.compile(r'"?sep=([,;\t|])"?[,;\t|\s]*', re.IGNORECASE)
_UNSEEN = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u2060\ufeff]")
_OUTER = "".join(filter(_UNSEEN.match, map(chr, range(0x10000))))
_MARKS = re.compile(r"[\W_]")
_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_IN_BRACKETS = re.compile(r"[^<>@]*<([^<>]*)>")
_LOST = re.compile(r"\ufffd|\w\?\w")
_FIRST_LINE = f"første linje må være {','.join(COLUMNS)}"


@dataclass(frozen=True)
class Row:
    """A line that names a member."""

    line: int
    email: str = field(repr=False)
    """As `addresses.parse` gives it."""
    name: str = field(repr=False)
    """Empty if the list has none."""
    lang: Lang


@dataclass(frozen=True)
class Refused:
    """A line that does not."""

    line: int
    reason: str
    """In Norwegian, with what to do; never the address or the name."""


def members(lines: Iterable[Line]) -> Iterator[Row | Refused]:
    """Who stands in a list whose first line names the columns, in any order.

    Empty lines are passed over, and Excel's `sep=;` above the names. NotAMemberList if a column
    lacks.
    """
    rest = iter(lines)
    delimiters, header = _DELIMITERS, _first(rest)
    if not header.text and not header.fault:
        raise NotAMemberList(f"filen er tom; {_FIRST_LINE}")
    if given := _DELIMITER_OF_EXCEL.fullmatch(header.text):
        delimiters, header = given[1], _first(rest)
    columns, delimiter = _columns(header, delimiters)

    def names_somebody(cells: list[str]) -> bool:
        return "@" in dict(zip(columns, cells, strict=False)).get("email", "")

    for record in records(rest, delimiter, names_somebody):
        cells = [*map(_clean, record.cells)]
        if record.fault or any(cells):
            yield _judge(replace(record, cells=cells), columns)


def _first(lines: Iterator[Line]) -> Line:
    """The first line on which anything stands, with those that a quoted cell of it goes on over;
    an empty one if there is none."""
    for line in lines:
        if line.fault or _plain(line.text):
            further = islice(lines, MOST_LINES)
            text = line.text
            while text.count('"') % 2 and (more := next(further, None)):
                text += more.text
            return line._replace(text=text)
    return Line(0, "")


def _columns(header: Line, delimiters: str) -> tuple[list[str], str]:
    """What each column is, and what stands between columns.

    A column that nobody asked for, or without a name, is the empty text.
    """
    if header.fault:
        raise NotAMemberList(f"linje {header.number} skal være kolonnenavnene, men {header.fault}")
    text = header.text.rstrip("\r\n")
    tried = [
        (delimiter, [ALIASES.get(_plain(cell), "") for cell in cells_of(text, delimiter) or ()])
        for delimiter in delimiters
    ]
    delimiter, columns = max(tried, key=lambda one: len(set(one[1]) - {""}))
    there = {"name" if name in PARTS_OF_NAME else name for name in columns}
    if missing := [name for name in COLUMNS if name not in there]:
        which = "kolonnen" if len(missing) == 1 else "kolonnene"
        raise NotAMemberList(f"{which} {_listed(missing)} mangler; {_FIRST_LINE}")
    if twice := [name for name in (*COLUMNS, *PARTS_OF_NAME) if columns.count(name) > 1]:
        raise NotAMemberList(f"kolonnen {twice[0]} står to ganger; {_FIRST_LINE}")
    return columns, delimiter


def _judge(record: Record, columns: list[str]) -> Row | Refused:
    try:
        if record.fault:
            raise ValueError(record.fault)
        found = dict(zip(columns, _as_many(record.cells, columns), strict=True))
        return Row(
            record.line,
            email=_email(found["email"]),
            name=_name(found),
            lang=_lang(found["lang"]),
        )
    except ValueError as error:
        return Refused(record.line, str(error))


def _as_many(cells: list[str], columns: list[str]) -> list[str]:
    """The cells without those that are empty beyond the last column, filled up with empty ones."""
    while len(cells) > len(columns) and not cells[-1]:
        cells.pop()
    short = columns[len(cells) :]
    if len(cells) > len(columns) or "email" in short or "lang" in short:
        raise ValueError(
            f"linjen har {_count(cells)}, men det er {len(columns)} kolonnenavn; sett celler med "
            "skilletegn i anførselstegn, og fyll ut dem som mangler"
        )
    return cells + [""] * len(short)


def _clean(cell: str) -> str:
    """A cell without what cannot be seen around it, nor Excel's `="…"`, which keeps it text."""
    cell = cell.strip(_OUTER)
    formula = _FORMULA.fullmatch(cell)
    return formula[1].strip(_OUTER) if formula else cell


def _plain(text: str) -> str:
    """A column's name, or a language's, as ALIASES and LANGS have it."""
    return _MARKS.sub("", _UNSEEN.sub("", str(nfc(text)).casefold()))


def _email(text: str) -> str:
    if bracketed := _IN_BRACKETS.fullmatch(text):
        text = bracketed[1]
    text = re.sub("^mailto:", "", text, flags=re.IGNORECASE)
    text = text.strip("';,")  # Excel keeps a cell text by a ', and mail programs list by the others
    if not text:
        raise ValueError("e-postadressen mangler; fyll den ut, eller fjern linjen")
    if "@" in text and _UNSEEN.search(text):
        raise ValueError(
            "adressen har mellomrom eller usynlige tegn inni seg; skriv den på nytt, bare én"
        )
    return addresses.parse(text)


def _name(found: dict[str, str]) -> str:
    """The name in one cell, or else in parts."""
    parts = [found.get(part, "") for part in PARTS_OF_NAME]
    text = found.get("name") or " ".join(filter(None, parts))
    if not text:
        return ""
    try:
        name = one_line(text)
    except ValueError as error:
        raise ValueError(f"navnet: {error}; skriv det på nytt") from None
    if len(name) > MAX_NAME:
        raise ValueError(f"navnet er for langt (over {MAX_NAME} tegn); kort det ned")
    if _LOST.search(name) or _was_utf_8(name):
        raise ValueError(
            "navnet har tegn som er blitt feil (æ, ø eller å?); skriv det på nytt, og lagre listen "
            "som «CSV UTF-8»"
        )
    return name


def _was_utf_8(text: str) -> bool:
    """Whether a text is UTF-8 that somebody read as Windows-1252, such as «KÃ¥re»."""
    try:
        return not text.isascii() and text.encode("cp1252").decode() != text
    except UnicodeError:
        return False


def _lang(text: str) -> Lang:
    plain = _plain(text)
    if plain not in LANGS:
        what = "ukjent språk" if plain else "språket mangler"
        raise ValueError(f"{what}; skriv {' eller '.join(get_args(Lang))}")
    return LANGS[plain]


def _listed(names: list[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} og {last}" if before else last


def _count(cells: list[str]) -> str:
    return f"{len(cells)} kolonne{'r' if len(cells) != 1 else ''}"
