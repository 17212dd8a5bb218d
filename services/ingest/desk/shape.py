"""What the form has: its fields by the paths that the errors of `reading` name. Pure.

A working copy holds them as they were typed, all of them text. A field that is a list of texts
(`LINES`, `NAMES`, `CODES`) has one on each line, so that it needs no script.
"""

import re
from collections.abc import Iterable
from typing import Any, Final, Literal, TypeAlias, Union

Leaf = Literal["text", "lines", "names", "codes", "check"]
Shape: TypeAlias = Union[Leaf, "dict[str, Shape]", "list[Shape]"]
"""A list has one entry, the shape of each of its rows."""
Fields = dict[str, Any]
"""A working copy's fields: texts, lists and mappings in the shape of `FORM`."""

TEXT: Final = "text"
LINES: Final = "lines"
"""Texts, one on each line."""
NAMES: Final = "names"
"""Names, one on each line or several with commas between, as people write them."""
CODES: Final = "codes"
"""ATC codes, one on each line, as `L04AF01 fra 2024-01-01 til 2026-12-31`."""
CHECK: Final = "check"
"""`on`, or nothing."""

_MEDICINE: dict[str, Shape] = {
    "substance": TEXT,
    "brands": NAMES,
    "additional_monitoring": CHECK,
    "atc": CODES,
    "batches": NAMES,
}
_ALERT: dict[str, Shape] = {
    "mode": TEXT,
    "severity": TEXT,
    "medicines": [_MEDICINE],
    "what_happened": TEXT,
    "who_is_affected": TEXT,
    "what_to_do": [TEXT],
    "stop_advice": {"code": TEXT, "text": TEXT},
    "seek_help_if": [TEXT],
    "report": {"patient": TEXT, "health_personnel": TEXT},
    "urgency": TEXT,
    "certainty": TEXT,
    "event_type": TEXT,
    "groups": LINES,
    "conditions": LINES,
    "valid_from": TEXT,
    "review_by": TEXT,
    "authorities": [{"name": TEXT, "reference": TEXT, "url": TEXT}],
}
FORM: dict[str, Shape] = {
    "kind": TEXT,
    "lang": TEXT,
    "translation_of": TEXT,
    "title": TEXT,
    "lead": TEXT,
    "kicker": TEXT,
    "byline": TEXT,
    "published_on": TEXT,
    "topics": NAMES,
    "sources": [{"publisher": TEXT, "url": TEXT, "published_on": TEXT}],
    "alert": _ALERT,
    "body": TEXT,
    "publish_at": TEXT,
    "change": {"kind": TEXT, "note": TEXT},
    "given": TEXT,  # what the article is written after, which is no part of it
}


def in_shape(fields: Any, shape: Shape | None = None) -> Any:
    """`fields` with each field of the form, an empty one if there is none or it has another shape.
    What the form does not have is left out."""
    shape = FORM if shape is None else shape
    if isinstance(shape, dict):
        known = fields if isinstance(fields, dict) else {}
        return {name: in_shape(known.get(name), inner) for name, inner in shape.items()}
    if isinstance(shape, list):
        rows = fields if isinstance(fields, list) else []
        return [in_shape(row, shape[0]) for row in rows]
    return fields if isinstance(fields, str) else ""


_BETWEEN = re.compile(r";|(?<!\d),|,(?!\d)")
"""Between two names on one line; «2,5 mg» is one."""


def listed(text: str, shape: Shape | None) -> list[tuple[int, str]]:
    """The texts in a field of `LINES`, `NAMES` or `CODES`, each with its line, from 1. If the first
    line is empty, each line is one name with its commas: nobody types that, and `joined` writes
    it."""
    lines = enumerate(text.split("\n"), 1)
    if shape == LINES or text.startswith("\n"):
        return [(at, line) for at, line in lines if line.strip()]
    return [
        (at, one.strip() if one != line else line)
        for at, line in lines
        for one in _BETWEEN.split(line)
        if one.strip()
    ]


def joined(texts: Iterable[str], shape: Shape) -> str:
    """A field of `LINES` or `NAMES` in which `listed` finds these."""
    made = "\n".join(found := list(texts))
    return f"\n{made}" if shape == NAMES and any(map(_BETWEEN.search, found)) else made


def is_blank(value: Any) -> bool:
    """Whether nothing was typed in a field, or in any of a row's."""
    if isinstance(value, str):
        return not value.strip()
    inner = value.values() if isinstance(value, dict) else value
    return all(map(is_blank, inner))


def at(path: str) -> Shape | None:
    """The shape of what stands at a path as `sources.0.url`; None if the form has no such place."""
    shape: Shape = FORM
    for part in path.split("."):
        if isinstance(shape, dict) and part in shape:
            shape = shape[part]
        elif isinstance(shape, list) and part.isascii() and part.isdigit():
            shape = shape[0]
        else:
            return None
    return shape
