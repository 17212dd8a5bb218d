"""The kinds of field that articles are made of, and the model that they stand in.

Messages to editors are in Norwegian.
"""

import re
from datetime import date
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from shared.text import many_lines, nfc, one_line

_NOT_IN_AN_ADDRESS = re.compile(r"[\s<>\"\\^`{|}]")


def _web_address(text: str) -> str:
    """An address that a reader may be sent to: http or https, a host, and nobody's password."""
    text = one_line(text)
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or "@" in parts.netloc or _NOT_IN_AN_ADDRESS.search(text):
        raise ValueError("skriv en hel nettadresse som begynner med https://")
    return text


Url = Annotated[
    str,
    BeforeValidator(nfc),
    Field(max_length=2000, json_schema_extra={"pattern": r"^https?://[^\s/?#:@]"}),
    AfterValidator(_web_address),
]


def _iso_day(value: object) -> object:
    """A day is written out; a bare number would otherwise be read as seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and _ISO_DAY.fullmatch(value)):
        return value
    raise ValueError("skriv datoen som ÅÅÅÅ-MM-DD, for eksempel 2026-04-03")


_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
Day = Annotated[date, BeforeValidator(_iso_day)]
Title = Annotated[
    str, BeforeValidator(nfc), Field(min_length=1, max_length=150), AfterValidator(one_line)
]
Paragraph = Annotated[
    str, BeforeValidator(nfc), Field(min_length=1, max_length=600), AfterValidator(one_line)
]
LONGEST_BODY = 200_000
"""Characters."""
Body = Annotated[
    str,
    BeforeValidator(nfc),
    Field(min_length=1, max_length=LONGEST_BODY),
    AfterValidator(many_lines),
]


class Model(BaseModel):
    """Strict about names, and silent about values: an error message never repeats the input."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True
    )
