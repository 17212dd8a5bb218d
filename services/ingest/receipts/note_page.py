"""Notes what the events of `pages` say.

The receipt gets that a page is live or withdrawn, a preview where its approvers can look at the
page.
"""

from services.ingest.receipts.previews import page_previewed
from services.ingest.receipts.store import page_seen
from shared.bus import Entry
from shared.events import PagePreviewed, PagePublished, PageWithdrawn


async def note_page(entry: Entry) -> None:
    """Handle an entry of `pages`."""
    event = entry.event
    if isinstance(event, PagePreviewed):
        await entry.commit(page_previewed(event.data))
    elif isinstance(event, PagePublished | PageWithdrawn):
        live = isinstance(event, PagePublished)
        await entry.commit(page_seen(event.data.id, event.data.revision, live=live))
