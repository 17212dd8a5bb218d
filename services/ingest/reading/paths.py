"""Paths of fields, as error messages write them: `alert.stop_advice.text`, `sources.0.url`."""

from collections.abc import Iterable, Sequence
from typing import Any

MAX_DEPTH = 16
"""How deep a submission may nest. The model needs five levels."""


def clean(name: str) -> str:
    """A field's name that came from outside, fit to be shown: printable, at most 60 characters."""
    shown = "".join(char if char.isprintable() else "\ufffd" for char in name[:60])
    return shown + "…" if len(name) > 60 else shown


def dotted(path: Sequence[str | int]) -> str:
    return ".".join(clean(str(part)) for part in path)


def children(value: Any) -> Iterable[tuple[str | int, Any]]:
    """What a mapping or list holds, by name or place; nothing for other values."""
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def field_with(mark: str, value: Any, path: tuple[str | int, ...] = ()) -> str | None:
    """The path of the first text in `value` that contains `mark`; none if there is none."""
    if isinstance(value, str):
        return dotted(path) if mark in value else None
    for name, inner in children(value):
        if mark in str(name):
            return dotted((*path, name))
        if found := field_with(mark, inner, (*path, name)):
            return found
    return None
