"""What the form sent: its names and values as they were typed, and the files that were chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from services.ingest.desk.save_copy import TypedText
from services.ingest.desk.typed import from_pairs
from services.ingest.newsroom.multipart import PartsOfForm, SentFile
from shared.visitors.forms import FIELD, LARGEST_TYPED_BYTES, read_body

_MOST_FIELDS = 5_000
"""Fields that one form may have."""
_LONGEST_SITTING = 40
"""Characters of its id."""


@dataclass(frozen=True)
class SentForm:
    pairs: tuple[tuple[str, str], ...]
    files: Mapping[str, SentFile] = field(default_factory=dict)
    """Those that were chosen, by their field."""

    @property
    def file_name(self) -> str:
        """The name of the only file; empty if none was chosen."""
        return self._file.name

    @property
    def file(self) -> bytes:
        return self._file.content

    @property
    def file_is_too_large(self) -> bool:
        return self._file.is_too_large

    @property
    def _file(self) -> SentFile:
        return next(iter(self.files.values()), SentFile())

    def text(self, name: str) -> str:
        """The value of a field; empty if it was not sent."""
        return next((value for one, value in self.pairs if one == name), "")

    @property
    def token(self) -> str:
        return self.text(FIELD)

    @property
    def typed(self) -> TypedText:
        return TypedText(
            fields=from_pairs(self.pairs),
            version=_number(self.text("utgave")),
            base=_number(self.text("grunnlag")),
            sitting=self.text("sitting")[:_LONGEST_SITTING] or "uten",
            marks=self.text("merker"),
        )


async def sent(request: Request, largest_file: int = 0) -> SentForm:
    """The form that was sent. HTTPException: 413 if more was typed than any form of ours holds, 400
    if it is none. Files of more than `largest_file` bytes in all are read and not kept.
    Whose it is, is for the caller to check, by its token.
    What was typed beside a file is in `request.state.typed`, too, also if it is refused: a page for
    a fault has the body only if it is small."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _in_parts(request, largest_file)
    body = await read_body(request, LARGEST_TYPED_BYTES)
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:  # UnicodeDecodeError too
        raise HTTPException(400) from None
    return SentForm(tuple(pairs))


async def _in_parts(request: Request, largest_file: int) -> SentForm:
    parts = PartsOfForm(
        request.headers["content-type"],
        largest_file=largest_file,
        most_typed=LARGEST_TYPED_BYTES,
        most_fields=_MOST_FIELDS,
    )
    try:
        await parts.read(request.stream())
    finally:
        request.state.typed = tuple(parts.pairs)
    return SentForm(tuple(parts.pairs), parts.files)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0
