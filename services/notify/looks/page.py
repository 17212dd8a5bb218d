"""Pure: a page that is looked at, and when the next look is."""

from datetime import datetime, timedelta
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.notify.deliveries.live_page import WRONG, Reading, hold_for, is_withdrawn
from shared.events import PageEvent, PageWithdrawn

_SEEN_AGES_SECONDS = (60, 300, 900, *(hours * 3600 for hours in (1, 2, 4, 8, 12, 16, 20, 24)))
"""How old a page that is right is at each further look."""
_WRONG_PAUSES_SECONDS = ((120, 5), (3600, 60), (24 * 3600, 900))
"""Up to an age: between two looks at a page that is not."""


class PageToLookAt(BaseModel):
    """What is kept of a page while it is looked at."""

    model_config = ConfigDict(frozen=True)

    id: str
    """The article's."""
    revision: int
    sha256: str
    path: str
    withdrawn: bool
    since: datetime
    """When it was on disk."""
    traceparent: str

    @classmethod
    def of(cls, event: PageEvent) -> Self:
        """The page that the event is about."""
        return cls(
            id=event.data.id,
            revision=event.data.revision,
            sha256=event.data.sha256,
            path=event.data.path,
            withdrawn=isinstance(event, PageWithdrawn),
            since=event.time,
            traceparent=event.traceparent,
        )


def found_at(page: PageToLookAt, reading: Reading) -> str:
    """What is wrong with what was read, as `OutsideLook.found`; empty if nothing is."""
    wrong = hold_for(reading, page)
    if not wrong and page.withdrawn and not is_withdrawn(reading.html, page):
        return f"{WRONG} other_revision"
    return wrong


def next_look(page: PageToLookAt, found: str, now: datetime) -> timedelta | None:
    """How long after a look that found this the next one is; None if that was the last."""
    age = (now - page.since).total_seconds()
    if found:
        pauses = [float(pause) for until, pause in _WRONG_PAUSES_SECONDS if age < until]
    else:
        pauses = [later - age for later in _SEEN_AGES_SECONDS if age < later]
    pause = next(iter(pauses), None)
    return None if pause is None else timedelta(seconds=pause)
