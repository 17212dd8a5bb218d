"""Flow: events of `control` about people of the staff."""

from services.notify.letters.store import Letters
from services.notify.staff.store import Staff, StaffEvents
from services.notify.staff.tell_staff import TellStaff
from shared.bus import Bus, Entry
from shared.events import PeopleToBeTold, PersonGone, StaffAddressWanted
from shared.settings import Settings


class StaffControl:
    """Handles `people.to_be_told`, `staff.address_wanted` and `person.gone`."""

    def __init__(self, bus: Bus, staff: Staff, letters: Letters, settings: Settings) -> None:
        self._events = StaffEvents(bus)
        self._tell = TellStaff(bus, staff, letters, settings)

    async def __call__(self, entry: Entry) -> None:
        """Handle the event and acknowledge its entry. TypeError if it is none of these; redis-py's
        errors."""
        event = entry.event
        if isinstance(event, PeopleToBeTold):
            await self._tell(entry, event)
        elif isinstance(event, StaffAddressWanted):
            await self._events.keep_link(entry, event.data)
        elif isinstance(event, PersonGone):
            await self._events.forget(entry, event.data.person)
        else:
            raise TypeError("no event about staff")
