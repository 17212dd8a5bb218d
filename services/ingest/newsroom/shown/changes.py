"""What has changed between two revisions, field by field, for whoever approves. Pure.

`changes` runs in a child process: a body may be long.
"""

from pydantic import BaseModel

from services.ingest.lifecycle.diff.marked import Piece, marked
from services.ingest.lifecycle.life import StoredRevision
from services.ingest.newsroom.shown.readable import readable
from services.ingest.newsroom.shown.words import NAMES, named
from shared.article import Lang

_SHOWN = 160
"""Characters of unchanged text that are shown on each side of a change."""
_LAST = len(NAMES)


class FieldChange(BaseModel):
    """A field that is not the same."""

    field: str
    """Its path."""
    name: str
    """What it is called."""
    pieces: list[Piece]


def changes(before: StoredRevision, after: StoredRevision, lang: Lang = "nb") -> list[FieldChange]:
    """Every field that differs, in the order of the form; none if the contents are the same.
    Names and codes are in `lang`."""
    old, new = readable(before, lang), readable(after, lang)
    order = {name: place for place, name in enumerate(NAMES)}
    return [
        FieldChange(
            field=path,
            name=named(path, lang),
            pieces=shortened(marked(old.get(path, ""), new.get(path, ""))),
        )
        for path in sorted({*old, *new}, key=lambda path: order.get(path, _LAST))
        if old.get(path) != new.get(path)
    ]


def shortened(pieces: list[Piece]) -> list[Piece]:
    """The pieces with long unchanged text cut down to what is beside a change."""
    last = len(pieces) - 1
    return [
        piece
        if piece.kind != "same"
        else Piece(kind="same", text=_cut(piece.text, place > 0, place < last))
        for place, piece in enumerate(pieces)
    ]


def _cut(text: str, after_a_change: bool, before_a_change: bool) -> str:
    if len(text) <= 3 * _SHOWN:
        return text
    begins = text[: _SHOWN if after_a_change else 0].rpartition(" ")[0]
    ends = text[-_SHOWN:].partition(" ")[2] if before_a_change else ""
    return f"{begins} […] {ends}"
