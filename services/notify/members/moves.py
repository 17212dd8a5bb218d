"""Pure: which changes of a member's address can still be undone, as their record says it.

A change is named by its moment. It stands in the record that it made, so it is there if and only if
the change is in force; undoing it takes it out, and all that came after it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.notify.members.member import Member

UNDO = timedelta(days=7)
"""How long after a change whoever has the former address can undo it."""


def moves_of(member: Member) -> list[datetime]:
    """The moments of the changes, the oldest first; of some it may be too late to undo them."""
    return [datetime.fromisoformat(one) for one in member.moves.split(",") if one]


def with_moves(member: Member, moves: Iterable[datetime], now: datetime) -> Member:
    """The member with those of `moves` that can still be undone."""
    kept = sorted({one for one in moves if now - one < UNDO})
    return member._replace(moves=",".join(one.isoformat() for one in kept))


def undo_until(moves: Iterable[datetime], now: datetime) -> datetime | None:
    """Until when the last of these changes can be undone; none if it is too late for each."""
    return max((one + UNDO for one in moves if now - one < UNDO), default=None)
