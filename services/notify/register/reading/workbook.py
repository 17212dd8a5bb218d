"""A list of members as an Excel workbook (.xlsx), read by calamine. For a child process: a workbook
that is small on the disk may fill any memory.

Of the sheets that can be seen, the one whose first rows name the columns is the list.
"""

import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from services.notify.register.reading import columns
from services.notify.register.reading.columns import MOST_ABOVE, ListHead
from services.notify.register.reading.csv_cells import Record
from services.notify.register.reading.list_text import NotAMemberList

MOST_BYTES = 256 * 2**20
"""Of the file."""
MOST_UNPACKED_BYTES = 768 * 2**20
"""Of all that is packed in it. A million rows with seven columns are half of it."""
MOST_PARTS = 2_000
"""Files that may be packed in it."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""How a workbook begins: as it is written today; an old one, or one with a password."""

_NEW_FILE = "kopier listen til et nytt regneark, lagre det som .xlsx, og prøv igjen"
_DAMAGED = f"filen er skadet, eller ikke et regneark (.xlsx); {_NEW_FILE}"
TOO_LARGE = (
    "regnearket er for stort til å leses, eller har celler langt til høyre eller langt nede; "
    f"{_NEW_FILE}, eller lagre listen som «CSV UTF-8» i Excel"
)
_LOCKED = (
    "regnearket er beskyttet med passord; fjern passordet i Excel (Fil, Info, Beskytt arbeidsbok), "
    "lagre det, og prøv igjen"
)
_OLD = (
    "filen er et gammelt regneark (.xls); åpne den i Excel, lagre den som "
    "«Excel-arbeidsbok (.xlsx)», og prøv igjen"
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LOOK_BYTES = 2**20
"""Of an old file: where the names of what is in it may stand."""
_OTHER = {
    "xl/workbook.bin": "et binært regneark (.xlsb); lagre det som «Excel-arbeidsbok (.xlsx)»",
    "content.xml": "et OpenDocument-dokument (.ods); lagre det som .xlsx eller «CSV UTF-8»",
    "word/document.xml": "et Word-dokument; lag et regneark av listen, og lagre det som .xlsx",
    "Index/Document.iwa": "fra Apple Numbers; eksporter listen som .xlsx eller CSV",
}
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def refuse_old(file: BinaryIO) -> NotAMemberList:
    """The error of a file that begins as OLE."""
    return NotAMemberList(_LOCKED if _ENCRYPTED in file.read(_LOOK_BYTES) else _OLD)


@dataclass
class Sheet:
    """The list in a workbook."""

    head: ListHead
    height: int
    """Rows, those above and that of the names included."""
    records: Iterator[Record]


def opened(file: BinaryIO) -> Sheet:
    """The list in a workbook; NotAMemberList if there is none, or several."""
    _require_workbook(file)
    file.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(file)
        found = [*_lists(book)]
    except PasswordError:
        raise NotAMemberList(_LOCKED) from None
    except (CalamineError, OSError, ValueError) as error:
        if isinstance(error, NotAMemberList):
            raise
        raise NotAMemberList(_DAMAGED) from None
    if len(found) > 1:
        names = " og ".join(f"«{sheet.name}»" for sheet, _ in found[:3])
        raise NotAMemberList(
            f"det er medlemslister i flere ark: {names}; lagre det arket som gjelder, i en fil for "
            "seg, eller skjul de andre"
        )
    ((sheet, head),) = found
    start = sheet.start or (0, 0)
    above = head.line - start[0]
    records = (
        Record(line, [*map(_text, row)])
        for line, row in enumerate(islice(sheet.iter_rows(), above, None), head.line + 1)
    )
    return Sheet(head, sheet.height, records)


def _require_workbook(file: BinaryIO) -> None:
    """Looks at the sizes before anything is unpacked."""
    if file.seek(0, os.SEEK_END) > MOST_BYTES:
        raise NotAMemberList(TOO_LARGE)
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
        raise NotAMemberList(_DAMAGED) from None
    names = {part.filename for part in parts}
    for name, words in _OTHER.items():
        if name in names:
            raise NotAMemberList(f"filen er {words}, og prøv igjen")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise NotAMemberList(TOO_LARGE)


def _lists(book: CalamineWorkbook) -> Iterator[tuple[CalamineSheet, ListHead]]:
    """The sheets that can be seen and are lists. NotAMemberList if there is none."""
    if not book.sheets_metadata:
        raise NotAMemberList(_DAMAGED)
    nothing: NotAMemberList | None = None
    is_list = False
    for place, about in enumerate(book.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_index(place)
        try:
            head = _head(sheet)
        except NotAMemberList as error:
            nothing = nothing or error
        else:
            is_list = True
            yield sheet, head
    if not is_list:
        raise nothing or columns.empty()


def _head(sheet: CalamineSheet) -> ListHead:
    """Where the names of the columns stand: the first row that names all, below a few others."""
    if not sheet.start:
        raise columns.empty()
    first: tuple[str, ...] | None = None
    titles = 0
    for line, row in enumerate(sheet.iter_rows(), sheet.start[0] + 1):
        names = tuple(map(_text, row))
        if not any(map(columns.clean, names)):
            continue
        meaning = columns.meaning_of(names)
        if columns.are_names(meaning):
            columns.require(meaning)
            kind = f"Excel, arket «{sheet.name}»"
            return ListHead(kind, line, names, meaning, are_strict=False)
        first = first or meaning
        titles += 1
        if titles > MOST_ABOVE:
            break
    columns.require(first or ())
    raise AssertionError("a row that names all columns was found above")


def _text(cell: Any) -> str:
    """A cell as Excel shows it, about."""
    if type(cell) is str:
        # What XML cannot hold is written so (ECMA-376, part 1, 22.9.2.19); calamine leaves it.
        return _ESCAPED.sub(_unescaped, cell) if "_x" in cell else cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))
