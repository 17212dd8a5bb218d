"""The cells of one sheet of a workbook (.xlsx), row by row, however long it is.

The sheet is parsed as it is unpacked, and no row is kept. What a cell cannot be is an empty cell,
or a cut one: its row is refused then, and no other.
"""

import re
import zipfile
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache

from services.notify.register.reading.columns import clean
from services.notify.register.reading.texts import LONGEST_TEXT, Texts
from services.notify.register.reading.xml_parts import OnLetters, OnStart, parsed

NumberedCells = tuple[int, list[str]]
"""A row: its line, from 1, and its cells."""

MOST_COLUMNS = 16_384
"""Of a sheet (Excel's own limit); cells further to the right are dropped."""
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def cells_of(
    packed: zipfile.ZipFile, part: str, texts: Texts, only: Collection[int] | None = None
) -> Iterator[NumberedCells]:
    """The rows of this sheet that have cells, in their order: the line, from 1, and its cells from
    the first column on, as Excel shows them, about (a date is a number). DamagedBook if it is no
    sheet.

    With `only`, cells of other columns than these, from 1, are empty, unless nothing stands in
    these: so it can be told whether the row is an empty one.
    """
    rows: list[NumberedCells] = []
    start, letters, finish = listeners(texts, only, rows)
    for _ in parsed(packed, part, start, letters):
        yield from rows
        rows.clear()
    finish()
    yield from rows


def listeners(
    texts: Texts, only: Collection[int] | None, rows: list[NumberedCells]
) -> tuple[OnStart, OnLetters, Callable[[], None]]:
    """What a parser calls at a tag's start and for letters, and what is called at the end: by then
    `rows` has got the rows of what was parsed, as `cells_of` gives them."""
    # Nothing listens to ends: what begins next says what is over, in three calls a cell, not five.
    cells, said = list[str](), list[str]()
    others: list[tuple[int, str, str]] = []
    line, column, size, kind = 0, 0, 0, ""
    is_cell = is_value = is_sound = False

    def finish_cell() -> None:
        nonlocal is_cell
        is_cell = False
        if column > MOST_COLUMNS or column <= len(cells):
            return
        if skipped := column - len(cells) - 1:
            cells.extend([""] * skipped)
        text = "".join(said)
        if text and not (only is None or column in only):
            others.append((column, kind, text))
            text = ""
        cells.append(shown(text, kind, texts) if text else "")

    def start(tag: str, at: dict[str, str]) -> None:
        nonlocal line, column, cells, kind, is_cell, is_value, is_sound, size
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        is_value = (tag in ("v", "t")) and not is_sound
        if tag == "c":
            if is_cell:
                finish_cell()
            kind, name = at.get("t", ""), at.get("r", "").rstrip("0123456789")
            column = column_of(name) if name else column + 1
            said.clear()
            is_cell, is_sound, size = True, False, 0
        elif tag == "row":
            finish_row()
            line = max(line + 1, line_of(at.get("r", "")))
            column, cells = 0, []
        elif tag == "rPh":
            is_sound = True

    def finish_row() -> None:
        nonlocal cells
        if is_cell:
            finish_cell()
        if cells:
            if others and not any(map(clean, cells)):
                for place, of_kind, text in others:
                    cells[place - 1] = shown(text, of_kind, texts)
            rows.append((line, cells))
            cells = []
        others.clear()

    def letters(text: str) -> None:
        nonlocal size
        if is_value and size < LONGEST_TEXT:
            said.append(text[: LONGEST_TEXT - size])
            size += len(text)

    return start, letters, finish_row


def shown(said: str, kind: str, texts: Texts) -> str:
    """What a cell of this kind (ECMA-376, part 1, 18.18.11) shows."""
    if kind in ("s", "str", "inlineStr"):
        text = texts.get(said.strip()) if kind == "s" else said
        # What XML cannot hold is written so (ECMA-376, part 1, 22.9.2.19).
        return unescaped(text) if "_x" in text else text
    if kind == "b":
        return str(said.strip() == "1")
    return said if said.isdecimal() else _number(said.strip())


def _number(said: str) -> str:
    try:
        number = float(said)
    except ValueError:  # an error's name, or a moment
        return said
    return str(int(number)) if number.is_integer() else str(number)


def line_of(said: str) -> int:
    """What a row says of its place; 0 if it says nothing."""
    return int(said[:10]) if said.isdecimal() else 0


@lru_cache(1024)
def column_of(name: str) -> int:
    """The number of a column, from 1: «A», «XFD»; 0 if it is none."""
    column = 0
    for letter in name[:4]:
        if not "A" <= letter <= "Z":
            return 0
        column = column * 26 + ord(letter) - 64
    return column


def name_of(column: int) -> str:
    """A column's letters, by its number."""
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name


def unescaped(text: str) -> str:
    """A text with the characters that stand in it as `_x000D_` (ECMA-376, part 1, 22.9.2.19)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
