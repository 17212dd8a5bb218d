"""What is stored of an article: where it is in its life, and each of its revisions."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from shared.alert import Mode
from shared.article import Article, ArticleId, Kind, Picture, page_path
from shared.content_hash import ContentHash
from shared.fields import Model, Paragraph
from shared.old_address import OldPath
from shared.revision import Approval, Author, Change, Past, counted
from shared.subjects.match import Matched
from shared.text import Line

ArticleState = Literal["draft", "in_review", "approved", "published", "withdrawn"]
"""Of an article's newest revision. One that is `approved` waits for its time."""
RETURNS_KEPT = 20
"""So that an article does not grow with each; the audit trail has all of them."""
Step = Literal["save", "submit", "approve", "reject", "stop", "publish", "withdraw"]


class Last(Model):
    """The last step that was taken."""

    step: Step
    by: Line
    at: AwareDatetime
    note: Paragraph | None = None
    """Why, if whoever took it had to say so."""


class Returned(Model):
    """A revision became a draft again: it was rejected or stopped."""

    revision: Annotated[int, Field(ge=1)]
    step: Literal["reject", "stop"]
    by: Line
    at: AwareDatetime
    note: Paragraph | None = None
    """Why; whoever rejects must say so."""


class Life(Model):
    """Where an article is in its life: its newest revision, and what is published of it."""

    id: ArticleId
    version: Annotated[int, Field(ge=0)] = 0
    """Grows with each step; 0 before anything is stored."""
    revision: Annotated[int, Field(ge=1)] = 1
    """The newest one's number. Each save makes a new one."""
    skipped: Annotated[int, Field(ge=0)] = 0
    """No new revision gets a number up to this one: readers may have one that is lost."""
    state: ArticleState = "draft"
    kind: Kind
    mode: Mode | None = None
    """None for news."""
    title: str
    slug: str
    """The page's: fixed once something is published. Before that, the one it would get now."""
    sha256: ContentHash
    """Of the newest revision's content."""
    change: Change | None = None
    created_at: AwareDatetime
    authors: tuple[Author, ...] = ()
    """Everybody who has ever written on it. None of them counts as an approver."""
    approvals: tuple[Approval, ...] = ()
    """Of the newest revision."""
    last_approved: Annotated[int, Field(ge=1)] | None = None
    """The newest revision that somebody has approved, whatever became of it since. None if there is
    none, or it was before this was kept."""
    publish_at: AwareDatetime | None = None
    """When the editor wants it published, if not at once."""
    due: AwareDatetime | None = None
    """When it will be published, if it waits for that."""
    token: str | None = None
    """Of the newest revision's preview."""
    matched: Matched | None = None
    """Whom the newest revision's alert is about, as it was when it was last saved or submitted.
    None for news."""
    history: tuple[Past, ...] = ()
    """All published revisions, oldest first; the last one is what readers see."""
    moved_from: tuple[OldPath, ...] = ()
    """Where it was on a site that it was moved from; the first is what it is known by."""
    returns: tuple[Returned, ...] = ()
    """What was rejected and stopped, the newest RETURNS_KEPT, oldest first."""
    last: Last

    @property
    def next_revision(self) -> int:
        """The number that the next revision gets."""
        return max(self.revision, self.skipped) + 1

    @property
    def live(self) -> int | None:
        """The revision that readers see. None before the first is published, and once the article
        is withdrawn."""
        return self.history[-1].revision if self.history and self.state != "withdrawn" else None

    @property
    def published_at(self) -> datetime | None:
        """When the first revision was published; None if none was."""
        return self.history[0].at if self.history else None

    @property
    def approvers(self) -> frozenset[str]:
        """The ids of those who have approved the newest revision's content; no author is among
        them."""
        return counted(self.approvals, self.sha256) - self.author_ids

    @property
    def author_ids(self) -> set[str]:
        """The ids of everybody who has ever written on it."""
        return {author.person for author in self.authors}

    @property
    def wrote_or_approved(self) -> tuple[str, ...]:
        """The ids of everybody who has written on it, and of those who approved the newest
        revision; one may be in it twice."""
        return (*(one.person for one in self.authors), *(one.person for one in self.approvals))

    @property
    def time(self) -> datetime | None:
        """When it is to be published, if it waits for that, or for approval before it."""
        return {"approved": self.due, "in_review": self.publish_at}.get(self.state)

    def returned(self, revision: int) -> Returned | None:
        """How that revision last became a draft again; None if it never did, or it is forgotten."""
        of_it = [one for one in self.returns if one.revision == revision]
        return of_it[-1] if of_it else None

    @property
    def etag(self) -> str:
        """An entity tag (RFC 9110, section 8.8.3) of the newest revision. It names the content, so
        that approvers say what they have seen, whatever else has happened meanwhile."""
        return f'"{self.revision}-{self.sha256[:16]}"'

    @property
    def path(self) -> str:
        """The path of the page, as `Revision.path` has it."""
        return page_path(self.kind, self.slug)


class StoredRevision(Model):
    """One revision as it was saved. It never changes."""

    revision: Annotated[int, Field(ge=1)]
    sha256: ContentHash
    article: Article
    pictures: dict[str, Picture]
    change: Change | None
    by: Line
    at: AwareDatetime
