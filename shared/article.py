"""What an editor posts: the article, and the alert inside a safety-alert article.

The models are the contract of `POST /api/articles` and travel whole inside events, so all three
services read the same ones. Messages to editors are in Norwegian and name the field.
"""

import hashlib
import json
import re
from datetime import date
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    model_validator,
)
from pydantic_core import PydanticCustomError

from shared.text import Line, many_lines, nfc, one_line

Kind = Literal["news", "safety_alert"]
Lang = Literal["nb", "nn"]
ArticleId = Annotated[str, Field(pattern=r"^[0-9a-z]{8,32}$")]


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


class Source(Model):
    publisher: Line
    url: Url
    published_on: Day


class Medicine(Model):
    substance: Line
    brands: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]
    additional_monitoring: StrictBool = False
    """Under additional monitoring in the EU: shown with a black triangle before the name."""


class StopAdvice(Model):
    """Whether to go on with the medicine. Required, and without a default: silence is dangerous."""

    code: Literal["do_not_stop", "stop_now", "contact_before_next_dose", "not_applicable"]
    text: Paragraph


class Report(Model):
    """Where to report a side effect."""

    patient: Url
    health_personnel: Url


class Alert(Model):
    severity: Literal["extreme", "severe", "moderate", "minor"]
    """CAP 1.2 words."""
    medicines: Annotated[tuple[Medicine, ...], Field(min_length=1, max_length=50)]
    what_happened: Paragraph
    who_is_affected: Paragraph
    what_to_do: Annotated[tuple[Line, ...], Field(min_length=1, max_length=10)]
    stop_advice: StopAdvice
    seek_help_if: Annotated[tuple[Line, ...], Field(min_length=1, max_length=10)]
    report: Report


class Article(Model):
    """One article as an editor writes it."""

    title: Title
    lead: Paragraph
    kind: Kind
    lang: Lang
    byline: Line
    published_on: Day
    kicker: Line | None = None
    topics: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    sources: Annotated[tuple[Source, ...], Field(max_length=20)] = ()
    alert: Alert | None = None
    body: Body

    @model_validator(mode="after")
    def _an_alert_is_whole(self) -> Self:
        """A safety alert needs all that a reader must be able to check; news has no alert."""
        if self.kind == "news" and self.alert is not None:
            raise PydanticCustomError(
                "field:alert", "en sak av typen «news» kan ikke ha «alert»; bruk safety_alert"
            )
        if self.kind == "safety_alert":
            for name in ("alert", "kicker", "topics", "sources"):
                if not getattr(self, name):
                    raise PydanticCustomError(
                        f"field:{name}",
                        "en sak av typen «safety_alert» må ha dette feltet",
                    )
        return self


class Picture(Model):
    """An uploaded picture: `name` is its file under `/assets/`, sizes are in pixels."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,80}\.(jpg|png|webp)$")]
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]


class Revision(Model):
    """One numbered, immutable state of an article, with all that a consumer needs."""

    id: ArticleId
    revision: Annotated[int, Field(ge=1)]
    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    published_at: AwareDatetime
    """When the article's first revision was published."""
    revised_at: AwareDatetime | None = None
    article: Article
    pictures: dict[str, Picture] = {}
    """From the address that the body uses to the picture."""

    @property
    def path(self) -> str:
        """The page's path in the site."""
        return f"/nyheter/{self.slug}/"


def content_sha256(article: Article, pictures: dict[str, Picture]) -> str:
    """SHA-256 (hex) of the content: equal for the same article posted as JSON and as Markdown."""
    content = {
        "article": article.model_dump(mode="json"),
        "pictures": {name: picture.model_dump() for name, picture in pictures.items()},
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
