"""From an article back to the form's fields, of which `to_submission` makes the same article.
Pure."""

from datetime import datetime
from typing import Any

from services.ingest.desk.shape import CHECK, CODES, FORM, LINES, NAMES, Fields, Shape, joined
from shared.article import Article
from shared.oslo import oslo
from shared.revision import Change


def from_article(
    article: Article, *, publish_at: datetime | None = None, change: Change | None = None
) -> Fields:
    """The fields of an article. `publish_at` is when it is to be published, `change` what its
    revision means for those who have read the one before."""
    stored = article.model_dump(mode="json")
    stored["publish_at"] = _on_the_clock(publish_at) if publish_at else None
    stored["change"] = change.model_dump() if change and change.kind != "withdrawal" else None
    return _typed(stored, FORM)  # type: ignore[no-any-return]


def _typed(value: Any, shape: Shape) -> Any:
    if isinstance(shape, dict):
        known = value or {}
        return {name: _typed(known.get(name), inner) for name, inner in shape.items()}
    if isinstance(shape, list):
        return [_typed(row, shape[0]) for row in value or ()]
    if shape in (LINES, NAMES):
        return joined(value or (), shape)
    if shape == CODES:
        return "\n".join(map(_code, value or ()))
    if shape == CHECK:
        return "on" if value else ""
    return value or ""


def _code(atc: dict[str, str | None]) -> str:
    parts = (atc["code"], *(
        f"{word} {atc[name]}"
        for word, name in (("fra", "valid_from"), ("til", "valid_to"))
        if atc[name]
    ))  # fmt: skip
    return " ".join(str(part) for part in parts)


def _on_the_clock(at: datetime) -> str:
    """Without zone, except in the hour that clocks show twice."""
    local = oslo(at)
    return local.isoformat() if local.fold else local.replace(tzinfo=None).isoformat()
