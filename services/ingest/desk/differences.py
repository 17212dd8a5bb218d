"""Where two texts of one article differ, part by part, and one text made of both. Pure.

A part is a field, or a whole list of rows. Marks tell later what a part was when somebody saw it,
without keeping it: so who changed what is known, and only what both changed has to be chosen.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from services.ingest.desk.shape import FORM, Fields, Shape, in_shape

Side = Literal["mine", "theirs", "both"]
_MARK_DIGITS = 8
"""Of a hash in hexadecimal, by which a text is known again."""


@dataclass(frozen=True)
class DifferingPart:
    """A part of which there are two texts."""

    path: str
    mine: Any
    theirs: Any
    changed_by: Side | None
    """Who has changed it since I saw it; None if that is not known."""


def parts(fields: Fields) -> dict[str, Any]:
    """All parts of a text, by path, in the order of the form."""
    return dict(_parts(in_shape(fields), FORM, ""))


def _parts(value: Any, shape: Shape, path: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(shape, dict):
        yield path, value
        return
    for name, inner in shape.items():
        yield from _parts(value[name], inner, f"{path}.{name}" if path else name)


def marks(fields: Fields) -> str:
    """What tells later whether a part is still as it is here."""
    return "".join(map(_mark, parts(fields).values()))


def _mark(value: Any) -> str:
    said = json.dumps(value, ensure_ascii=True, sort_keys=True).encode()
    return hashlib.sha256(said).hexdigest()[:_MARK_DIGITS]


def differing(mine: Fields, theirs: Fields, seen: str = "") -> list[DifferingPart]:
    """The parts in which the two differ. `seen` are the marks of what I saw before I typed."""
    my_parts, their_parts = parts(mine), parts(theirs)
    is_known = len(seen) == _MARK_DIGITS * len(my_parts)
    found = []
    for place, (path, value) in enumerate(my_parts.items()):
        if value == their_parts[path]:
            continue
        mark = seen[place * _MARK_DIGITS : (place + 1) * _MARK_DIGITS]
        by = _changed_by(_mark(value) != mark, _mark(their_parts[path]) != mark)
        found.append(DifferingPart(path, value, their_parts[path], by if is_known else None))
    return found


def _changed_by(me: bool, them: bool) -> Side:
    return "both" if me and them else "mine" if me else "theirs"


def merged(mine: Fields, theirs: Fields, chosen: Mapping[str, Side]) -> Fields:
    """Their text, with mine in the parts for which mine is chosen. If both are, mine stands below
    theirs; a part that holds one thing only gets mine."""
    result = in_shape(theirs)
    my_parts, their_parts = parts(mine), parts(theirs)
    for path, side in chosen.items():
        if path in my_parts and side != "theirs":
            mine_here, theirs_here = my_parts[path], their_parts[path]
            both = _both(path, theirs_here, mine_here) if side == "both" else mine_here
            _put(result, path.split("."), both)
    return result  # type: ignore[no-any-return]


def _both(path: str, first: Any, second: Any) -> Any:
    if isinstance(first, list):
        return first + [row for row in second if row not in first]
    return f"{first.rstrip()}\n\n{second}" if path == "body" else second


def _put(result: Any, parts_of_path: list[str], value: Any) -> None:
    for part in parts_of_path[:-1]:
        result = result[part]
    result[parts_of_path[-1]] = value
