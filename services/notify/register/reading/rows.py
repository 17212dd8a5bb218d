"""Pure: the cells of a list to members, or to the reason why a row is refused.

What is refused is told in Norwegian with what to do about it, and never with the address or the
name.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from services.notify.members import addresses
from services.notify.members.member import MAX_NAME
from services.notify.register.reading.columns import (
    LANGS,
    PARTS_OF_NAME,
    UNSEEN,
    ListHead,
    clean,
    plain,
)
from services.notify.register.reading.csv_cells import Record
from shared.article import Lang
from shared.text import one_line

LOOKS_LIKE_FORMULA = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
"""What a spreadsheet takes for a formula, unless an apostrophe stands before it; with as many of
those as there are."""
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9_+-][A-Za-z0-9_.+-]*@[A-Za-z0-9.-]+")
"""What most addresses look like: nothing around them or in them has to go."""
_PLAIN_NAME = re.compile(r"[A-Za-zÆØÅæøåéü][A-Za-zÆØÅæøåéü0-9'-]*(?: [A-Za-zÆØÅæøåéü0-9'-]+)*")
"""What most names look like: nothing in them can be wrong."""
_IN_BRACKETS = re.compile(r"[^<>@]*<([^<>]*)>")
_LOST = re.compile(r"\ufffd|\w\?\w")


@dataclass(frozen=True, slots=True)
class Row:
    """A line that names a member."""

    line: int
    email: str = field(repr=False)
    """As `addresses.parse` gives it."""
    name: str = field(repr=False)
    """Empty if the list has none."""
    lang: Lang | None
    """None if the list has no such column."""

    def __reduce__(self) -> tuple[type["Row"], tuple[int, str, str, Lang | None]]:
        """A child hands on millions: pickled so, it takes a third of the time."""
        return Row, (self.line, self.email, self.name, self.lang)


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that does not."""

    line: int
    reason: str
    """In Norwegian, with what to do; never the address or the name."""
    email: str = field(default="", repr=False)
    """The address, as `addresses.parse` gives it, if nothing is wrong with that."""


def rows(records: Iterable[Record], head: ListHead) -> Iterator[Row | Refused]:
    """The members in a list with these columns. Records on which nothing stands are passed over."""
    columns = head.columns
    width = len(columns)
    read_email = _cell("email", columns)
    read_name = _name_of(columns)
    lang_at = columns.index("lang") if "lang" in columns else None
    least = 1 + max(columns.index("email"), -1 if lang_at is None else lang_at)
    for record in records:
        cells, email = record.cells, ""
        try:
            if record.fault:
                raise ValueError(record.fault)
            if len(cells) > width or len(cells) < least:
                if not any(map(clean, cells)):
                    continue
                cells = _as_many(cells, head, least)
            text = read_email(cells)
            if not text and not any(map(clean, cells)):
                continue
            email = _email(text)
            name = read_name(cells)
            lang = None if lang_at is None else _lang(cells[lang_at])
            yield Row(record.line, email, name, lang)
        except ValueError as error:
            yield Refused(record.line, str(error), email)


def _as_many(cells: list[str], head: ListHead, least: int) -> list[str]:
    """The cells without those that are empty beyond the last column."""
    width = len(head.columns)
    cells = cells[:] if head.are_strict else cells[:width]
    while len(cells) > width and not clean(cells[-1]):
        cells.pop()
    if len(cells) > width or len(cells) < least:
        raise ValueError(
            f"linjen har {_count(cells)}, men det er {width} kolonnenavn; sett celler med "
            "skilletegn i anførselstegn, og fyll ut dem som mangler"
        )
    return cells


def _cell(name: str, columns: tuple[str, ...]) -> Callable[[list[str]], str]:
    """Reads the cell of a column; of no column, or one that a row is too short for, nothing."""
    if name not in columns:
        return lambda _: ""
    at = columns.index(name)
    return lambda cells: clean(cells[at]) if at < len(cells) else ""


def _name_of(columns: tuple[str, ...]) -> Callable[[list[str]], str]:
    """Reads the name from one cell, or else from its parts."""
    whole = _cell("name", columns)
    parts = [_cell(part, columns) for part in PARTS_OF_NAME if part in columns]

    def read(cells: list[str]) -> str:
        text = whole(cells) or " ".join(filter(None, [part(cells) for part in parts]))
        if len(text) <= MAX_NAME and (not text or _PLAIN_NAME.fullmatch(text)):
            return text
        return _odd_name(text)

    return read


def _odd_name(text: str) -> str:
    if text.startswith("'") and LOOKS_LIKE_FORMULA.match(text):
        text = text[1:]  # it keeps the cell of a spreadsheet text
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


def _email(text: str) -> str:
    if not _PLAIN_ADDRESS.fullmatch(text):
        if bracketed := _IN_BRACKETS.fullmatch(text):
            text = bracketed[1]
        text = re.sub("^mailto:", "", text, flags=re.IGNORECASE)
        if not bracketed:
            text = text.strip("';,")  # by ' Excel keeps a cell text; by the others mail is listed
        if not text:
            raise ValueError("e-postadressen mangler; fyll den ut, eller fjern linjen")
        if "@" in text and UNSEEN.search(text):
            raise ValueError(
                "adressen har mellomrom eller usynlige tegn inni seg; skriv den på nytt, bare én"
            )
    return addresses.parse(text)


def _was_utf_8(text: str) -> bool:
    """Whether a text is UTF-8 that somebody read as Windows-1252, such as «KÃ¥re»."""
    try:
        return not text.isascii() and text.encode("cp1252").decode() != text
    except UnicodeError:
        return False


@lru_cache(maxsize=256)  # a list has many members and few languages
def _lang(text: str) -> Lang:
    word = plain(text)
    if word not in LANGS:
        what = "ukjent språk" if word else "språket mangler"
        raise ValueError(f"{what}; skriv nb, nn eller en")
    return LANGS[word]


def _count(cells: list[str]) -> str:
    return f"{len(cells)} kolonne{'r' if len(cells) != 1 else ''}"
