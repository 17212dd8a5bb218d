"""Pure: what a test knows of articles from what people did, beside what Varsel says of them."""

from dataclasses import dataclass, field

from shared.article import Article
from shared.revision import Change, content_sha256, folded_name

Who = tuple[str, str]
"""Name and role of a key."""


@dataclass(frozen=True)
class Content:
    article: Article
    change: Change | None

    @property
    def title(self) -> str:
        return self.article.title

    @property
    def sha256(self) -> str:
        return content_sha256(self.article, {}, self.change)

    @property
    def is_mailed(self) -> bool:
        return self.change is None or self.change.kind != "edit"


@dataclass
class Known:
    """Of one article."""

    id: str
    saved: dict[int, Content] = field(default_factory=dict)
    """What each revision holds."""
    authors: set[str] = field(default_factory=set)
    """People who have written on it."""
    approved: dict[int, set[str]] = field(default_factory=dict)
    """People who have said of a revision, having seen it, that they approve it."""
    withdrawn_by: set[Who] = field(default_factory=set)
    published: list[int] = field(default_factory=list)
    """Revisions that ingest says it has published, as they were seen."""
    audience: set[str] | None = None
    """Who was a member when its first delivery began."""
    typists: set[Who] = field(default_factory=set)
    """People who have typed in what is being written, and is no revision yet."""
    cancelled: set[int] = field(default_factory=set)
    """Revisions whose delivery somebody has ended before everybody had it."""

    def saves(self, revision: int, content: Content, *who: Who) -> None:
        """A new revision by these people; approvals of the one before are for nothing."""
        if revision not in self.saved:
            self.saved[revision] = content
            self.authors |= {folded_name(one[0]) for one in who}

    def approves(self, revision: int, who: Who) -> None:
        if who[1] == "approver":
            self.approved.setdefault(revision, set()).add(folded_name(who[0]))

    def is_draft_again(self, revision: int) -> None:
        self.approved.pop(revision, None)

    def may_be_published(self, revision: int, wanted: int) -> bool:
        content = self.saved.get(revision)
        if content is None:
            return False
        if self.withdraws(revision):
            return any(role == "approver" for _, role in self.withdrawn_by)
        return len(self.approved.get(revision, set()) - self.authors) >= wanted

    @property
    def is_withdrawn(self) -> bool:
        return bool(self.published) and self.withdraws(self.published[-1])

    @property
    def owed(self) -> int:
        """The oldest revision that may be the last one that a member got; 0 if none has to be."""
        mailed = {revision for revision in self.published if self.saved[revision].is_mailed}
        return max(mailed - self.cancelled, default=0)

    def published_with(self, title: str) -> list[int]:
        """The published revisions with this text, oldest first."""
        return [
            revision
            for revision in self.published
            if self.saved[revision].title == title and not self.withdraws(revision)
        ]

    def withdraws(self, revision: int) -> bool:
        change = self.saved[revision].change
        return bool(change and change.kind == "withdrawal")
