"""A form with files, read as it comes: what was typed is kept whatever file stands beside it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.exceptions import HTTPException

MOST_READ_BYTES = 200 * 1024 * 1024
"""Of a form, whatever of it is kept: a browser shows the answer only if all was read that it
sends, and a telephone's film is sent in the place of a picture now and then."""
_MOST_FILES = 20


@dataclass(frozen=True)
class SentFile:
    name: str = ""
    content: bytes = b""
    is_too_large: bool = False
    """Its content is not kept."""


class PartsOfForm:
    """The fields and files of a `multipart/form-data` body (RFC 7578), as far as they have come.

    Of files at most `largest_file` bytes are kept in all, of what was typed `most_typed`.
    """

    def __init__(self, content_type: str, *, largest_file: int, most_typed: int, most_fields: int):
        _, options = parse_options_header(content_type)
        self.pairs: list[tuple[str, str]] = []
        self.files: dict[str, SentFile] = {}
        """Those that were chosen, by their field."""
        self._left_for_files, self._left_for_text = largest_file, most_typed
        self._most_fields = most_fields
        self._header, self._value = bytearray(), bytearray()
        self._about: dict[bytes, bytes] = {}
        """What a part's header says it is."""
        self._data = bytearray()
        self._is_too_large = self._is_whole = False
        try:
            self._parser = MultipartParser(
                options[b"boundary"],
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._header_field,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_part_data": self._part_data,
                    "on_part_end": self._end,
                    "on_end": self._whole,
                },
            )
        except (KeyError, FormParserError):
            raise HTTPException(400) from None

    async def read(self, stream: AsyncIterator[bytes]) -> None:
        """Read all of it. HTTPException: 413 if there is too much, 400 if it is no such form; what
        has come until then is there."""
        size, is_too_much = 0, False
        async for piece in stream:
            size += len(piece)
            if size > MOST_READ_BYTES:
                raise HTTPException(413)
            if is_too_much:
                continue
            try:
                self._parser.write(piece)
            except _TooMuch:
                is_too_much = True
            except (FormParserError, UnicodeDecodeError):
                raise HTTPException(400) from None
        if is_too_much:
            raise HTTPException(413)
        if not self._is_whole:
            raise HTTPException(400)

    def _begin(self) -> None:
        self._about = {}
        self._data.clear()
        self._is_too_large = False

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, self._about = parse_options_header(bytes(self._value))
        self._header.clear()
        self._value.clear()

    def _whole(self) -> None:
        self._is_whole = True

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._is_too_large:
            return
        piece = data[start:end]
        is_file = b"filename" in self._about
        left = self._left_for_files if is_file else self._left_for_text
        if len(self._data) + len(piece) <= left:
            self._data += piece
        elif is_file:
            self._data.clear()
            self._is_too_large = True
        else:
            raise _TooMuch

    def _end(self) -> None:
        about = self._about
        if b"name" not in about:
            raise HTTPException(400)
        name = about[b"name"].decode()
        if b"filename" in about:
            if len(self.files) >= _MOST_FILES:
                raise HTTPException(400)
            self._left_for_files -= len(self._data)
            if file_name := about[b"filename"].decode(errors="replace"):
                self.files[name] = SentFile(file_name, bytes(self._data), self._is_too_large)
        else:
            if len(self.pairs) >= self._most_fields:
                raise HTTPException(400)
            self._left_for_text -= len(self._data)
            self.pairs.append((name, self._data.decode()))


class _TooMuch(Exception):
    """More was typed than is kept."""
