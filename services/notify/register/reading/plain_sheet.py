"""The rows of a sheet that is as plain as programs write them, three times as fast as sheet_cells.

All of the sheet was parsed before (`xml_parts.rows_in`): it is sound, and every `<` and `>` is a
tag's. A row that has anything but values goes to the parser all the same.
"""

import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from xml.parsers import expat

from services.notify.register.reading.columns import clean
from services.notify.register.reading.sheet_cells import (
    MOST_COLUMNS,
    NumberedCells,
    column_of,
    line_of,
    listeners,
    name_of,
    shown,
    unescaped,
)
from services.notify.register.reading.texts import LONGEST_PLACE, LONGEST_TEXT, Texts
from services.notify.register.reading.xml_parts import DamagedBook, parser_of, unpacked

LONGEST_ROW_BYTES = 4 * 2**20
"""Of what is kept of a sheet: no list of members has such a row."""
_ROW = re.compile(rb"<row((?:\s[^<>]*?)?)(?:/>|>(.*?)</row\s*>)", re.DOTALL)
_BEGUN = re.compile(rb"<row[\s>]")
_LINE = re.compile(rb"\sr=\"(\d+)\"")
_CELL = re.compile(
    rb"<c r=\"([A-Z]{1,3})\d+\"(?: s=\"\d+\")?(?: t=\"([a-z]+)\")?(?:/>|><v>([^<&\r]*)</v></c>)"
)
_SHORTEST_TAG_BYTES = len(b"<row ")


def plain_cells_of(
    packed: zipfile.ZipFile, part: str, texts: Texts, only: Collection[int]
) -> Iterator[NumberedCells]:
    """As `sheet_cells.cells_of`, of a sheet of which `rows_in` says that it is plain. DamagedBook
    also if a row is too long."""
    parsed: list[NumberedCells] = []
    start, letters, finish = listeners(texts, only, parsed)
    parser = parser_of(start, letters)
    parser.Parse(b"<sheetData>", False)
    columns = {name_of(column).encode(): column for column in only if column <= MOST_COLUMNS}
    line, rest = 0, b""
    for piece in unpacked(packed, part):
        text, end = rest + piece, 0
        for found in _ROW.finditer(text):
            end = found.end()
            at, inside = found.groups()
            said = _LINE.search(at)
            cells = _cells(inside, texts, columns) if inside else []
            if cells is None:
                try:
                    parser.Parse(found[0], False)
                except expat.ExpatError as error:
                    raise DamagedBook(type(error).__name__) from None
                finish()
            else:
                parsed.append((line_of(said[1].decode()) if said else 0, cells))
            for its_line, row in parsed:
                line = max(line + 1, its_line)
                if row:
                    yield line, row
            parsed.clear()
        rest = _unread(text, end)


def _cells(inside: bytes, texts: Texts, only: Mapping[bytes, int]) -> list[str] | None:
    """The cells in a row, of these columns (their numbers by their letters), or of all if nothing
    stands in these; none if there is anything else in the row."""
    found = _CELL.findall(inside)
    if inside.count(b"<") != 4 * len(found) - 3 * inside.count(b"/>"):
        return None
    cells: list[str] = []
    last = 0
    for name, kind, value in found:
        column = only.get(name, 0)
        if column <= last:
            continue
        if column > last + 1:
            cells.extend([""] * (column - last - 1))
        last = column
        if kind == b"s" and value.isdigit() and len(value) <= LONGEST_PLACE:
            text = texts.at(int(value))
            cells.append(unescaped(text) if "_x" in text else text)
        else:
            cells.append(_text_of(value, kind, texts))
    return cells if any(map(clean, cells)) else _shown(found, texts)


def _text_of(value: bytes, kind: bytes, texts: Texts) -> str:
    text = value.decode()[:LONGEST_TEXT]
    return shown(text, kind.decode(), texts) if text else ""


def _shown(found: list[tuple[bytes, bytes, bytes]], texts: Texts) -> list[str]:
    cells: list[str] = []
    for name, kind, value in found:
        column = column_of(name.decode())
        if column > MOST_COLUMNS or column <= len(cells):
            continue
        if skipped := column - len(cells) - 1:
            cells.extend([""] * skipped)
        cells.append(_text_of(value, kind, texts))
    return cells


def _unread(text: bytes, end: int) -> bytes:
    """What of `text`, whose rows up to `end` are read, belongs to a row that is not yet whole."""
    begun = _BEGUN.search(text, end)
    rest = text[begun.start() if begun else max(end, len(text) - _SHORTEST_TAG_BYTES) :]
    if len(rest) > LONGEST_ROW_BYTES:
        raise DamagedBook("a row is too long")
    return rest
