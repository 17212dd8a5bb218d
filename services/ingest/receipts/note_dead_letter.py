"""Notes for the receipt that an event about an article was given up."""

from services.ingest.receipts.store import dead_letter_seen
from shared.bus import Entry
from shared.bus.letter import DeadLetter


async def note_dead_letter(entry: Entry) -> None:
    letter = entry.event
    if not isinstance(letter, DeadLetter):
        raise TypeError("no dead letter")
    if letter.subject:
        await entry.commit(dead_letter_seen(letter.subject, entry.stream, entry.id))
