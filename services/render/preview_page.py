"""A revision that waits for approval becomes a page that is not published, to be looked at."""

from datetime import UTC, datetime

from services.render.previews import emitted_field, preview_key
from services.render.store import Store
from services.render.write_site import SiteWriter
from shared import log
from shared.bus import Effects, Entry, Handler
from shared.events import ArticleSubmitted, PagePreviewed, Preview

_log = log.get("render")


def preview_page(store: Store, writer: SiteWriter) -> Handler:
    """The handler of article.submitted. One that has ended already leaves neither page nor event.

    The token is in no log: whoever knows it may look.
    """

    async def handle(entry: Entry) -> None:
        event = entry.event
        if not isinstance(event, ArticleSubmitted):
            raise TypeError(f"{event.type} is not submitted")
        preview = event.data
        article = preview.revision.id
        await store.previews.keep(preview, event.time)
        await writer.write_previews(article)
        if await store.preview(article, writer.today()) != preview:
            _log.info("page_older", article=article, revision=preview.revision.revision)
            return
        key, field = preview_key(article), emitted_field(preview.token)
        await entry.commit(
            Effects(
                newer_than=(key, field, 1),
                ops=[("HSET", key, field, 1)],
                events=[("pages", _previewed(event, preview))],
            )
        )
        _log.info("page_previewed", article=article, revision=preview.revision.revision)

    return handle


def _previewed(event: ArticleSubmitted, preview: Preview) -> PagePreviewed:
    """The same on a repeat, and another one if the same revision is submitted again."""
    about = f"{preview.revision.id}.{preview.revision.revision}"
    return PagePreviewed(
        id=f"{about}.page.previewed.{int(event.time.timestamp() * 1000)}",
        source="/varsel/render",
        subject=preview.revision.id,
        time=datetime.now(UTC),
        traceparent=event.traceparent,
        data=preview,
    )
