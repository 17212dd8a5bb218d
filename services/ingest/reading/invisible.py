"""Characters that Word and web pages leave in a text, and that nobody sees. Pure.

A soft hyphen inside a medicine's name hides it from every search; a zero-width space does too.
"""

import re
from typing import Any

from services.ingest.reading.paths import children, dotted

_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


def without_invisible(value: Any) -> Any:
    """`value` without them, in all its texts."""
    if isinstance(value, str):
        return _INVISIBLE.sub("", value)
    if isinstance(value, dict):
        return {name: without_invisible(inner) for name, inner in value.items()}
    return [without_invisible(inner) for inner in value] if isinstance(value, list) else value


def fields_with_invisible(value: Any, path: tuple[str | int, ...] = ()) -> dict[str, int]:
    """How many each field has, by its dotted path; only those that have any."""
    if isinstance(value, str):
        count = len(_INVISIBLE.findall(value))
        return {dotted(path): count} if count else {}
    found: dict[str, int] = {}
    for name, inner in children(value):
        found |= fields_with_invisible(inner, (*path, name))
    return found
