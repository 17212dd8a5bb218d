"""A revision: one numbered, immutable state of an article, and what is known about it."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, model_validator

from shared.article import Article, ArticleId, Picture, page_path
from shared.content_hash import ContentHash, content_hash
from shared.fields import Model, Paragraph
from shared.old_address import OldPath
from shared.subject import SubjectId
from shared.text import Line

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
PersonId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
"""Of a person of the staff. It is theirs for good, whatever they are called."""


class Change(Model):
    """What a revision of a published article means for readers of an earlier one."""

    kind: Literal["edit", "correction", "withdrawal"]
    """An `edit` mails nobody. A `correction` and a `withdrawal` go to everyone whom the alert has
    reached."""
    note: Paragraph | None = None
    """What changed, or why it is withdrawn: the first thing that members read. Required unless
    it is an edit."""


class Author(Model):
    """A person who has written on it."""

    person: PersonId
    name: Line
    """For people to read."""

    @model_validator(mode="before")
    @classmethod
    def _of_a_name(cls, given: Any) -> Any:
        """What was stored before persons had ids is a name alone."""
        return {"person": carried_id(given), "name": given} if isinstance(given, str) else given


class Approval(Model):
    person: PersonId
    """Who approved. They count once, whatever they are called."""
    by: Line
    """Their name, for people to read."""
    at: AwareDatetime
    sha256: ContentHash
    """Of the content that was approved."""

    @model_validator(mode="before")
    @classmethod
    def _of_a_name(cls, given: Any) -> Any:
        """What was stored before persons had ids has a name alone."""
        if isinstance(given, dict) and "person" not in given and isinstance(given.get("by"), str):
            return {"person": carried_id(given["by"])} | given
        return given


def counted(
    approvals: Iterable[Approval], sha256: str, void: Collection[str] = ()
) -> frozenset[str]:
    """The ids of those whose approvals of the content with this hash count, each once: of nobody
    whose id is in `void`. Pure."""
    return frozenset(one.person for one in approvals if one.sha256 == sha256) - frozenset(void)


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
    sha256: ContentHash
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
    authors: tuple[Author, ...] = ()
    """All people who have written on it. Not for readers."""
    approvals: tuple[Approval, ...] = ()
    moved_from: tuple[OldPath, ...] = ()
    """Paths on a site that it was moved from, which lead to its page now."""
    imported: bool = False
    """Published by moving it from another site, with its old date: nobody is told of it."""
    subjects: Annotated[tuple[SubjectId, ...], Field(min_length=1)] | None = None
    """The ids of the subjects that its alert is about: it goes to members who chose one of them.
    None if it goes to all members."""

    @property
    def path(self) -> str:
        """The page's path in the site."""
        return page_path(self.article.kind, self.slug)

    @property
    def at(self) -> AwareDatetime:
        """When this revision was published."""
        return self.revised_at or self.published_at

    def is_approved(self, wanted: int, void: frozenset[str] = frozenset()) -> bool:
        """Whether `wanted` people or more, none of them an author, approved just this content, also
        by another release. The approvals of those with an id in `void` do not count."""
        if wanted <= 0:
            return True
        content = content_sha256(self.article, self.pictures, self.change, known=self.sha256)
        authors = {author.person for author in self.authors}
        approvers = counted(self.approvals, content, void) if content == self.sha256 else set()
        return len(approvers - authors) >= wanted


def folded_name(name: str) -> str:
    """A name as names are compared: two that differ only in case or spaces are one."""
    return " ".join(name.casefold().split())


def carried_id(name: str) -> PersonId:
    """The id of the person whom a name stood for before persons had ids."""
    return hashlib.sha256(folded_name(name).encode()).hexdigest()[:16]


def content_sha256(
    article: Article,
    pictures: Mapping[str, Picture],
    change: Change | None = None,
    *,
    known: str = "",
) -> ContentHash:
    """The hash of the content: equal for the same article posted as JSON and as Markdown; `known`,
    if that is a hash of it (shared/content_hash.py).

    What a revision says about its change is content too: members read it first, so an approval is
    of that as well.
    """
    return content_hash({"article": article, "pictures": pictures, "change": change}, known)
