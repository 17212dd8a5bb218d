"""Notes for the receipt how far a delivery is. Posts to followers share the stream and pass by."""

from services.ingest.receipts import status_seen
from shared.bus import Entry
from shared.events import DeliveryEvent


async def note_delivery(entry: Entry) -> None:
    event = entry.event
    if isinstance(event, DeliveryEvent):
        await entry.commit(status_seen(event.data))
