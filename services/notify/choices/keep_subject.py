"""Flow: a subject has changed, or was removed."""

from services.notify.choices.store import Choices
from services.notify.choices.subjects import kept
from shared.bus import Entry
from shared.events import SubjectChanged, SubjectRemoved


async def keep_subject(choices: Choices, entry: Entry) -> None:
    """Handle an event of `reference`. An older one than what is kept changes nothing. A new subject
    is wanted by everybody: members who chose before it was there could not pick it."""
    if not isinstance(entry.event, SubjectChanged | SubjectRemoved):
        raise TypeError("no event of reference")
    is_there = isinstance(entry.event, SubjectChanged)
    made = choices.wanted_by_all(entry.event.data.subject.id) if is_there else ()
    await entry.commit(kept(entry.event, *made))
