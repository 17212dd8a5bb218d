"""Notes for the receipt how far a delivery is. Posts to followers share the stream and pass by."""

from services.ingest.receipts import status_seen
from shared.bus import Entry
from shared.events import DeliveryStatus


async def note_delivery(entry: Entry) -> None:
    if isinstance(entry.event.data, DeliveryStatus):
        await entry.commit(status_seen(entry.event.data))
