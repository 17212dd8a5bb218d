"""What ingest tells beside published articles: what waits for approval, and sealed days."""

from datetime import UTC, date, datetime, timedelta

from shared.event_data import Preview, Seal
from shared.events import ArticleSketched, ArticleSubmitted, AuditSealed
from shared.revision import Revision
from shared.trace import new_traceparent

SUBMITTED_AT = datetime.now(UTC)
DAY = date(2026, 9, 1)
"""The first that is sealed."""


def submitted(of: Revision, token: str, after: int = 0) -> ArticleSubmitted:
    return ArticleSubmitted(
        id=f"{of.id}.{of.revision}.article.submitted",
        source="/varsel/ingest",
        subject=of.id,
        time=SUBMITTED_AT + timedelta(seconds=after),
        traceparent=new_traceparent(),
        data=Preview(revision=of, token=token * 32),
    )


def sketched(of: Revision, token: str, after: int = 0) -> ArticleSketched:
    return ArticleSketched(
        id=f"{of.id}.{of.revision}.article.sketched.{after}",
        source="/varsel/ingest",
        subject=of.id,
        time=SUBMITTED_AT + timedelta(seconds=after),
        traceparent=new_traceparent(),
        data=Preview(revision=of, token=token * 32),
    )


def seal(day: int, entries: int, letter: str = "a") -> Seal:
    return Seal(day=DAY + timedelta(days=day), entries=entries, root=letter * 64)


def sealed(of: Seal) -> AuditSealed:
    return AuditSealed(
        id=f"audit.{of.day}.{of.entries}",
        source="/varsel/ingest",
        subject="audit",
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=of,
    )
