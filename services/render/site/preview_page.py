"""What is not published becomes a page that only they see who know its address: a revision that
waits for approval, and a sketch of what is being written."""

from datetime import UTC, datetime

from services.render.articles.previews import ENTRY, emitted_field
from services.render.articles.store import Store
from services.render.site.write_site import SiteWriter
from shared import log
from shared.bus import Effects, Entry, Handler
from shared.child.children import ChildDied, GaveUp
from shared.events import ArticleSketched, ArticleSubmitted, PagePreviewed, PageSketched

_log = log.get("render")


def preview_page(store: Store, writer: SiteWriter) -> Handler:
    """The handler of article.submitted and article.sketched. One that has ended already leaves
    neither page nor event.

    The token is in no log: whoever knows it may look.
    """

    async def handle(entry: Entry) -> None:
        event = entry.event
        if not isinstance(event, ArticleSubmitted | ArticleSketched):
            raise TypeError(f"{event.type} is neither submitted nor sketched")
        is_sketch = isinstance(event, ArticleSketched)
        kept, find = (
            (store.sketches, store.sketch) if is_sketch else (store.previews, store.preview)
        )
        preview = event.data
        article = preview.revision.id
        await kept.keep(preview, event.time)
        try:
            await writer.write_previews(article)
        except (GaveUp, ChildDied):
            if not is_sketch:
                raise
            # Nobody waits for it but the person who is writing on, and the next one may do.
            _log.warning("sketch_not_made", article=article)
            return
        if await find(article, writer.today()) != preview:
            _log.info("page_older", article=article, revision=preview.revision.revision)
            return
        key, field = kept.key(article), emitted_field(preview.token)
        await entry.commit(
            Effects(
                newer_than=(key, field, 1),
                ops=[("HSET", key, field, 1)],
                events=[("pages", _made(event))],
                supersedes=(key, ENTRY) if is_sketch else None,
            )
        )
        if is_sketch:
            _log.info("page_sketched", article=article, revision=preview.revision.revision)
        else:
            _log.info("page_previewed", article=article, revision=preview.revision.revision)

    return handle


def _made(event: ArticleSubmitted | ArticleSketched) -> PagePreviewed | PageSketched:
    """The same on a repeat, and another one if the same revision is submitted or sketched again."""
    model = PageSketched if isinstance(event, ArticleSketched) else PagePreviewed
    kind = model.model_fields["type"].default
    about = f"{event.data.revision.id}.{event.data.revision.revision}"
    return model(
        id=f"{about}.{kind}.{int(event.time.timestamp() * 1000)}",
        source="/varsel/render",
        subject=event.data.revision.id,
        time=datetime.now(UTC),
        traceparent=event.traceparent,
        data=event.data,
    )
