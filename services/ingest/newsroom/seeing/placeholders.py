"""A whole article of what is typed so far: what is whole is as it was typed, and what is missing or
cannot be read is a placeholder that says so. Pure."""

import json
import re
from datetime import date
from typing import Any, NamedTuple

from pydantic import ValidationError

from services.ingest.desk.shape import Fields
from services.ingest.desk.to_submission import to_json
from services.ingest.newsroom.desk.words import FIELDS
from services.ingest.reading.field_errors import field_errors
from shared.article import Article, Lang
from shared.fields import LONGEST_BODY
from shared.languages.say import say
from shared.markdown import pictures
from shared.revision import Change

NOWHERE = "https://mangler.invalid/"
"""Stands where an address is missing: no such name exists (RFC 2606, section 2)."""
_ROUNDS = 20
"""One finds all that is missing; a few more, what that hid."""
_NUMBER = re.compile(r"(?<=\.)\d+(?=\.|$)")
_CODES = {
    "kind": "news",
    "lang": "nb",
    # A heading that says neither to go on nor to stop.
    "alert.stop_advice.code": "not_applicable",
    "alert.severity": "severe",
}
"""What has no word for «missing». The page beside it says that nobody has chosen it."""
_DAYS = ("published_on", "sources.*.published_on")
_ADDRESSES = ("sources.*.url", "alert.report.patient", "alert.report.health_personnel")
_LISTS = ("topics", "sources", "alert.medicines", "alert.what_to_do", "alert.seek_help_if")
_TEXTS = (
    *("title", "lead", "byline", "kicker", "body", "topics.*", "sources.*.publisher"),
    *("alert.medicines.*.substance", "alert.medicines.*.brands.*", "alert.what_to_do.*"),
    *("alert.seek_help_if.*", "alert.what_happened", "alert.who_is_affected"),
    "alert.stop_advice.text",
)
_LONGEST = {"title": 150, "body": LONGEST_BODY, "lead": 600, "alert.what_happened": 600,
            "alert.who_is_affected": 600, "alert.stop_advice.text": 600}  # fmt: skip
_LONGEST_LINE = 300
"""Characters of any other text."""
_MOST = {"topics": 20, "sources": 20, "alert.medicines": 50, "alert.medicines.*.brands": 20,
         "alert.what_to_do": 10, "alert.seek_help_if": 10}  # fmt: skip


class Blank(NamedTuple):
    """What stands in the place of what is missing."""

    today: date
    lang: Lang
    """Of whoever looks: the placeholders are in it."""


def whole_article(fields: Fields, today: date, lang: Lang = "nb") -> tuple[Article, list[str]]:
    """The article, and the addresses of the pictures in its body."""
    typed = json.loads(to_json(fields))
    for name in ("publish_at", "change", "draft"):
        typed.pop(name, None)
    article = _mended(typed, Blank(today, lang))
    return article, pictures(article.body)


def told_change(fields: Fields, lang: Lang = "nb") -> Change | None:
    """What the next revision will say of its change; None if nobody has chosen yet."""
    typed = json.loads(to_json(fields)).get("change", {})
    kind = typed.get("kind")
    if kind not in ("edit", "correction"):
        return None
    note = _shown(typed.get("note"), "change.note", lang)
    return Change(kind=kind, note=note if kind == "correction" or typed.get("note") else None)


def _mended(typed: dict[str, Any], blank: Blank) -> Article:
    for _ in range(_ROUNDS):
        try:
            return Article.model_validate(typed)
        except ValidationError as error:
            for one in field_errors(error, Article):
                _mend(typed, one.field.split("."), blank)
    # Whatever it is that nobody has thought of: the text alone.
    body = _shown(typed.get("body"), "body", blank.lang)
    bare: dict[str, Any] = {"body": body, "published_on": blank.today.isoformat()}
    for path in ("title", "lead", "byline"):
        bare[path] = _shown(typed.get(path), path, blank.lang)
    return Article.model_validate(bare | {"kind": "news", "lang": "nb"})


def _mend(typed: dict[str, Any], parts: list[str], blank: Blank) -> None:
    """Put a placeholder where `parts` lead, or take away what is not required."""
    holder: Any = typed
    for at, part in enumerate(parts[:-1]):
        inner = _inner(holder, part)
        if not isinstance(inner, dict | list):
            # What should hold it is missing itself.
            return _mend(typed, parts[: at + 1], blank)
        holder = inner
    last = parts[-1]
    value = _placeholder(".".join(parts), _inner(holder, last), blank)
    if isinstance(holder, dict) and value is None:
        holder.pop(last, None)
    elif isinstance(holder, dict):
        holder[last] = value
    elif last.isdigit() and int(last) < len(holder):
        # A row that cannot be read is left as one that says so, for its number counts.
        holder[int(last)] = value if value is not None else {}
    return None


def _inner(holder: Any, part: str) -> Any:
    if isinstance(holder, dict):
        return holder.get(part)
    is_there = isinstance(holder, list) and part.isdigit() and int(part) < len(holder)
    return holder[int(part)] if is_there else None


def _placeholder(path: str, value: Any, blank: Blank) -> Any:
    """What to show at `path` in the place of `value`, with which something is wrong; None if
    nothing has to stand there."""
    wild = _NUMBER.sub("*", path)
    if wild in _CODES:
        return _CODES[wild]
    if wild in _DAYS:
        return blank.today.isoformat()
    if wild in _ADDRESSES:
        return NOWHERE
    if wild in _LISTS or wild == "alert.medicines.*.brands":
        return _placeholder_list(wild, value, blank)
    if wild in _TEXTS:
        return _shown(value, wild, blank.lang)
    return {} if wild in ("alert", "alert.stop_advice", "alert.report") else None


def _placeholder_list(wild: str, value: Any, blank: Blank) -> list[Any]:
    if isinstance(value, list) and value:
        return value[: _MOST[wild]]
    rows_are_texts = f"{wild}.*" in _TEXTS
    return [_placeholder(f"{wild}.*", None, blank) if rows_are_texts else {}]


def _shown(value: Any, wild: str, lang: Lang) -> str:
    """A text as it was typed, as far as it can be shown."""
    label = FIELDS[wild].label if wild in FIELDS else FIELDS[wild.removesuffix(".*")].label
    label = say(label, lang)
    if not isinstance(value, str) or not value.strip():
        return say("[Mangler: {label}]", lang).format(label=label)
    longest = _LONGEST.get(wild, _LONGEST_LINE)
    kept = "\n\t" if wild == "body" else ""
    seen = "".join(char if char.isprintable() or char in kept else " " for char in value)
    seen = seen if wild == "body" else " ".join(seen.split())
    seen = seen if len(seen) <= longest else f"{seen[: longest - 2]} …"
    # If nothing can be done about it, it would be refused again.
    hidden = say("[Kan ikke vises: {label}]", lang).format(label=label)
    return seen if seen.strip() and seen != value.strip() else hidden
