"""An article's event becomes its page, the lists around it, and an event that the page is there."""

from datetime import UTC, datetime

from prometheus_client import Histogram

from services.render.articles.change_log import ChangeLog
from services.render.articles.store import Kept, Store, article_key
from services.render.site.precedence import Precedence
from services.render.site.write_behind import WriteBehind
from services.render.site.write_site import SiteWriter
from shared import log
from shared.bus import Effects, Entry, Handler, Result, tasks
from shared.events import (
    ArticlePublished,
    ArticleRevised,
    ArticleWithdrawn,
    PagePublished,
    PageWithdrawn,
)
from shared.for_followers import heard_by
from shared.revision import Revision

_log = log.get("render")
_ACCEPTED_TO_PAGE = Histogram(
    "varsel_accepted_to_page_seconds",
    "From a revision's event to its page on disk, once per revision; withdrawals do not count",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600),
)


def render_page(
    store: Store, writer: SiteWriter, behind: WriteBehind, precedence: Precedence
) -> Handler:
    """The handler of published and withdrawn articles. What is not the page itself, nor what
    followers fetch once they hear of it, is left to `behind`, after the page was told of.

    Repeats and old revisions do no harm: state first, then files made from the newest state, and
    only then the event of the page with the acknowledgement.
    """

    async def handle(entry: Entry) -> None:
        with precedence.first():
            await publish(entry)

    async def keep(revision: Revision) -> Kept:
        kept = await store.keep(revision)
        # The page leads to its CAP message, which is there before it and is synced beside it.
        await writer.show_cap(revision)
        return kept

    async def publish(entry: Entry) -> None:
        event = entry.event
        if not isinstance(event, ArticlePublished | ArticleRevised | ArticleWithdrawn):
            raise TypeError(f"{event.type} does not belong on {entry.stream}")
        revision = event.data
        withdrawn = isinstance(event, ArticleWithdrawn)
        # The body is most of the work, and needs nothing of what Redis keeps meanwhile.
        sizes = await store.sizes.of(one.name for one in revision.pictures.values())
        body, keeping = await tasks.together(writer.body_of(revision, sizes), keep(revision))
        kept = keeping.result()
        if kept.outcome == "older":
            await writer.settle_cap(revision)
            _log.info("page_older", article=revision.id, revision=revision.revision)
            return
        writing = writer.write_article(revision, body.result())
        for done in await tasks.together(writing, writer.settle_cap(revision)):
            done.result()
        if revision.article.alert:
            await writer.write_cap_index()
        await writer.write_around(kept.sequence)
        if heard_by(revision) == "exercises":
            await writer.write_exercises()
        await writer.write_previews(revision.id)
        about = PageWithdrawn.about if withdrawn else PagePublished.about
        page: PagePublished | PageWithdrawn = about(revision, traceparent=event.traceparent)
        key = article_key(revision.id)
        result = await entry.commit(
            Effects(
                newer_than=(key, "emitted", revision.revision),
                ops=[("HSET", key, "emitted", revision.revision), *ChangeLog.writes(page)],
                events=[("pages", page)],
            )
        )
        behind.wake()
        if result is Result.DONE and not withdrawn:
            taken = datetime.now(UTC) - event.time
            _ACCEPTED_TO_PAGE.observe(max(taken.total_seconds(), 0.0))
        _log.info("page_rendered", article=revision.id, revision=revision.revision)

    return handle
