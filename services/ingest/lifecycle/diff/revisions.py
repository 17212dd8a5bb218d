"""What differs between two revisions: each field by its path, the body line by line. Pure."""

from typing import Any

from pydantic import BaseModel

from services.ingest.lifecycle.diff import lines
from services.ingest.lifecycle.life import StoredRevision
from services.ingest.reading.paths import children, dotted


class Difference(BaseModel):
    """A field that is not the same; none on a side that has no such field."""

    field: str
    before: str | bool | None
    after: str | bool | None


class Diff(BaseModel):
    fields: list[Difference]
    """In the order of their paths' first appearance; without the body."""
    body: list[str]
    """As `diff -u` writes it, without the lines that name files."""


def diff(one: StoredRevision, other: StoredRevision) -> Diff:
    """What differs, from `one` to `other`."""
    before, after = _fields(one), _fields(other)
    paths = dict.fromkeys((*before, *after))
    return Diff(
        fields=[
            Difference(field=path, before=before.get(path), after=after.get(path))
            for path in paths
            if before.get(path) != after.get(path)
        ],
        body=lines.unified(one.article.body.splitlines(), other.article.body.splitlines()),
    )


def _fields(stored: StoredRevision) -> dict[str, Any]:
    article = stored.article.model_dump(mode="json", exclude={"body"}, exclude_none=True)
    pictures = {name: picture.name for name, picture in stored.pictures.items()}
    return _flat(article) | {f"pictures.{name}": picture for name, picture in pictures.items()}


def _flat(value: Any, path: tuple[str | int, ...] = ()) -> dict[str, Any]:
    if not isinstance(value, dict | list):
        return {dotted(path): value}
    found: dict[str, Any] = {}
    for name, inner in children(value):
        found |= _flat(inner, (*path, name))
    return found
