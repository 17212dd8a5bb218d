"""Pure: header lines of a mail, as bytes. Text that could end a line cannot get in (RFC 5322,
section 2.2)."""

import binascii
import re
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LINE = 76
"""Longest line that has an encoded word (RFC 2047, section 2)."""
_WORD = 75
"""Longest encoded word (the same section)."""


def plain(name: str, value: str) -> bytes:
    """A header whose value is ASCII and stays in one piece, as addresses and URIs must.

    ValueError if the value has a control character or is not ASCII.
    """
    _refuse_controls(value)
    if not value.isascii():
        raise ValueError(f"{name} must be ASCII")
    return f"{name}: {value}\r\n".encode()


def folded_lines(name: str, values: Sequence[str]) -> bytes:
    """A header with several values, each on a line of its own; ValueError as `plain`."""
    lines = [plain(name, value)[len(name) + 2 :] for value in values]
    return f"{name}:".encode() + b"".join(b" " + line for line in lines)


def text(name: str, value: str) -> bytes:
    """A header for readers. What is not plain ASCII becomes encoded words (RFC 2047)."""
    return f"{name}: {_words(value, len(name) + 2)}\r\n".encode()


def mailbox(name: str, display: str, address: str) -> bytes:
    """A header with one mailbox (RFC 5322, section 3.4); `display` may be empty."""
    _refuse_controls(address)
    if not _is_plain(display):
        line = f"{name}: {_words(display, len(name) + 2)} <{address}>"
    else:
        _refuse_controls(display)
        line = f"{name}: {formataddr((display, address))}"
    if len(line) - line.rfind("\r\n") > _LINE + 2:
        before, space, last = line.rpartition(" ")
        line = f"{before}\r\n{space}{last}" if before != f"{name}:" else line
    return f"{line}\r\n".encode()


def date(name: str, moment: datetime) -> bytes:
    """A header with a moment, as RFC 5322, section 3.3, writes it."""
    return plain(name, format_datetime(moment))


def _is_plain(value: str) -> bool:
    # Text that looks like an encoded word would be read as one.
    return value.isascii() and "=?" not in value


def _words(value: str, taken: int) -> str:
    _refuse_controls(value)
    if _is_plain(value) and len(value) + taken <= _LINE:
        return value
    word = _word(value)
    if len(word) <= _WORD and len(word) + taken <= _LINE:
        return word
    charset = "us-ascii" if _is_plain(value) else "utf-8"
    header = Header(value, charset, maxlinelen=_LINE, header_name="x" * max(taken - 2, 0))
    return header.encode(linesep="\r\n")


def _word(value: str) -> str:
    """The value as one encoded word (RFC 2047, section 2). Most names need no more, and it takes
    microseconds."""
    return f"=?utf-8?b?{binascii.b2a_base64(value.encode(), newline=False).decode()}?="


def _refuse_controls(value: str) -> None:
    if _CONTROL.search(value):
        raise ValueError("a control character or line break in a header")
