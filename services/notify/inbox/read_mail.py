"""Pure: reads a mail for people to look at. Nothing in a mail can make this fail."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

_LONGEST_HEADER = 10_000
"""Characters of a header that are read."""
# Decoding these takes time that grows with the square of the length, or they make escapes of text.
_CODECS_TO_AVOID = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape"})
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class ReadMail:
    """A mail as people can read it."""

    headers: list[tuple[str, str]]
    """Names and readable values, in the mail's order."""
    text: str | None = None
    """The first text/plain part."""
    html: str | None = field(default=None, repr=False)
    """The first text/html part, as it is: dangerous."""

    def header(self, name: str) -> str:
        """The first header of this name; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def date(self) -> datetime | None:
        """When the mail says that it was written; none if it does not say."""
        try:
            date = parsedate_to_datetime(self.header("date"))
            return date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            return None


def read_head(raw: bytes) -> ReadMail:
    """The headers of a mail only, which is fast."""
    return ReadMail(_headers(BytesParser().parsebytes(raw, headersonly=True)))


def read(raw: bytes) -> ReadMail:
    """The whole mail. If its parts make no sense, all of it is the text."""
    try:
        message = BytesParser().parsebytes(raw)
        text, html = _first(message, "text/plain"), _first(message, "text/html")
    except Exception:  # the parser has many ways to fail on mails that were made to break it
        return ReadMail(read_head(raw).headers, text=_decoded(raw, "utf-8"))
    if text is None and html is None:
        text = _decoded(raw.partition(b"\r\n\r\n")[2], "utf-8")
    return ReadMail(_headers(message), text, html)


def _first(message: Message, content_type: str) -> str | None:
    for part in message.walk():
        if part.get_content_type() == content_type and not part.get_filename():
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                return _decoded(content, part.get_content_charset("utf-8"))
    return None


def _headers(message: Message) -> list[tuple[str, str]]:
    return [(_clean(name), _readable(value)) for name, value in message.raw_items()]


def _readable(value: object) -> str:
    """A header's value, with its encoded words (RFC 2047) decoded if they can be."""
    octets = str(value)[:_LONGEST_HEADER].encode("utf-8", "surrogateescape")
    text = " ".join(octets.decode("utf-8", "replace").split())
    try:
        return _clean("".join(_words(text)))
    except (MessageError, ValueError):
        return _clean(text)


def _words(text: str) -> Iterator[str]:
    for piece, charset in decode_header(text):
        if isinstance(piece, str):
            yield piece
        elif charset:
            yield _decoded(piece, charset)
        else:  # text between encoded words, which decode_header gives in this codec
            yield piece.decode("raw-unicode-escape")


def _decoded(content: bytes, charset: str) -> str:
    try:
        name = codecs.lookup(charset).name
        if name in _CODECS_TO_AVOID:
            raise LookupError(name)
        return _clean(content.decode(name, "replace"))
    except (LookupError, ValueError):
        return _clean(content.decode("utf-8", "replace"))


def _clean(text: str) -> str:
    """The text without halves of characters and controls, which no page may hold."""
    text = text.replace("\r\n", "\n").encode("utf-8", "replace").decode()
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
