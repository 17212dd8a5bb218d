"""What the form sent: its names and values as they were typed, and the files that were chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from services.ingest.desk.save_copy import TypedText
from services.ingest.desk.typed import from_pairs
from shared.visitors.forms import FIELD, LARGEST_TYPED_BYTES, read_body

_MOST_FIELDS = 5_000
"""Fields that one form may have."""
_LONGEST_SITTING = 40
"""Characters of its id."""


@dataclass(frozen=True)
class SentFile:
    name: str = ""
    content: bytes = b""


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


async def sent(request: Request, longest: int = LARGEST_TYPED_BYTES) -> SentForm:
    """The form that was sent. HTTPException: 413 if it is larger than `longest` bytes, 400 if it is
    none. Whose it is, is for the caller to check, by its token.
    What was typed beside a file is in `request.state.typed`, too: a page for a fault has the body
    only if it is small."""
    body = await read_body(request, longest)
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        form = await _in_parts(request, body, longest)
        request.state.typed = form.pairs
        return form
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:  # UnicodeDecodeError too
        raise HTTPException(400) from None
    return SentForm(tuple(pairs))


async def _in_parts(request: Request, body: bytes, longest: int) -> SentForm:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    again = Request(request.scope, receive)
    async with again.form(max_fields=_MOST_FIELDS, max_part_size=longest) as form:
        pairs, files = [], {}
        for name, value in form.multi_items():
            if not isinstance(value, UploadFile):
                pairs.append((name, value))
            elif value.filename:
                files[name] = SentFile(value.filename, await value.read())
    return SentForm(tuple(pairs), files)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0
