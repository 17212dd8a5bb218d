"""Flow: staff asked something of a delivery. It is done at once, whatever the workers are at, and
what waited for it goes on, in whichever process of notify that is."""

from services.notify.journal.given_ids import GivenIds
from services.notify.ledger.control import Heeded, Heeder
from services.notify.ledger.delivery import heard_wish
from shared import log
from shared.bus import Bus, Entry
from shared.events import DeliveryWanted


class HeedWish:
    """Handles `delivery.wanted`."""

    def __init__(self, bus: Bus, given: GivenIds) -> None:
        self._redis = bus.redis
        self._heeder = Heeder(bus)
        self._given = given
        self._log = log.get("notify")

    async def __call__(self, entry: Entry) -> None:
        """Do what is asked, once; nothing if it makes no sense any more. redis-py's errors."""
        event = entry.event
        if not isinstance(event, DeliveryWanted):
            raise TypeError("no wish about a delivery")
        wish = event.data
        heard_before = self._given.wish_heard(wish.delivery)
        heeded = await self._heeder.heed(entry, wish, heard_before=heard_before)
        # Also if another worker settled it, or this one did and Redis died before it said so.
        await self._given.note_wish(wish.delivery, await heard_wish(self._redis, wish.delivery))
        if heeded is Heeded.GONE:
            return  # another worker settled it, and says so
        self._log.info(
            "delivery_wish", delivery=wish.delivery, wish=wish.command, outcome=heeded.value
        )
