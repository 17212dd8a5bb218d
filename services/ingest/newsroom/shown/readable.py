"""A revision's fields as text that a person reads, none left out and no two alike. Pure.

Two revisions whose contents differ have texts that differ: whoever approves sees every change.
"""

from collections.abc import Mapping
from typing import Any

from services.ingest.lifecycle.life import StoredRevision
from services.ingest.newsroom.shown.picture_lines import in_words
from services.ingest.newsroom.shown.words import named, valued
from shared.article import Lang

_INDENT = "  "


def readable(stored: StoredRevision, lang: Lang = "nb") -> dict[str, str]:
    """Each field that the revision has, by its path (`title`, `alert.severity`), the body last.
    Names and codes are in `lang`."""
    article = stored.article.model_dump(mode="json", exclude_none=True, exclude={"alert", "body"})
    alert = stored.article.alert
    fields: dict[str, Any] = {}
    if stored.change:
        change = stored.change.model_dump(mode="json", exclude_none=True)
        fields |= {f"change.{name}": value for name, value in change.items()}
    fields |= article
    if alert:
        inner = alert.model_dump(mode="json", exclude_none=True)
        fields |= {f"alert.{name}": value for name, value in inner.items()}
    fields["pictures"] = [
        f"{address} ({picture.name}, {picture.width} × {picture.height})"
        for address, picture in stored.pictures.items()
    ]
    fields["body"] = in_words(stored.article.body, lang)
    shown = {path: _text(path, value, lang) for path, value in fields.items()}
    return {path: text for path, text in shown.items() if text}


def _text(path: str, value: Any, lang: Lang, depth: int = 0) -> str:
    """A value in words; what has parts on a line for each, further in with each level."""
    if isinstance(value, Mapping):
        lines = (_line(f"{path}.{name}", inner, lang, depth) for name, inner in value.items())
        return "\n".join(line for line in lines if line)
    if isinstance(value, list):
        return "\n".join(_item(path, inner, lang, depth) for inner in value)
    return valued(path, value if isinstance(value, bool) else str(value), lang)


def _line(path: str, value: Any, lang: Lang, depth: int) -> str:
    """`Virkestoff: eksempelinib`; nothing for a list without items."""
    if value == []:
        return ""
    between = "\n" if isinstance(value, list | Mapping) else " "
    return f"{_INDENT * depth}{named(path, lang)}:{between}{_text(path, value, lang, depth + 1)}"


def _item(path: str, value: Any, lang: Lang, depth: int) -> str:
    if isinstance(value, list | Mapping):
        return f"{_INDENT * depth}– {_text(path, value, lang, depth + 1).lstrip()}"
    return f"{_INDENT * depth}– {_text(path, value, lang)}"
