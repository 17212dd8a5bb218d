"""What differs between two texts, word by word, for people to read. Pure.

The work grows as the texts do, as in `lines`, which finds what the two have in common.
"""

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel

from services.ingest.lifecycle.diff.lines import matches

_WORD = re.compile(r"\w+|\s|[^\w\s]")


class Piece(BaseModel):
    """A part of the two texts. Those that are `same` or `removed` are the text before, in order;
    those that are `same` or `added` the text after."""

    kind: Literal["same", "removed", "added"]
    text: str


def marked(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in order, what was removed before what was added in its place."""
    parts = list(_parts(_WORD.findall(before), _WORD.findall(after)))
    pieces: list[Piece] = []
    removed = added = ""
    for place, (is_same, old, new) in enumerate(parts):
        # A space or a comma between two changes is no rest for the eye.
        if is_same and not (_is_small(old) and 0 < place < len(parts) - 1):
            pieces += (*_changed(removed, added), Piece(kind="same", text=old))
            removed = added = ""
        else:
            removed, added = removed + old, added + new
    return [*pieces, *_changed(removed, added)]


MarkedPart = tuple[bool, str, str]
"""Whether it is the same in both, and what it is in each."""


def _parts(one: list[str], other: list[str]) -> Iterator[MarkedPart]:
    at = at_after = 0
    same = ""
    for start, start_after, length in (*matches(one, other), (len(one), len(other), 0)):
        if (at, at_after) != (start, start_after):
            if same:
                yield True, same, same
                same = ""
            yield False, "".join(one[at:start]), "".join(other[at_after:start_after])
        same += "".join(one[start : start + length])
        at, at_after = start + length, start_after + length
    if same:
        yield True, same, same


def _is_small(text: str) -> bool:
    return len(text) <= 2 and not any(char.isalnum() for char in text)


def _changed(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece(kind="removed", text=removed)
    if added:
        yield Piece(kind="added", text=added)
