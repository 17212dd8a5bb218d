"""Pure: members whom an import may bring back, and members who may undo their leaving."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from services.notify.members.endings import Left
from services.notify.members.store import Found
from shared.oslo import oslo

LIST_KEPT_DAYS = 31
"""Days that the record of a member whom a register ended is kept, at least: that can be undone for
30 days."""
UNDO_DAYS = 7
"""Days in which a leaving can be undone with the link of an old mail. After that whoever has the
mail could sign up somebody who has left for good."""


class Barred(StrEnum):
    """Why no list may bring somebody back."""

    ERASED = "erased"
    """They had all of it deleted: only a confirmed joining lifts that."""
    LEFT = "left"
    """They left by themselves, and nobody says that they have agreed since."""


def barred(found: Found, left: Left | None, consented_on: date | None) -> Barred | None:
    """Why the member of `found`, who has left as `left` says, is not brought back by a list whose
    people agreed on `consented_on`; none if they are.

    `left` is none if it is not known how they left: then they left by themselves, nobody knows
    when. A register that ended somebody may bring them back.
    """
    if found.erased:
        return Barred.ERASED
    if left and left.by_list:
        return None
    if left and consented_on and consented_on > oslo(left.at).date():
        return None
    return Barred.LEFT


def may_undo(left: Left, now: datetime) -> bool:
    """Whether somebody who left can still undo it with one button."""
    return not left.by_list and now - left.at <= timedelta(days=UNDO_DAYS)
