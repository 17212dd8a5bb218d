"""Notes what the events of `pages` say.

The receipt gets that a page is live or withdrawn, a preview where its approvers can look at the
page, and a sketch where whoever writes can. Once a page is live, its pictures are to have their
other files.
"""

from services.ingest.pictures.store import ask_no_more, ask_of
from services.ingest.receipts.previews import page_previewed
from services.ingest.receipts.store import page_seen
from services.ingest.sketches.store import page_sketched
from shared.bus import Entry
from shared.events import PagePreviewed, PagePublished, PageSketched, PageWithdrawn


async def note_page(entry: Entry) -> None:
    """Handle an entry of `pages`."""
    event = entry.event
    if isinstance(event, PagePreviewed):
        await entry.commit(page_previewed(event.data))
    elif isinstance(event, PageSketched):
        await entry.commit(page_sketched(event.data))
    elif isinstance(event, PagePublished | PageWithdrawn):
        live = isinstance(event, PagePublished)
        asked = ask_of(event.data) if live else ask_no_more(event.data.id)
        await entry.commit(page_seen(event.data.id, event.data.revision, *asked, live=live))
