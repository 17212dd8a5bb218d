"""Whether a page is about an exercise, so that its frame says so. Pure.

A page gives its template what it is about under a name: the form that is being filled in, the
receipt, where the article is in its life, the working copy. The first of them that is there counts:
whoever writes sees what they have typed, whoever approves what was sent in.
"""

from collections.abc import Mapping
from typing import Any

from services.ingest.desk.shape import Fields
from services.ingest.desk.store import WorkingCopy
from services.ingest.lifecycle.life import Life

_MODES = ("exercise", "test")


def is_exercise(values: Mapping[str, Any]) -> bool:
    """Whether what a page with these values shows is an exercise, or a test."""
    if "is_exercise" in values:
        return bool(values["is_exercise"])
    for name in ("form", "live"):
        if hasattr(values.get(name), "is_exercise"):
            return bool(values[name].is_exercise)
    life = values.get("life")
    if isinstance(life, Life):
        return life.mode in _MODES
    copy = values.get("copy") or getattr(values.get("opened"), "copy", None)
    return isinstance(copy, WorkingCopy) and _is_typed(copy.fields)


def _is_typed(fields: Fields) -> bool:
    return fields.get("kind") == "safety_alert" and fields["alert"]["mode"] in _MODES
