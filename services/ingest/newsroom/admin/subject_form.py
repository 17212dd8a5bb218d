"""A subject as a form has it, and back. Pure."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from services.ingest.reading.field_errors import field_errors
from shared.slug import slug
from shared.subject import Subject

LISTS = ("brands", "atc", "classes", "conditions")
"""Fields that have one name a line."""
TEXTS = ("name", "name_nn", "name_en", "substance")


def typed(read: Callable[[str], str]) -> dict[str, str]:
    """The fields as somebody typed them; `read` gives each by its name."""
    return {name: read(name) for name in ("id", *TEXTS, *LISTS)}


def to_fields(subject: Subject | None) -> dict[str, str]:
    """What stands in the form for a subject; empty fields for a new one."""
    if subject is None:
        return dict.fromkeys(("id", *TEXTS, *LISTS), "")
    texts = {name: getattr(subject, name) or "" for name in ("id", *TEXTS)}
    return texts | {name: "\n".join(getattr(subject, name)) for name in LISTS}


def to_subject(fields: Mapping[str, str]) -> Subject | dict[str, str]:
    """The subject that was typed; or what is wrong with it, by field. A new one without an id gets
    one that follows from its name."""
    given: dict[str, Any] = {name: fields[name] or None for name in TEXTS}
    given["id"] = fields["id"] or slug(fields["name"], length=60, empty="")
    for name in LISTS:
        lines = (line.strip() for line in fields[name].splitlines())
        given[name] = tuple(dict.fromkeys(line for line in lines if line))
    try:
        return Subject.model_validate(given)
    except ValidationError as error:
        found = field_errors(error, Subject)
        return {one.field.partition(".")[0]: _sentence(one.message) for one in reversed(found)}


def seen(subject: Subject | None) -> str:
    """Says of a subject how it was when somebody began to change it; empty if there was none."""
    return hashlib.sha256(subject.model_dump_json().encode()).hexdigest() if subject else ""


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:] + "."
