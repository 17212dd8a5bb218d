"""Notes for the receipt that an event about an article was given up."""

from services.ingest.receipts import dead_letter_seen
from shared.bus import Entry


async def note_dead_letter(entry: Entry) -> None:
    await entry.commit(dead_letter_seen(entry.event.subject, entry.stream, entry.id))
