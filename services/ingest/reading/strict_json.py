"""JSON read strictly: what two readers could understand differently is refused.

RFC 8259 leaves open what a name given twice means (section 4) and how deep one may nest
(section 9), and does not know NaN and Infinity (section 6).
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from services.ingest.problems import FieldError, Problem, malformed
from services.ingest.reading.paths import MAX_DEPTH, children, clean, dotted, field_with

# Possessive, so that a million quotation marks cost no more than a million steps.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{},]', re.DOTALL)
_MOST_VALUES = 100_000
"""The longest alert that the model takes has six thousand. Up to here errors name their fields."""


_MARK = "\ufffd"


class _Object(dict[str, Any]):
    """A JSON object that remembers which names it was given twice."""

    twice: tuple[str, ...] = ()


class _Constant(str):
    """NaN, Infinity or -Infinity, which Python's reader would take."""

    __slots__ = ()


def read(text: str) -> Any:
    """The value of the JSON document `text`; Problem 400 if it is none or is ambiguous."""
    _refuse_depth_and_number(text)
    try:
        value = _load(text, strict=True)
    except json.JSONDecodeError as error:
        raise _syntax(text, error) from None
    if errors := list(_ambiguous(value)):
        raise malformed("", *errors)
    return value


def _load(text: str, *, strict: bool) -> Any:
    # No field is a number: float avoids Python's limit on the digits of an int.
    return json.loads(
        text, object_pairs_hook=_object, parse_constant=_Constant, parse_int=float, strict=strict
    )


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    result = _Object(pairs)
    if len(result) < len(pairs):
        times = Counter(name for name, _ in pairs)
        result.twice = tuple(name for name in result if times[name] > 1)
    return result


def _syntax(text: str, error: json.JSONDecodeError) -> Problem:
    where = f"Dette er ikke gyldig JSON: se linje {error.lineno}, tegn {error.colno}."
    if not error.msg.startswith("Invalid control character"):
        return malformed(where)
    try:
        rest = _load(text[: error.pos] + _MARK + text[error.pos + 1 :], strict=False)
    except json.JSONDecodeError:
        return malformed(where)
    message = "feltet har et kontrolltegn; fjern det, eller skriv linjeskift som \\n"
    return malformed(where, FieldError(field_with(_MARK, rest) or "", message))


def _refuse_depth_and_number(text: str) -> None:
    depth, values, name = 0, 0, ""
    for match in _TOKEN.finditer(text):
        piece = match[0]
        if piece in "[{,":
            values += 1
            depth += piece != ","
        elif piece in "]}":
            depth -= 1
        elif depth == 1:
            name = clean(piece.strip('"'))
        if values > _MOST_VALUES:
            raise malformed(f"Dokumentet har over {_MOST_VALUES} verdier; en sak trenger få.")
        if depth > MAX_DEPTH:
            message = f"for mange nivåer inni hverandre; høyst {MAX_DEPTH} er lov"
            raise malformed("" if name else f"Dokumentet har {message}.", FieldError(name, message))


def _ambiguous(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[FieldError]:
    if isinstance(value, _Constant):
        yield FieldError(dotted(path), "NaN og Infinity finnes ikke i JSON; skriv en tekst")
    if isinstance(value, _Object):
        for name in value.twice:
            message = "feltet er skrevet to ganger; behold bare det ene"
            yield FieldError(dotted((*path, name)), message)
    for part, inner in children(value):
        yield from _ambiguous(inner, (*path, part))
