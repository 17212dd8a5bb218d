"""A .docx, as Markdown: read by `mammoth`, in a child process that ends if it takes too long."""

import io
import zipfile
from dataclasses import dataclass

import mammoth

from services.ingest.problems import FieldError, Problem, invalid, unavailable
from services.ingest.word.from_html import markdown_of
from shared.child.children import ChildDied, Children, GaveUp

LARGEST_BYTES = 10 * 1024 * 1024
"""How large the file may be; a hundred pages without pictures are 200 kB."""
_LARGEST_UNPACKED_BYTES = 40 * 1024 * 1024
"""How much of it may be read, unpacked. A file of 10 MB may hold a thousand times as much."""
_SECONDS = 15.0
"""A hundred pages take one; a busy machine several times that."""
_TEXT_PARTS = (".xml", ".rels")
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Tittel'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
comment-reference =>
"""
_FIELD = "fil"


@dataclass(frozen=True)
class Docx:
    """What a document says."""

    markdown: str
    notes: tuple[str, ...]
    """What was left out, for whoever opened it."""


async def open_docx(children: Children, raw: bytes) -> Docx:
    """What the document `raw` says. Problem 422 if it is none or is too large, 503 if it cannot be
    read now."""
    try:
        return await children.run_apart(_SECONDS, read_docx, raw)
    except GaveUp:
        raise _refused("dokumentet er for stort eller for innviklet; del det i flere") from None
    except ChildDied:
        raise unavailable("Dokumentet kunne ikke leses nå; prøv igjen om litt.") from None


def too_many_bytes() -> Problem:
    """422 for a file that is larger than `LARGEST_BYTES`."""
    return _refused(
        f"dokumentet er over {LARGEST_BYTES // 1024**2} MB; ta ut bildene, og prøv igjen"
    )


def read_docx(raw: bytes) -> Docx:
    """As `open_docx`, here and now."""
    if len(raw) > LARGEST_BYTES:
        raise too_many_bytes()
    pictures: list[object] = []

    def left_out(picture: object) -> list[object]:
        pictures.append(picture)
        return []

    try:
        found = mammoth.convert_to_html(
            io.BytesIO(_text_alone(raw)), style_map=_STYLES, convert_image=left_out
        )
    except MemoryError:
        raise
    except Problem:
        raise
    except Exception:  # whatever a broken file makes of zipfile, the XML parser and mammoth
        raise _refused(
            "filen kan ikke leses som et Word-dokument; åpne den i Word, lagre den som .docx, og "
            "prøv igjen"
        ) from None
    return Docx(markdown_of(found.value), tuple(_notes(len(pictures))))


def _text_alone(raw: bytes) -> bytes:
    """The document without its pictures and fonts, which are most of it and are not read."""
    if not zipfile.is_zipfile(io.BytesIO(raw)):
        raise _refused(_no_docx(raw))
    whole, kept = zipfile.ZipFile(io.BytesIO(raw)), io.BytesIO()
    parts = [one for one in whole.infolist() if one.filename.endswith(_TEXT_PARTS)]
    if "word/document.xml" not in whole.namelist() and not any(
        one.filename.endswith("document.xml") for one in parts
    ):
        raise _refused("filen er ikke et Word-dokument; velg en fil som slutter på .docx")
    with zipfile.ZipFile(kept, "w") as small:
        left = _LARGEST_UNPACKED_BYTES
        for part in parts:
            with whole.open(part) as file:
                data = file.read(left + 1)
            left -= len(data)
            if left < 0:
                raise _refused("dokumentet er for stort; del det i flere")
            small.writestr(part.filename, data)
    return kept.getvalue()


def _no_docx(raw: bytes) -> str:
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        return (
            "filen er et gammelt Word-dokument (.doc) eller har passord; lagre den som .docx uten "
            "passord"
        )
    if raw.startswith(b"%PDF"):
        return "filen er en PDF; åpne den, merk teksten, og lim den inn"
    return "filen er ikke et Word-dokument; velg en fil som slutter på .docx"


def _notes(pictures: int) -> list[str]:
    if not pictures:
        return []
    which = "Bildet" if pictures == 1 else f"De {pictures} bildene"
    return [f"{which} i dokumentet er ikke med. Legg inn bilder med knappen «Bilde»."]


def _refused(message: str) -> Problem:
    return invalid(FieldError(_FIELD, message), what="Dokumentet")
