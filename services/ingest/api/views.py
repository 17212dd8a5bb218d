"""What the API shows of articles and their revisions. Pure."""

from collections.abc import Iterable
from typing import Literal

from pydantic import AwareDatetime, BaseModel

from services.ingest.lifecycle.answer import Notice, notices
from services.ingest.lifecycle.life import ArticleState, Last, Life, Returned, Step, StoredRevision
from services.ingest.lifecycle.plan import StoredArticle
from services.ingest.lifecycle.steps import Rules, possible
from services.ingest.people.person import Person
from services.ingest.reading.text_check.findings import Warning
from shared.article import Article, Kind
from shared.revision import Approval, Change
from shared.subjects.match import Matched


class LiveRevision(BaseModel):
    """The revision that readers see."""

    revision: int
    published_at: AwareDatetime
    change: Change | None
    article: Article


class ShownArticle(BaseModel):
    """An article: its newest revision, and the one that readers see."""

    id: str
    kind: Kind
    revision: int
    status: ArticleState
    url: str
    etag: str
    steps: list[Step]
    """What this key's person can do now."""
    created_at: AwareDatetime
    published_at: AwareDatetime | None
    """When its first revision was published."""
    publish_at: AwareDatetime | None
    """When the newest revision will be published, if it waits for a time."""
    authors: list[str]
    approvals: list[Approval]
    """Of the newest revision."""
    approvals_wanted: int
    last: Last
    returned: Returned | None
    """Who rejected or stopped the newest revision, and why."""
    change: Change | None
    matched: Matched | None
    """The subjects that the newest revision's alert is about. None for news."""
    warnings: list[Notice]
    """Of live articles with the title or the medicines of its newest revision."""
    article: Article
    live: LiveRevision | None


class ListedArticle(BaseModel):
    """An article in a list."""

    id: str
    title: str
    kind: Kind
    revision: int
    status: ArticleState
    live_revision: int | None
    """The revision that readers see."""
    steps: list[Step]
    publish_at: AwareDatetime | None
    last: Last
    returned: Returned | None
    """Who rejected or stopped the newest revision, and why."""


class ArticleList(BaseModel):
    articles: list[ListedArticle]
    """Those with the latest step first, at most 100."""


class ShownRevision(BaseModel):
    """A revision. `status` is `revised` if a newer one was published instead of this one, and
    `draft` if it was saved and never published."""

    revision: int
    status: ArticleState | Literal["revised"]
    sha256: str
    change: Change | None
    """Why it was written. None for a first revision, and until something is published."""
    by: str
    at: AwareDatetime
    published_at: AwareDatetime | None
    returned: Returned | None
    """Who last rejected or stopped it, and why."""


class RevisionList(BaseModel):
    revisions: list[ShownRevision]
    """Newest first."""


class WholeRevision(ShownRevision):
    article: Article


def article(
    stored: StoredArticle, who: Person, rules: Rules, url: str, alike: Iterable[Warning]
) -> ShownArticle:
    """The article as `who` sees it. `url` is the address of its page, absolute; `alike` are the
    warnings of live articles that are like it."""
    life, live = stored.life, stored.live
    return ShownArticle(
        id=life.id,
        kind=life.kind,
        revision=life.revision,
        status=life.state,
        url=url,
        etag=life.etag,
        steps=list(possible(life, who, rules)),
        created_at=life.created_at,
        published_at=life.published_at,
        publish_at=life.due,
        authors=[author.name for author in life.authors],
        approvals=list(life.approvals),
        approvals_wanted=rules.wanted(life.kind, life.author_ids),
        last=life.last,
        returned=life.returned(life.revision),
        change=life.change,
        matched=life.matched,
        warnings=notices(alike),
        article=stored.head.article,
        live=live
        and LiveRevision(
            revision=live.revision,
            published_at=life.history[-1].at,
            change=live.change,
            article=live.article,
        ),
    )


def listed(life: Life, who: Person, rules: Rules) -> ListedArticle:
    """The article as `who` sees it in a list."""
    return ListedArticle(
        id=life.id,
        title=life.title,
        kind=life.kind,
        revision=life.revision,
        status=life.state,
        live_revision=life.live,
        steps=list(possible(life, who, rules)),
        publish_at=life.due,
        last=life.last,
        returned=life.returned(life.revision),
    )


def revision(life: Life, stored: StoredRevision) -> ShownRevision:
    """A revision without its content, as what has become of it shows in the article's `life`."""
    published = {past.revision: past.at for past in life.history}
    status: ArticleState | Literal["revised"] = "draft"
    if stored.revision == life.revision:
        status = life.state
    elif stored.revision == life.live:
        status = "published"
    elif stored.revision in published:
        status = "revised"
    return ShownRevision(
        revision=stored.revision,
        status=status,
        sha256=stored.sha256,
        change=stored.change,
        by=stored.by,
        at=stored.at,
        published_at=published.get(stored.revision),
        returned=life.returned(stored.revision),
    )


def whole(life: Life, stored: StoredRevision) -> WholeRevision:
    """A revision with its content."""
    return WholeRevision(**revision(life, stored).model_dump(), article=stored.article)
