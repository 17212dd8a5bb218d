"""The fields of a form as a browser sends it, and what its buttons do to them. Pure.

A button that adds a row sends the whole form, so everything works without script.
"""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from services.ingest.desk.shape import (
    CHECK,
    FORM,
    LINES,
    NAMES,
    Fields,
    Shape,
    at,
    in_shape,
    is_blank,
    joined,
    listed,
)

_LONGEST_NUMBER = 6
"""Digits of a row's number. Rows are few, and their numbers are only for their order."""


def from_pairs(pairs: Iterable[tuple[str, str]]) -> Fields:
    """The fields in a form's names and values. Names as `sources.0.url` that the form does not have
    are passed over; line ends are `\\n`, whatever the browser sent."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        parts = name.split(".")
        if isinstance(at(name), str) and all(len(part) <= 40 for part in parts):
            _put(found, parts, value.replace("\r\n", "\n").replace("\r", "\n"))
    return _rows(found, FORM)  # type: ignore[no-any-return]


def _put(found: dict[str, Any], parts: list[str], value: str) -> None:
    for part in parts[:-1]:
        found = found.setdefault(part, {})
    found[parts[-1]] = value


def _rows(found: Any, shape: Shape) -> Any:
    """Mappings by number become lists in the order of the numbers."""
    if isinstance(shape, dict):
        known = found or {}
        return {name: _rows(known.get(name), inner) for name, inner in shape.items()}
    if isinstance(shape, list):
        numbers = sorted((part for part in found or {}), key=_number)
        return [_rows(found[part], shape[0]) for part in numbers]
    if shape == CHECK:
        return "on" if found else ""
    return found or ""


def _number(part: str) -> int:
    return int(part[:_LONGEST_NUMBER])


def pressed(fields: Fields, button: str) -> Fields:
    """The fields after a button was pressed whose value is one of

    `ny:sources`            an empty row at the end
    `bort:sources.1`        without this row
    `opp:sources.1`         this row before the one above it
    `sett:PATH=a text`      the text: into a field, as a new line, or as a new row

    What cannot be done changes nothing.
    """
    fields = deepcopy(in_shape(fields))
    verb, _, rest = button.partition(":")
    path, _, text = rest.partition("=")
    shape = at(path)
    if shape is None:
        return fields
    holder, name = _holder(fields, path)
    if holder is None:
        return fields
    if verb == "ny" and isinstance(shape, list):
        holder[name].append(in_shape(None, shape[0]))
    elif verb in ("bort", "opp") and isinstance(holder, list):
        place = int(name)
        if verb == "bort":
            del holder[place]
        elif place:
            holder[place - 1], holder[place] = holder[place], holder[place - 1]
    elif verb == "sett":
        _set(holder, name, shape, text)
    return fields


def _holder(fields: Fields, path: str) -> tuple[Any, Any]:
    """What holds the field at `path`, and its name or place there; nothing if it is not there."""
    *outer, last = path.split(".")
    holder: Any = fields
    for part in outer:
        holder = _inner(holder, part)
        if holder is None:
            return None, None
    if isinstance(holder, list):
        return (holder, int(last)) if len(last) <= 6 and int(last) < len(holder) else (None, None)
    return holder, last


def _inner(holder: Any, part: str) -> Any:
    if isinstance(holder, list):
        return holder[int(part)] if len(part) <= 6 and int(part) < len(holder) else None
    return holder.get(part) if isinstance(holder, dict) else None


def _set(holder: Any, name: Any, shape: Shape, text: str) -> None:
    if isinstance(shape, list):
        row: Any = text if isinstance(shape[0], str) else in_shape(None, shape[0])
        blank = [place for place, one in enumerate(holder[name]) if is_blank(one)]
        if blank:
            holder[name][blank[0]] = row
        else:
            holder[name].append(row)
    elif shape in (LINES, NAMES):
        lines = [one for _, one in listed(holder[name], shape)]
        folded = {line.strip().casefold() for line in lines}
        holder[name] = joined(lines if text.casefold() in folded else [*lines, text], shape)
    elif isinstance(shape, str):
        holder[name] = text
