"""Pydantic's validation errors as messages for editors: in Norwegian, and without their input."""

import difflib
from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from services.ingest.problems import LISTED, FieldError
from services.ingest.reading.paths import clean, dotted

_TEXTS = {
    "missing": "feltet mangler; fyll det ut",
    "string_type": "må være tekst; sett anførselstegn rundt verdien",
    "string_unicode": "har et halvt tegn (surrogat); fjern det",
    "string_too_short": "feltet er tomt",
    "string_too_long": "for langt: høyst {max_length} tegn",
    # ATC codes are the only texts of a submission that follow a pattern.
    "string_pattern_mismatch": "skriv en ATC-kode med store bokstaver, som L04AF01 eller L04",
    "too_short": "må ha minst {min_length} innslag",
    "too_long": "har for mange innslag: høyst {max_length}",
    "tuple_type": "må være en liste",
    "bool_type": "må være true eller false",
    "bool_parsing": "må være true eller false",
    "date_from_datetime_parsing": "dagen finnes ikke; skriv datoen som ÅÅÅÅ-MM-DD",
    "datetime_from_date_parsing": "tidspunktet finnes ikke; skriv det som 2026-04-03T12:00+02:00",
    "date_parsing": "dagen finnes ikke; skriv datoen som ÅÅÅÅ-MM-DD",
}


def field_errors(error: ValidationError, model: type[BaseModel]) -> list[FieldError]:
    """The errors of validating a `model`, as many as an answer lists."""
    found = []
    for one in error.errors(include_url=False)[:LISTED]:
        kind, path, context = one["type"], one["loc"], one.get("ctx", {})
        if _miscounted(kind, one["input"], context):
            continue
        if context.get("field_type") == "Value":  # a text that a validator of ours has had in hand
            kind = f"string_{kind}"
        if kind.startswith("field:"):
            path = (*path, kind.removeprefix("field:"))
        message = _message(kind, path, context, one["msg"], model)
        if one["input"] is None:
            message = _empty(kind, message)
        found.append(FieldError(dotted(path) or "feltnavn", message))
    return found


def _miscounted(kind: str, given: object, context: dict[str, Any]) -> bool:
    """Whether a list only seems too short: pydantic counts its right entries, and each wrong one
    has an error of its own."""
    return kind == "too_short" and isinstance(given, list) and len(given) >= context["min_length"]


def _message(
    kind: str, path: Sequence[str | int], context: dict[str, Any], text: str, model: type[BaseModel]
) -> str:
    if kind == "extra_forbidden":
        return _unknown(str(path[-1]), _known(path[:-1], model))
    if kind == "model_type":
        return f"må være felt med verdier: {', '.join(_known(path, model))}"
    if kind == "literal_error":
        return f"må være en av: {context['expected'].replace(' or ', ', ')}"
    if kind == "value_error":
        return str(context["error"])
    if kind.startswith("field:"):
        return text
    return _TEXTS.get(kind, "har feil form").format(**context)


def _empty(kind: str, message: str) -> str:
    """The message for a field without a value, as `title:` alone; what it may be is worth
    telling."""
    told = message if kind in ("literal_error", "value_error") else "fyll det ut"
    return message if kind == "extra_forbidden" else f"feltet er tomt; {told}"


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(clean(name), known, n=1)
    if near:
        return f"feltet finnes ikke; mente du «{near[0]}»?"
    return f"feltet finnes ikke; disse finnes: {', '.join(known)}"


def _known(path: Sequence[str | int], model: type[BaseModel]) -> list[str]:
    """The fields that the model at `path` has."""
    for part in path:
        if isinstance(part, str):
            model = next(_models(model.model_fields[part].annotation))
    return list(model.model_fields)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
