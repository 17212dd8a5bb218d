"""Workbooks as Excel and membership systems write them, and some that nobody should open."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

KLUBBADMIN = (
    "Fornavn", "Etternavn", "Fødselsdato", "Kjønn", "E-postadresse", "Postnummer", "Telefonnummer",
)  # fmt: skip
STYREWEB = (
    "Medlemsnr", "Navn", "Adresse", "Fødselsår", "Mobil", "E-post", "Startdato", "Kontingent",
)  # fmt: skip
SHEET = "xl/worksheets/sheet1.xml"
_TEXTS = "xl/sharedStrings.xml"
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_SHEET_BEGINS = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
    b'2006/main"><sheetData>'
)
_SHEET_ENDS = b"</sheetData></worksheet>"
Rows = Sequence[Sequence[Any]]


def workbook(sheets: Mapping[str, Rows] | Rows, *, hidden: Sequence[str] = ()) -> bytes:
    """A workbook with these sheets, or with one sheet of these rows."""
    into = io.BytesIO()
    named = sheets if isinstance(sheets, Mapping) else {"Ark1": sheets}
    with xlsxwriter.Workbook(into, {"default_date_format": "dd.mm.yyyy"}) as book:
        for name, rows in named.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for line, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell is not None:
                        sheet.write(line, column, cell)
    return into.getvalue()


def with_part(book: bytes, name: str, content: Iterable[bytes] | None) -> bytes:
    """The workbook with one of the files in it replaced, or left out."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as before, zipfile.ZipFile(into, "w", 8) as after:
        for part in before.namelist():
            if part != name:
                after.writestr(part, before.read(part))
        if content is not None:
            with after.open(name, "w") as file:
                for piece in content:
                    file.write(piece)
    return into.getvalue()


def with_sheet(*rows: bytes) -> bytes:
    """A workbook whose only sheet has these rows as XML."""
    return with_part(workbook([["x"]]), SHEET, [_SHEET_BEGINS, *rows, _SHEET_ENDS])


def bomb(mebibytes: int) -> bytes:
    """A workbook of about a megabyte whose sheet is this large when it is unpacked."""
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b" " * 2**20 + b"</t></is></c></row>"
    return with_sheet(*[row] * mebibytes)


def lying_bomb(mebibytes: int) -> bytes:
    """The same, which says of itself that it is small."""
    book = bytearray(bomb(mebibytes))
    name = SHEET.encode()
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        size = packed.getinfo(SHEET).file_size.to_bytes(4, "little")
    central = book.rindex(name) - 46
    local = book.index(name) - 30
    for at in (central + 24, local + 22):
        assert book[at : at + 4] == size
        book[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(book)


def far_apart() -> bytes:
    """Cells in opposite corners of a sheet: 17 thousand million cells lie between them."""
    return with_sheet(
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>E-post</t></is></c>'
        b'<c r="B1" t="inlineStr"><is><t>Navn</t></is></c></row>',
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    )


def write_long(path: Path, rows: int) -> None:
    """Write a workbook with this many rows of three columns, each text in its table of texts."""
    with zipfile.ZipFile(io.BytesIO(workbook([["x"]]))) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, content in parts.items():
            if name not in (SHEET, _TEXTS):
                book.writestr(name, content)
        with book.open(_TEXTS, "w") as texts:
            texts.write(b"<sst><si><t>E-post</t></si><si><t>Navn</t></si><si><t>Mobil</t></si>")
            for n in range(rows):
                texts.write(
                    f"<si><t>m{n}@example.org</t></si><si><t>{_scattered(n)}</t></si>"
                    f"<si><t>+47 9{n * 7919 % 10_000_000:07}</t></si>".encode()
                )
            texts.write(b"</sst>")
        with book.open(SHEET, "w") as sheet:
            sheet.write(_SHEET_BEGINS)
            for n in range(rows + 1):
                cells = "".join(f'<c t="s"><v>{3 * n + column}</v></c>' for column in range(3))
                sheet.write(f"<row>{cells}</row>".encode())
            sheet.write(_SHEET_ENDS)


def _scattered(n: int) -> str:
    """A name that packs badly."""
    return hashlib.blake2b(n.to_bytes(8), digest_size=6).hexdigest().translate(_LETTERS)
