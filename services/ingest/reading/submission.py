"""What an editor posts, read: bytes to an article. JSON and Markdown give the same article."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.message import Message
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    Field,
    StrictBool,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from services.ingest.problems import FieldError, Problem, invalid, malformed
from services.ingest.reading import body, front_matter, strict_json, times
from services.ingest.reading.field_errors import field_errors
from services.ingest.reading.file_kinds import what_it_is
from services.ingest.reading.invisible import fields_with_invisible, without_invisible
from services.ingest.reading.paths import field_with
from services.ingest.reading.text_check.findings import Warning
from shared.alert import Alert
from shared.article import Article, Source
from shared.fields import LONGEST_BODY, Model, Paragraph
from shared.old_address import OldAddress, OldPath
from shared.revision import Change
from shared.text import Line, nfc

JSON = "application/json"
MARKDOWN = "text/markdown"

_BLANK_LINES = re.compile(r"\A(?:[ \t]*\n)+")
_UNREADABLE = "\ufffd"
_TYPING_ERROR = "året må være fra 1900 til 2200; er det skrevet feil?"


_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|z|[+-]\d{2}:\d{2})")


def _with_zone(value: object) -> object:
    """A time is written out with its zone (RFC 3339): a bare number would be read as seconds."""
    if value is None or (isinstance(value, str) and _TIME.fullmatch(value)):
        return value
    raise ValueError(
        "skriv dag, klokkeslett og tidssone, for eksempel 2026-04-03T12:00+02:00 (vintertid +01:00)"
    )


_CLOCKS_DIFFER = timedelta(minutes=5)
"""How fast the clock of whoever sends may be."""
Time = Annotated[AwareDatetime, BeforeValidator(_with_zone)]


class Submission(Article):
    """An article, and what is to become of it."""

    draft: StrictBool = False
    """Only save it."""
    publish_at: Time | None = None
    """When to publish it; at once if this is past or left out."""

    @field_validator("publish_at")
    @classmethod
    def _at_a_likely_time(cls, at: datetime | None) -> datetime | None:
        if at and not _likely(at.date()):
            raise ValueError(_TYPING_ERROR)
        return at

    @field_validator("published_on")
    @classmethod
    def _in_a_likely_year(cls, day: date) -> date:
        if not _likely(day):
            raise ValueError(_TYPING_ERROR)
        return day

    @field_validator("sources")
    @classmethod
    def _sources_in_likely_years(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        for place, source in enumerate(sources):
            if not _likely(source.published_on):
                raise PydanticCustomError(f"field:{place}.published_on", _TYPING_ERROR)
        return sources

    @field_validator("alert")
    @classmethod
    def _alert_in_likely_years(cls, alert: Alert | None) -> Alert | None:
        for name, day in _days(alert) if alert else ():
            if day and not _likely(day):
                raise PydanticCustomError(f"field:{name}", _TYPING_ERROR)
        return alert


class Changed(Model):
    """What a new revision of a published article means for those who have read the one before."""

    kind: Literal["edit", "correction"]
    """An `edit` mails nobody; a `correction` goes to everyone whom the alert has reached."""
    note: Paragraph | None = None
    """What changed. Required for a correction: it is the first thing that members read."""

    @model_validator(mode="after")
    def _a_correction_says_what(self) -> Self:
        if self.kind == "correction" and not self.note:
            raise PydanticCustomError(
                "field:note", "skriv hva som er rettet; det er det første medlemmene leser"
            )
        return self


def _never_given(schema: dict[str, Any]) -> None:
    """In a document: the field is left out, or null."""
    schema.clear()
    schema["type"] = "null"


class MovedSubmission(Submission):
    """An article of another site."""

    moved_from: Annotated[tuple[OldAddress, ...], Field(min_length=1, max_length=20)]
    """Where it was: paths or whole addresses. It is known by the first."""
    slug: Line | None = None
    """The last part of its address, if it is to keep that."""
    published_at: Time | None = None
    """When it was published there, never in time to come; required unless it is a draft."""

    publish_at: Annotated[Time | None, Field(json_schema_extra=_never_given)] = None
    """It cannot stand here: what is moved was published there, or is a draft."""

    @field_validator("published_at")
    @classmethod
    def _is_past(cls, at: datetime | None) -> datetime | None:
        if at and at > datetime.now(UTC) + _CLOCKS_DIFFER:
            raise ValueError(
                "er fram i tid; ta det bort, og importer saken som kladd (draft: true)"
            )
        return at

    @model_validator(mode="after")
    def _is_told_to_nobody(self) -> Self:
        if self.publish_at:
            raise PydanticCustomError("field:publish_at", "kan ikke stå i det som importeres")
        if not self.draft and self.kind == "safety_alert":
            raise PydanticCustomError(
                "field:draft",
                "et varsel importeres alltid som kladd (draft: true): det som publiseres av import,"
                " blir ikke sendt til noen",
            )
        if not self.draft and self.published_at is None:
            raise PydanticCustomError(
                "field:published_at", "skriv når saken ble publisert, eller importer den som kladd"
            )
        return self


class Resubmission(Submission):
    """A new revision of an article."""

    change: Changed | None = None
    """Required once the article is published, and not before."""


@dataclass(frozen=True)
class Moved:
    """Where an article was on another site, and since when."""

    moved_from: tuple[OldPath, ...]
    slug: str | None
    published_at: datetime | None


@dataclass(frozen=True)
class Submitted:
    article: Article
    draft: bool
    publish_at: datetime | None
    change: Change | None
    pictures: tuple[str, ...]
    """Addresses of the pictures in the body; whether they were uploaded is not known yet."""
    moved: Moved | None = None
    """Where it comes from, if from another site."""
    warnings: tuple[Warning, ...] = ()
    """What was changed or doubted in the reading, and cannot be seen in the article afterwards."""


def read(
    content_type: str,
    raw: bytes,
    model: type[Submission] = Submission,
    *,
    earlier: str | None = None,
) -> Submitted:
    """The submission in `raw`, as `model` has its fields.

    Problem 415 if `content_type` is not JSON or Markdown in UTF-8, 400 if `raw` cannot be
    read, 422 with all that is wrong with its fields. A body that is just `earlier`, the one that is
    stored, is not judged again: no new rule may keep a live alert from being corrected.
    """
    parse = _parser(content_type)
    text = _decode(raw, parse)
    fields = parse(text)
    if not isinstance(fields, dict):
        raise malformed("Dokumentet må være et objekt med felt, som «title».")
    invisible = fields_with_invisible(fields)
    fields = without_invisible(fields) if invisible else fields
    above = None
    if isinstance(fields.get("body"), str):
        fields["body"], blank = _trimmed(fields["body"])
        if parse is _read_markdown:
            above = front_matter.lines_above(text) + blank
    submitted = _validate(fields, model, above, earlier)
    return replace(
        submitted, warnings=(*submitted.warnings, *map(_went, sorted(invisible.items())))
    )


def _went(found: tuple[str, int]) -> Warning:
    field, count = found
    what = "et usynlig tegn" if count == 1 else f"{count} usynlige tegn"
    return Warning(field, f"{what} (myk bindestrek eller mellomrom uten bredde) er fjernet")


def _days(alert: Alert) -> Iterator[tuple[str, date | None]]:
    """Each day of an alert, by its path."""
    yield from (("valid_from", alert.valid_from), ("review_by", alert.review_by))
    for number, medicine in enumerate(alert.medicines):
        for place, atc in enumerate(medicine.atc):
            path = f"medicines.{number}.atc.{place}"
            yield from ((f"{path}.valid_from", atc.valid_from), (f"{path}.valid_to", atc.valid_to))


def _likely(day: date) -> bool:
    return 1900 <= day.year <= 2200


def _parser(content_type: str) -> Callable[[str], Any]:
    header = Message()
    header["Content-Type"] = content_type
    parsers = {JSON: strict_json.read, MARKDOWN: _read_markdown}
    charset = header.get_param("charset", "utf-8")
    if header.get_content_type() not in parsers or str(charset).lower() not in ("utf-8", "utf8"):
        raise Problem(
            415,
            "unsupported-media-type",
            "Innholdstypen støttes ikke",
            f"Send {JSON} eller {MARKDOWN}, i UTF-8.",
            errors=[FieldError("Content-Type", f"må være {JSON} eller {MARKDOWN}, i UTF-8")],
            headers={"Accept": f"{JSON}, {MARKDOWN}"},
        )
    return parsers[header.get_content_type()]


def _decode(raw: bytes, parse: Callable[[str], Any]) -> str:
    kind = what_it_is(raw)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"byte nummer {error.start + 1} er ikke UTF-8; lagre dokumentet som UTF-8"
        message = f"filen er {kind}" if kind else message
    else:
        if kind is None:
            return text
        message = f"filen er {kind}"
    if name := _unreadable_field(raw, parse):
        raise malformed("", FieldError(name, message))
    raise malformed(f"Dokumentet kan ikke leses: {message}.")


def _unreadable_field(raw: bytes, parse: Callable[[str], Any]) -> str:
    """The field with the bytes that are no UTF-8, as far as the rest can be read."""
    try:
        return field_with(_UNREADABLE, parse(raw.decode("utf-8", "replace"))) or ""
    except Problem:
        return ""


def _read_markdown(text: str) -> dict[str, Any]:
    fields, text = front_matter.read(text)
    if "body" in fields:
        raise invalid(FieldError("body", "teksten hører under front matter; fjern feltet der"))
    return fields | {"body": text}


def _trimmed(text: str) -> tuple[str, int]:
    """Without blank lines around, and how many stood above: a file has some that nobody would write
    in JSON."""
    text = text.replace("\r\n", "\n")
    trimmed = _BLANK_LINES.sub("", text)
    return trimmed.rstrip(), text.count("\n") - trimmed.count("\n")


def _moved(submission: Submission) -> Moved | None:
    if not isinstance(submission, MovedSubmission):
        return None
    return Moved(submission.moved_from, submission.slug, submission.published_at)


def _validate(
    fields: dict[str, Any], model: type[Submission], above: int | None, earlier: str | None
) -> Submitted:
    text = fields.get("body")
    # A body that the model refuses for its length is not worth parsing.
    found = body.read(text) if isinstance(text, str) and len(text) <= LONGEST_BODY else body.NOTHING
    untouched = earlier is not None and nfc(text) == without_invisible(earlier)
    refused = () if untouched else body.refusals(found, above)
    new = earlier is None
    try:
        submission = model.model_validate(fields)
    except ValidationError as error:
        raise invalid(*field_errors(error, model), *refused) from None
    refused = (*refused, *times.refusals(submission.alert, submission.publish_at, new=new))
    if refused:
        raise invalid(*refused)
    article = Article.model_construct(
        **{name: getattr(submission, name) for name in Article.model_fields}
    )
    changed = submission.change if isinstance(submission, Resubmission) else None
    return Submitted(
        article,
        submission.draft,
        submission.publish_at,
        Change(kind=changed.kind, note=changed.note) if changed else None,
        found.pictures,
        _moved(submission),
        times.in_norwegian_time(submission.publish_at),
    )
