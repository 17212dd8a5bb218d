"""What the published revisions of an article mean for its readers."""

from shared.revision import Past, Revision


def is_withdrawn(revision: Revision) -> bool:
    """Whether the article is withdrawn, which is final."""
    return revision.change is not None and revision.change.kind == "withdrawal"


def is_gone(revision: Revision) -> bool:
    """Whether nothing is left to read. A withdrawn alert stays: somebody may have acted on it."""
    return is_withdrawn(revision) and revision.article.kind != "safety_alert"


def published(revision: Revision) -> tuple[Past, ...]:
    """All published revisions up to this one, oldest first."""
    this = Past(revision=revision.revision, at=revision.at, change=revision.change)
    return (*revision.history, this)


def newest_change(revision: Revision) -> Past | None:
    """The newest correction, or the withdrawal. An edit after it does not take it back."""
    for past in reversed(published(revision)):
        if past.change and past.change.kind != "edit":
            return past
    return None
