"""Pure: a list of members as CSV (RFC 4180, with `,`, `;` or tabs), read line by line."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO, get_args

from services.notify.members import addresses
from shared.article import Lang
from shared.text import one_line

COLUMNS = ("email", "name", "lang")
"""The columns that a list must have, in any order."""
ALIASES = {
    "e-post": "email",
    "epost": "email",
    "navn": "name",
    "namn": "name",
    "språk": "lang",
}
"""Other names that a column may have."""
MAX_NAME = 100
"""Characters."""
LONGEST_LINE = 65_536
"""Characters."""
UNDECODED = "surrogateescape"
"""How to decode a list: octets that are not UTF-8 stay recognisable, so that `records` can name
their line."""
_LANGS = get_args(Lang)
_NOT_UTF_8 = re.compile("[\udc80-\udcff]")
_DELIMITER_OF_EXCEL = re.compile(r"sep=([,;\t])\s*", re.IGNORECASE)

_FIRST_LINE = f"første linje må være {','.join(COLUMNS)}"
_SAVE_ANEW = "lagre listen som «CSV UTF-8» i Excel, og prøv igjen"


class NotAMemberList(ValueError):
    """The file is no list that can be read whole; the message says in Norwegian why and where."""


@dataclass(frozen=True)
class Record:
    """What stands between two line ends, before anybody judges it."""

    line: int
    columns: list[str]
    values: list[str] = field(repr=False)


@dataclass(frozen=True)
class Row:
    """A line that names a member."""

    line: int
    email: str = field(repr=False)
    """As `addresses.parse` gives it."""
    name: str = field(repr=False)
    lang: str


@dataclass(frozen=True)
class Refused:
    """A line that does not."""

    line: int
    reason: str
    """In Norwegian; never the address or the name."""


def refuse_binary(head: bytes) -> None:
    """NotAMemberList if a file that begins with `head` is no text in UTF-8: a picture, UTF-16."""
    if b"\0" in head:
        raise NotAMemberList(f"filen er ikke en tekstfil; {_SAVE_ANEW}")


def records(text: TextIO) -> Iterator[Record]:
    """The lines of a list whose first line names the columns, in any order.

    Excel's `sep=;` may stand above it. Empty lines are passed over. `text` was decoded with
    UNDECODED. NotAMemberList if a column lacks, a line is not UTF-8, or it is no CSV.
    """
    lines = _lines(text)
    header, above = next(lines, ""), 1
    if not header:
        raise NotAMemberList(f"filen er tom; {_FIRST_LINE}")
    if given := _DELIMITER_OF_EXCEL.fullmatch(header):
        header, above = next(lines, ""), 2
    delimiter = given[1] if given else next((mark for mark in ";\t" if mark in header), ",")
    columns = _columns(header, delimiter)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = above + 1
    try:
        for values in reader:
            if any(values):
                yield Record(line, columns, values)
            line = above + reader.line_num + 1
    except csv.Error:
        raise NotAMemberList(
            f'linje {line} har et anførselstegn (") som ikke er lukket; fjern eller lukk det'
        ) from None


def judge(record: Record) -> Row | Refused:
    """The member on a line, or why there is none; columns that nobody asked for are ignored."""
    if len(record.values) != len(record.columns):
        return Refused(
            record.line,
            f"linjen har {_count(record.values)}, men det er {len(record.columns)} kolonnenavn",
        )
    found = dict(zip(record.columns, record.values, strict=True))
    try:
        return Row(
            record.line,
            email=addresses.parse(found["email"]),
            name=_name(found["name"]),
            lang=_lang(found["lang"]),
        )
    except ValueError as error:
        return Refused(record.line, str(error))


def _lines(text: TextIO) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if _NOT_UTF_8.search(line):
            raise NotAMemberList(f"linje {number} er ikke UTF-8; {_SAVE_ANEW}")
        if len(line) > LONGEST_LINE:
            raise NotAMemberList(f"linje {number} er over {LONGEST_LINE} tegn lang; {_SAVE_ANEW}")
        yield line


def _columns(header: str, delimiter: str) -> list[str]:
    names = next(csv.reader([header], delimiter=delimiter), [])
    written = [name.strip().casefold() for name in names]
    columns = [ALIASES.get(name, name) for name in written]
    if missing := [name for name in COLUMNS if name not in columns]:
        which = "kolonnen" if len(missing) == 1 else "kolonnene"
        raise NotAMemberList(f"{which} {_listed(missing)} mangler; {_FIRST_LINE}")
    if twice := [name for name in COLUMNS if columns.count(name) > 1]:
        raise NotAMemberList(f"kolonnen {twice[0]} står to ganger; {_FIRST_LINE}")
    return columns


def _listed(names: list[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} og {last}" if before else last


def _count(values: list[str]) -> str:
    return f"{len(values)} kolonne{'r' if len(values) != 1 else ''}"


def _name(text: str) -> str:
    if not text.strip():
        return ""
    try:
        name = one_line(text)
    except ValueError as error:
        raise ValueError(f"navnet: {error}") from None
    if len(name) > MAX_NAME:
        raise ValueError(f"navnet er for langt (over {MAX_NAME} tegn)")
    return name


def _lang(text: str) -> str:
    lang = text.strip().casefold()
    if lang not in _LANGS:
        raise ValueError(f"ukjent språk; skriv {' eller '.join(_LANGS)}")
    return lang
