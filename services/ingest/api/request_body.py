"""Reads bodies of requests up to a limit. What a client says of their length is not trusted."""

from collections.abc import AsyncGenerator

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from services.ingest.problems import FieldError, Problem, invalid, malformed, too_large

_FORM_AROUND_FILE_BYTES = 64 * 1024
"""What a form may have beside the file."""


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body. Raises Problem 413 as soon as it is longer than `limit` bytes."""
    return b"".join([chunk async for chunk in _limited(request, limit)])


async def read_upload(request: Request, limit: int) -> tuple[str, bytes]:
    """The name and bytes of an uploaded file: the field `file` of a form, or the body itself, with
    the name in the query.

    Raises Problem 415 if the request is neither, 413 if the file is longer than `limit` bytes, 400
    or 422 if the form is wrong.
    """
    content_type = request.headers.get("content-type", "").lower()
    if content_type.startswith("image/"):
        name = request.query_params.get("name", "")
        return name, await read_body(request, limit)
    if not content_type.startswith("multipart/form-data"):
        raise Problem(
            415,
            "unsupported-media-type",
            "Innholdstypen støttes ikke",
            "Send multipart/form-data med feltet «file», eller bildet selv som image/jpeg, "
            "image/png eller image/webp.",
            errors=[FieldError("Content-Type", "må være multipart/form-data eller image/…")],
        )
    name, raw = await _file_of_form(request, limit)
    if len(raw) > limit:
        raise _too_large(limit)
    return name, raw


async def _file_of_form(request: Request, limit: int) -> tuple[str, bytes]:
    stream = _limited(request, limit + _FORM_AROUND_FILE_BYTES)
    parser = MultiPartParser(request.headers, stream, max_files=1, max_fields=10)
    try:
        form = await parser.parse()
    except (MultiPartException, UnicodeDecodeError, KeyError) as error:
        raise malformed(
            "",
            FieldError("file", "skjemaet kan ikke leses; send én fil i dette feltet"),
        ) from error
    file = form.get("file")
    if not isinstance(file, UploadFile):
        await form.close()
        raise invalid(
            FieldError("file", "mangler; send bildet som en fil i dette feltet"), what="Bildet"
        )
    try:
        return file.filename or "", await file.read()
    finally:
        await form.close()


async def _limited(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        yield chunk


def _too_large(limit: int) -> Problem:
    kib = limit // 1024
    return too_large(f"{kib} KiB" if kib < 1024 else f"{kib // 1024} MiB")
