"""What is packed in a workbook (.xlsx): its parts, piece by piece, and which of them are sheets.

A workbook is a zip of XML, some kilobytes of which may be any number of bytes unpacked: no part is
ever held whole.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

PIECE_BYTES = 64 * 1024
"""Of a part that are unpacked at a time."""
_ROW = re.compile(rb"<([\w.-]+:)?row[\s/>]")
_BOOK = "xl/workbook.xml"
_LONGEST_TAG_BYTES = 1024 * 1024


OnStart = Callable[[str, dict[str, str]], None]
"""Told of a tag and its attributes."""
OnLetters = Callable[[str], None]
"""Told of letters between tags."""


class DamagedBook(ValueError):
    """It is not what a program for sheets writes."""


@dataclass(frozen=True)
class SheetPart:
    """A sheet that can be seen."""

    name: str
    """As it is called in the workbook."""
    part: str
    """Where it is packed."""


@dataclass(frozen=True)
class Book:
    """What a workbook says of itself."""

    sheets: tuple[SheetPart, ...]
    texts: str
    """Where its table of texts is packed; empty if it has none."""


class Oddities:
    """Whether a part has any of what `parsed` calls odd; UTF-8 is not."""

    def __init__(self) -> None:
        self.any = False

    def note(self, *said: object) -> None:
        """To be given to `parsed`. Only a declaration comes with three words."""
        encoding = str(said[1] or "utf-8").lower() if len(said) == 3 else ""
        self.any = self.any or encoding != "utf-8"


def parsed(
    packed: zipfile.ZipFile,
    part: str,
    start: OnStart | None = None,
    letters: OnLetters | None = None,
    odd: Callable[..., None] | None = None,
) -> Iterator[bytes]:
    """Parse a part; gives each piece of it once that is parsed. DamagedBook if it is no XML, has a
    DOCTYPE, or is not what the zip says. `odd` is called for what a sheet seldom has: comments,
    CDATA, instructions, and an encoding, which is its second argument."""
    parser = parser_of(start, letters)
    parser.CommentHandler = parser.StartCdataSectionHandler = odd
    parser.ProcessingInstructionHandler = parser.XmlDeclHandler = odd
    try:
        for piece in unpacked(packed, part):
            parser.Parse(piece, False)
            yield piece
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise DamagedBook(type(error).__name__) from None
    yield b""


def parser_of(start: OnStart | None, letters: OnLetters | None) -> expat.XMLParserType:
    """A parser that tells these two; DamagedBook if there is a DOCTYPE."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.CharacterDataHandler = letters
    parser.StartDoctypeDeclHandler = _no_doctype  # and so no entity that grows
    return parser


def unpacked(packed: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The pieces of a part. DamagedBook if it is not what the zip says."""
    try:
        with packed.open(part) as file:
            while piece := file.read(PIECE_BYTES):
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        raise DamagedBook(type(error).__name__) from None
    except (ValueError, NotImplementedError, RuntimeError, OSError) as error:
        raise DamagedBook(type(error).__name__) from None


def book_of(packed: zipfile.ZipFile) -> Book:
    """The sheets and the table of texts. DamagedBook if it is no workbook."""
    names = {name.lower(): name for name in packed.namelist()}
    listed: list[tuple[str, str, str]] = []

    def start(tag: str, at: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            said = _attributes(at)
            listed.append((said.get("name", ""), said.get("state", ""), said.get("id", "")))

    for _ in parsed(packed, names.get(_BOOK, _BOOK), start):
        pass
    related = _related(packed, names)
    sheets = tuple(
        SheetPart(name, related[id_][1])
        for name, state, id_ in listed
        if state not in ("hidden", "veryHidden") and related.get(id_, ("", ""))[0] == "worksheet"
    )
    texts = [part for kind, part in related.values() if kind == "sharedStrings"]
    if not listed:
        raise DamagedBook("no sheet")
    return Book(sheets, texts[0] if texts else "")


def rows_in(packed: zipfile.ZipFile, part: str) -> tuple[int, bool]:
    """How many rows a sheet has, and whether it is as plain as programs write them: UTF-8 without
    comments, CDATA and prefixes, and every `>` ends a tag. DamagedBook if any of it is damaged."""
    count, rest, open_tags = 0, b"", 0
    is_plain, oddities = True, Oddities()
    for piece in parsed(packed, part, odd=oddities.note):
        text = rest + piece
        whole = text.rfind(b">") + 1
        found = _ROW.findall(text, 0, whole)
        count += len(found)
        open_tags += piece.count(b"<") - piece.count(b">")
        is_plain = is_plain and not any(found) and b"\0" not in piece
        rest = text[whole:][-_LONGEST_TAG_BYTES:]
    return count, is_plain and not open_tags and not oddities.any


def _related(packed: zipfile.ZipFile, names: dict[str, str]) -> dict[str, tuple[str, str]]:
    """What the workbook refers to: the kind and where it is packed, by the id."""
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, at: dict[str, str]) -> None:
        said = _attributes(at)
        if tag.rpartition(":")[2] == "Relationship":
            place = posixpath.normpath(posixpath.join("/xl", said.get("Target", "")))
            part = place.lstrip("/").lower()
            if part in names:
                kind = said.get("Type", "").rpartition("/")[2]
                found[said.get("Id", "")] = kind, names[part]

    part = "xl/_rels/workbook.xml.rels"
    for _ in parsed(packed, names.get(part, part), start):
        pass
    return found


def _attributes(at: dict[str, str]) -> dict[str, str]:
    return {name.rpartition(":")[2]: value for name, value in at.items()}


def _no_doctype(*_: Any) -> None:
    raise DamagedBook("it has a DOCTYPE")
