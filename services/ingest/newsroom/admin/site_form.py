"""What the association says of itself as a form has it, and back. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from services.ingest.reading.field_errors import field_errors
from shared.identity import Identity
from shared.languages.say import nb

LISTS = ("menu", "footer")
"""Fields that have one link a line: a text, a space, and an address."""
TEXTS = (
    *("name", "accent", "accent_2", "postal_address", "telephone", "email"),
    *("organisation_number", "join", "appeal_title", "appeal"),
)
LANGUAGE = "language"
SAYS_NAME = "logo_says_name"
_YES = "ja"


def typed(read: Callable[[str], str]) -> dict[str, str]:
    """The fields as somebody typed them; `read` gives each by its name."""
    return {name: read(name) for name in (*TEXTS, *LISTS, LANGUAGE, SAYS_NAME)}


def to_fields(identity: Identity) -> dict[str, str]:
    """What stands in the form."""
    texts = {name: getattr(identity, name) or "" for name in TEXTS}
    for name in LISTS:
        texts[name] = "\n".join(f"{link.text} {link.to}" for link in getattr(identity, name))
    says_name = _YES if identity.logo_says_name else ""
    return texts | {LANGUAGE: identity.language, SAYS_NAME: says_name}


def to_identity(fields: Mapping[str, str], before: Identity) -> Identity | dict[str, str]:
    """What was typed, with the pictures that were there before; or what is wrong, by field."""
    given: dict[str, Any] = before.model_dump()
    given |= {name: fields[name] or None for name in TEXTS}
    given["join"] = fields["join"] or Identity().join
    given[LANGUAGE] = fields[LANGUAGE] or before.language
    given[SAYS_NAME] = fields[SAYS_NAME] == _YES
    for name in LISTS:
        lines = (line.split() for line in fields[name].splitlines())
        given[name] = [{"text": " ".join(words[:-1]), "to": words[-1]} for words in lines if words]
    try:
        return Identity.model_validate(given)
    except ValidationError as error:
        found = reversed(field_errors(error, Identity))
        return {_field(one.field): _sentence(one.field, one.message) for one in found}


def _field(path: str) -> str:
    return path.partition(".")[0]


def _sentence(path: str, message: str) -> str:
    if path.endswith(".text"):
        return nb(
            "Skriv en tekst foran hver adresse, høyst 40\u00a0tegn, som «Om oss /om/om-oss/»."
        )
    if path in LISTS:
        return nb("Her er det for mange lenker: høyst 6 øverst og 10 nederst.")
    return message[:1].upper() + message[1:] + "."
