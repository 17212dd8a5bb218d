"""Notes for the receipt that a service gave up on an event about an article; whoever tells staff
that its mail stands is to look."""

from datetime import UTC, datetime

from services.ingest.receipts.store import dead_letter_seen
from services.ingest.telling.store import look_at_mail
from shared.bus import Entry
from shared.bus.letter import DeadLetter


async def note_dead_letter(entry: Entry) -> None:
    """Handle an entry of a stream of dead letters. Raises TypeError if it is none."""
    letter = entry.event
    if not isinstance(letter, DeadLetter):
        raise TypeError("no dead letter")
    if letter.subject:
        look = look_at_mail(letter.subject, datetime.now(UTC), stands=True)
        await entry.commit(dead_letter_seen(letter.subject, entry.stream, entry.id, look))
