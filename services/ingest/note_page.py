"""Notes for the receipt that a page is live, or withdrawn."""

from services.ingest.receipts import page_seen
from shared.bus import Entry
from shared.events import PagePublished, PageWithdrawn


async def note_page(entry: Entry) -> None:
    event = entry.event
    if isinstance(event, PagePublished | PageWithdrawn):
        live = isinstance(event, PagePublished)
        await entry.commit(page_seen(event.data.id, event.data.revision, live=live))
