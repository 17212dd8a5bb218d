"""A revision: one numbered, immutable state of an article, and what is known about it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from shared.article import Article, ArticleId, Picture
from shared.fields import Model, Paragraph
from shared.subject import SubjectId
from shared.text import Line

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Change(Model):
    """What a revision of a published article means for readers of an earlier one."""

    kind: Literal["edit", "correction", "withdrawal"]
    """An `edit` mails nobody. A `correction` and a `withdrawal` go to everyone whom the alert has
    reached."""
    note: Paragraph | None = None
    """What changed, or why it is withdrawn: the first thing that members read. Required unless
    it is an edit."""


class Approval(Model):
    by: Line
    """The person, as their key names them."""
    at: AwareDatetime
    sha256: Sha256
    """Of the content that was approved."""


class Past(Model):
    """An earlier published revision."""

    revision: Annotated[int, Field(ge=1)]
    at: AwareDatetime
    """When it was published."""
    change: Change | None = None


class Revision(Model):
    """One numbered, immutable state of an article, with all that a consumer needs."""

    id: ArticleId
    revision: Annotated[int, Field(ge=1)]
    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
    sha256: Sha256
    """See `content_sha256`."""
    published_at: AwareDatetime
    """When the article's first revision was published."""
    revised_at: AwareDatetime | None = None
    """When this revision was published; none for the first."""
    article: Article
    pictures: dict[str, Picture] = Field(default_factory=dict)
    """From the address that the body uses to the picture."""
    change: Change | None = None
    """None for the first one that is published."""
    history: tuple[Past, ...] = ()
    """The published revisions before this one, oldest first."""
    authors: tuple[Line, ...] = ()
    """All people who have written on it, as their keys name them. Not for readers."""
    approvals: tuple[Approval, ...] = ()
    subjects: Annotated[tuple[SubjectId, ...], Field(min_length=1)] | None = None
    """The ids of the subjects that its alert is about: it goes to members who chose one of them.
    None if it goes to all members."""

    @property
    def path(self) -> str:
        """The page's path in the site."""
        return f"/nyheter/{self.slug}/"

    @property
    def at(self) -> AwareDatetime:
        """When this revision was published."""
        return self.revised_at or self.published_at

    def is_approved(self, wanted: int) -> bool:
        """Whether `wanted` people or more, none of them an author, approved just this content."""
        content = content_sha256(self.article, self.pictures, self.change)
        authors = {person(name) for name in self.authors}
        approvers = {person(a.by) for a in self.approvals if a.sha256 == content == self.sha256}
        return len(approvers - authors) >= wanted


def person(name: str) -> str:
    """The person that a key's name stands for: two keys whose names differ only in case or spaces
    are one person's."""
    return " ".join(name.casefold().split())


def content_sha256(
    article: Article, pictures: Mapping[str, Picture], change: Change | None = None
) -> str:
    """SHA-256 (hex) of the content: equal for the same article posted as JSON and as Markdown.

    What a revision says about its change is content too: members read it first, so an approval is
    of that as well.
    """
    content = {
        "article": article.model_dump(mode="json"),
        "pictures": {name: picture.model_dump() for name, picture in pictures.items()},
        "change": change and change.model_dump(),
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
