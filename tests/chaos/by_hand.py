"""A change of an alert as an event that no editor's call stands before."""

from datetime import UTC, datetime

from redis.asyncio import Redis

from shared.events import ArticleRevised, ArticleWithdrawn, from_fields, to_fields
from shared.revision import Change, Past, Revision, content_sha256
from shared.trace import new_traceparent
from tests.chaos.editor import Round
from tests.chaos.sink import Form


async def by_hand(redis: Redis, round_: Round, form: Form) -> None:
    """Write the event that corrects or withdraws the alert."""
    events = [from_fields(fields) for _, fields in await redis.xrange("articles")]
    old = [event.data for event in events if event.subject == round_.article][-1]
    texts = round_.texts + (form == "correction")
    title = f"round-{round_.number}" + (f"-v{texts}" if texts > 1 else "")
    article = old.article.model_copy(update={"title": title})
    change = Change(kind=form, note="Her var det en feil.")
    new = Revision(
        id=old.id,
        revision=old.revision + 2,
        slug=old.slug,
        sha256=content_sha256(article, {}, change),
        published_at=old.published_at,
        revised_at=datetime.now(UTC),
        article=article,
        change=change,
        history=(*old.history, Past(revision=old.revision, at=old.at, change=old.change)),
    )
    kind = ArticleRevised if form == "correction" else ArticleWithdrawn
    await redis.xadd("articles", to_fields(kind.about(new, traceparent=new_traceparent())))
    round_.add(form, new.revision)
