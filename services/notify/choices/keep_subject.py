"""Flow: a subject has changed, or was removed."""

from services.notify.choices.subjects import kept
from shared.bus import Entry
from shared.events import SubjectChanged, SubjectRemoved


async def keep_subject(entry: Entry) -> None:
    """Handle an event of `reference`. An older one than what is kept changes nothing."""
    if not isinstance(entry.event, SubjectChanged | SubjectRemoved):
        raise TypeError("no event of reference")
    await entry.commit(kept(entry.event))
