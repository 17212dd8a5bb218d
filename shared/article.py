"""What an editor posts: the article, whose alert is in shared/alert.py.

The models are the contract of `POST /api/articles` and travel whole inside events, so all three
services read the same ones. Messages to editors are in Norwegian and name the field.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from shared.alert import Alert
from shared.fields import Body, Day, Model, Paragraph, Title, Url
from shared.text import Line

Kind = Literal["news", "safety_alert", "info"]
"""`info` is a page that is no news, as «Om oss»: without date and byline, in no list or feed."""
Lang = Literal["nb", "nn", "en"]
"""Bokmål, nynorsk and English."""
ArticleId = Annotated[str, Field(pattern=r"^[0-9a-z]{8,32}$")]


class Source(Model):
    publisher: Line
    url: Url
    published_on: Day


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
    translation_of: ArticleId | None = None
    """The id of the article that says the same in another language, and was there first."""
    body: Body

    @model_validator(mode="after")
    def _an_alert_is_whole(self) -> Self:
        """A safety alert needs all that a reader must be able to check; no other has an alert."""
        if self.kind != "safety_alert" and self.alert is not None:
            raise PydanticCustomError(
                "field:alert",
                f"en sak av typen «{self.kind}» kan ikke ha «alert»; bruk safety_alert",
            )
        if self.kind == "safety_alert":
            for name in ("alert", "kicker", "topics", "sources"):
                if not getattr(self, name):
                    raise PydanticCustomError(
                        f"field:{name}",
                        "en sak av typen «safety_alert» må ha dette feltet",
                    )
        return self


def page_path(kind: Kind, slug: str) -> str:
    """The path of an article's page in the site."""
    return f"/om/{slug}/" if kind == "info" else f"/nyheter/{slug}/"


class Picture(Model):
    """An uploaded picture: `name` is its file under `/assets/`, sizes are in pixels."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,80}\.(jpg|png|webp)$")]
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
