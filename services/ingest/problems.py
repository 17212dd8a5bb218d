"""Problem documents (RFC 9457): what every answer of the API says that is no success. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from shared.languages.say import nb

MEDIA_TYPE = "application/problem+json"
LISTED = 50
"""How many wrong fields one answer lists at most."""

_HEADLINED = 10
"""How many of them the `detail` names."""


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field, and the way out.

    `field` is a dotted path such as `alert.stop_advice.text` or `sources.0.url`, or the name of a
    header. Neither part ever holds a value of the input, except file names and links' addresses.
    """

    field: str
    message: str


class Problem(Exception):
    """Raised to end a request with a problem document.

    `name` becomes its `type`, and `more` adds members. Without a `detail`, the detail names the
    fields in `errors`, which say what is wrong with each.
    """

    def __init__(
        self,
        status: int,
        name: str,
        title: str,
        detail: str = "",
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(name)
        self.status = status
        self.name = name
        self.title = title
        self.errors = tuple(errors)
        self.detail = detail or _fields_to_mend(self.errors)
        self.headers = dict(headers or {})
        self.more = dict(more or {})

    def __reduce__(self) -> Any:
        """Pickled with all its parts: a child process raises it, too."""
        return Exception.__new__, (Problem, self.name), self.__dict__

    def document(self) -> dict[str, Any]:
        """The document: the members of RFC 9457, section 3.1, `errors`, and those of `more`."""
        return {
            "type": f"urn:varsel:problem:{self.name}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "errors": [asdict(error) for error in self.errors[:LISTED]],
        } | self.more


def _fields_to_mend(errors: Iterable[FieldError]) -> str:
    fields = list(dict.fromkeys(error.field for error in errors))
    if not fields:
        return ""
    more = f" og {len(fields) - _HEADLINED} til" if len(fields) > _HEADLINED else ""
    which = "dette feltet" if len(fields) == 1 else "disse feltene"
    return f"Rett {which}, og send igjen: {', '.join(fields[:_HEADLINED])}{more}."


def malformed(detail: str, *errors: FieldError) -> Problem:
    """400: the document cannot be read at all. Errors without a field are left out."""
    known = [error for error in errors if error.field]
    return Problem(400, "malformed", nb("Dokumentet kan ikke leses"), detail, errors=known)


def invalid(
    *errors: FieldError, what: Literal["Saken", "Bildet", "Dokumentet"] = "Saken"
) -> Problem:
    """422: the document can be read, but fields of it are wrong."""
    detail = f"{what} kan ikke tas imot. {_fields_to_mend(errors)}"
    return Problem(422, "invalid-fields", nb("Innholdet har feil"), detail, errors=errors)


def too_large(limit: str) -> Problem:
    """413: more than `limit`, which has its unit, as `1 MiB`."""
    detail = f"Innholdet kan være høyst {limit}; gjør det mindre."
    return Problem(413, "too-large", nb("For stort"), detail)


def not_found(detail: str) -> Problem:
    return Problem(404, "not-found", nb("Finnes ikke"), detail)


def unavailable(detail: str) -> Problem:
    """503: nothing is wrong with the request; the same request may succeed in a while."""
    headers = {"Retry-After": "5"}
    return Problem(503, "unavailable", nb("Utilgjengelig nå"), detail, headers=headers)
