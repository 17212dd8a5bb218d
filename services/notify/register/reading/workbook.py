"""A list of members as an Excel workbook (.xlsx), row by row. For a child process: strangers wrote
it, and no bound of ours holds for all that may be in it.

Of the sheets that can be seen, the one whose first rows name the columns is the list.
"""

import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile
from typing import BinaryIO

from services.notify.register.reading import columns
from services.notify.register.reading.columns import MOST_ABOVE, ListHead
from services.notify.register.reading.csv_cells import Record
from services.notify.register.reading.list_text import NotAMemberList
from services.notify.register.reading.plain_sheet import plain_cells_of
from services.notify.register.reading.sheet_cells import NumberedCells, cells_of
from services.notify.register.reading.texts import Texts, texts_of
from services.notify.register.reading.xml_parts import DamagedBook, SheetPart, book_of, rows_in

MOST_BYTES = 256 * 2**20
"""How large the file may be."""
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
    packed = zipfile.ZipFile(file)
    try:
        found = [*_lists(packed)]
    except DamagedBook:
        raise NotAMemberList(_DAMAGED) from None
    if len(found) > 1:
        names = " og ".join(f"«{sheet.name}»" for sheet, _, _ in found[:3])
        raise NotAMemberList(
            f"det er medlemslister i flere ark: {names}; lagre det arket som gjelder, i en fil for "
            "seg, eller skjul de andre"
        )
    ((sheet, head, texts),) = found
    # All of it is looked at before anybody takes a row: half a list would end members by a sync.
    try:
        height, is_plain = rows_in(packed, sheet.part)
    except DamagedBook:
        raise NotAMemberList(_DAMAGED) from None
    width = len(head.columns)
    # Anew, since most of a list's columns are nothing that we read.
    wanted = {place for place, meaning in enumerate(head.columns, 1) if meaning}
    cells = (plain_cells_of if is_plain else cells_of)(packed, sheet.part, texts, wanted)
    below = dropwhile(lambda row: row[0] <= head.line, cells)
    records = (
        Record(line, row if len(row) >= width else row + [""] * (width - len(row)))
        for line, row in below
    )
    return Sheet(head, height, records)


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


def _lists(packed: zipfile.ZipFile) -> Iterator[tuple[SheetPart, ListHead, Texts]]:
    """The sheets that can be seen and are lists, and the table of their texts. NotAMemberList if
    there is none; DamagedBook."""
    book = book_of(packed)
    texts = texts_of(packed, book.texts) if book.texts else Texts()
    nothing: NotAMemberList | None = None
    is_list = False
    for sheet in book.sheets:
        cells = cells_of(packed, sheet.part, texts)
        try:
            head = _head(sheet.name, cells)
        except NotAMemberList as error:
            nothing = nothing or error
        else:
            is_list = True
            yield sheet, head, texts
    if not is_list:
        raise nothing or columns.empty()


def _head(name: str, cells: Iterator[NumberedCells]) -> ListHead:
    """Where the names of the columns stand: the first row that names all, below a few others."""
    first: tuple[str, ...] | None = None
    titles = 0
    for line, row in cells:
        names = tuple(row)
        if not any(map(columns.clean, names)):
            continue
        meaning = columns.meaning_of(names)
        if columns.are_names(meaning):
            columns.require(meaning)
            return ListHead(f"Excel, arket «{name}»", line, names, meaning, are_strict=False)
        first = first or meaning
        titles += 1
        if titles > MOST_ABOVE:
            break
    if first is None:
        raise columns.empty()
    columns.require(first)
    raise AssertionError("a row that names all columns was found above")
