"""Pure: the bytes of a member list to its lines, in the encodings that spreadsheets write.

A line is told by itself: UTF-8 if it is that, else Windows-1252 (what Excel's plain «CSV» is in
Norway). So a line that can be neither is refused alone, and a file with both is read.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple, TextIO

LONGEST_LINE = 65_536
"""Characters."""
HEAD_BYTES = 4096
"""How many bytes of a file `encoding_of` wants."""

_SAVE_ANEW = "lagre listen som «CSV UTF-8» i Excel, og prøv igjen"
_SIGNATURES = (
    (b"%PDF-", "en PDF; be om listen som CSV fra medlemssystemet"),
    (b"{\\rtf", f"rik tekst (.rtf); {_SAVE_ANEW}"),
)
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|meta|\?xml)", re.IGNORECASE)
_UNREADABLE = (
    "linjen har tegn som ikke kan leses; lagre listen som «CSV UTF-8» i Excel, eller skriv linjen "
    "på nytt"
)
_TOO_LONG = f"linjen er over {LONGEST_LINE} tegn lang; del den, eller fjern det som ikke trengs"
_NOT_UTF_8 = re.compile("[\udc80-\udcff]")
_NOT_IN_NAMES = re.compile("[¾¿Œ®¯]")
"""What æ, ø, å, Æ and Ø of an old Mac are if they are read as Windows-1252."""


class NotAMemberList(ValueError):
    """The file is no list of members at all; the message says in Norwegian why and what to do."""


class ListLine(NamedTuple):
    """A line of a list, its end included."""

    number: int
    """Counted from 1."""
    text: str
    fault: str = ""
    """Why the line cannot be read, in Norwegian; empty if it can."""


def encoding_of(head: bytes) -> str:
    """Python's name of the encoding in which a file begins with `head`, for `lines`.

    UTF-16 without a byte order mark is known by its zero bytes: many, and all at even places or all
    at odd ones. NotAMemberList if it is no text.
    """
    for start, words in _SIGNATURES:
        if head.startswith(start):
            raise NotAMemberList(f"filen er {words}")
    if _WEB_PAGE.match(head):
        raise NotAMemberList(
            "filen er en nettside (HTML), også om den heter .xls eller .csv; åpne den i Excel, og "
            "lagre listen som «CSV UTF-8»"
        )
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" not in head:
        return "utf-8-sig"
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if min(even, odd) == 0 and max(even, odd) * 4 >= len(head):
        return "utf-16-be" if even else "utf-16-le"
    if head.count(0) > head.count(b"\n"):
        raise NotAMemberList(f"filen er ikke en tekstfil; {_SAVE_ANEW}")
    return "utf-8-sig"  # `lines` and whoever reads them refuse what is odd


def errors_of(encoding: str) -> str:
    """How to decode a list in `encoding`, so that `lines` can tell what could not be decoded."""
    return "surrogateescape" if encoding.startswith("utf-8") else "replace"


def lines(text: TextIO) -> Iterator[ListLine]:
    """The lines of a list that was decoded by `encoding_of` and `errors_of`, with their ends."""
    number = 0
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            while line and not line.endswith(("\n", "\r")):
                line = text.readline(LONGEST_LINE)
            yield ListLine(number, "", _TOO_LONG)
        elif _NOT_UTF_8.search(line):
            mended = _windows_1252(line)
            yield ListLine(number, mended or "", "" if mended else _UNREADABLE)
        else:
            yield ListLine(number, line)


def _windows_1252(line: str) -> str | None:
    """A line that is not UTF-8, read as Windows-1252; none if it is not that either, or both."""
    if not _NOT_UTF_8.sub("", line).isascii():
        return None
    try:
        text = line.encode("utf-8", "surrogateescape").decode("cp1252")
    except UnicodeError:
        return None
    return None if _NOT_IN_NAMES.search(text) else text
