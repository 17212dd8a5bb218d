"""A list of members as CSV (RFC 4180, with `,` or `;`), read line by line."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import get_args

from services.notify import addresses
from shared.article import Lang
from shared.text import one_line

COLUMNS = ("email", "name", "lang")
MAX_NAME = 100
_LANGS = get_args(Lang)


class NotAMemberList(Exception):
    """The file cannot be read any further; the message says in Norwegian why and where."""


@dataclass(frozen=True)
class Row:
    line: int
    email: str = field(repr=False)
    """As `addresses.parse` gives it."""
    name: str = field(repr=False)
    lang: str


@dataclass(frozen=True)
class Refused:
    line: int
    reason: str
    """In Norwegian; never the address or the name."""


def rows(text: Iterable[str]) -> Iterator[Row | Refused]:
    """The members of a list whose first line names the columns, in any order; others are ignored.

    NotAMemberList where a column lacks, the text is not UTF-8, or it is no CSV.
    """
    lines = iter(text)
    try:
        header = next(lines, "")
        columns, delimiter = _columns(header)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        for values in reader:
            if values:
                yield _row(reader.line_num + 1, values, columns)
    except UnicodeDecodeError:
        raise NotAMemberList("filen er ikke UTF-8; lagre den på nytt som UTF-8") from None
    except csv.Error as error:
        raise NotAMemberList(f"filen kan ikke leses som CSV: {error}") from None


def _columns(header: str) -> tuple[list[str], str]:
    delimiter = ";" if ";" in header else ","
    names = next(csv.reader([header], delimiter=delimiter), [])
    columns = [name.strip().casefold() for name in names]
    if missing := [name for name in COLUMNS if name not in columns]:
        raise NotAMemberList(
            f"kolonnen {' og '.join(missing)} mangler; "
            "første linje må være email,name,lang i valgfri rekkefølge"
        )
    return columns, delimiter


def _row(line: int, values: list[str], columns: list[str]) -> Row | Refused:
    if len(values) != len(columns):
        reason = f"linjen har {len(values)} kolonner, men første linje har {len(columns)}"
        return Refused(line, reason)
    found = dict(zip(columns, values, strict=True))
    try:
        return Row(
            line,
            email=addresses.parse(found["email"]),
            name=_name(found["name"]),
            lang=_lang(found["lang"]),
        )
    except ValueError as error:
        return Refused(line, str(error))


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
