"""Pure: what became of an alert for one member, in as many cases as there are true words for.

Nothing here says that a mail arrived: notify knows that the relay took it, and no more. A ledger
has no time per member, so what is told is the delivery's span.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.notify.ledger.states import BEGUN, Flag, State, state_of
from services.notify.members.numbers import Cut
from shared.event_data import DeliveryKind

_FOLLOWS = ("correction", "withdrawal")
"""Their cut is that of the alert: it says nothing of who was a member when they began."""


class AlertFate(StrEnum):
    """What became of one delivery for one member; the first of several numbers' that holds is the
    person's."""

    BOUNCED = "bounced"
    HANDED_OVER = "handed_over"
    MAYBE = "maybe"
    """It was given up while nobody had heard whether the relay took it."""
    SENDING = "sending"
    PUT_OFF = "put_off"
    WAITING = "waiting"
    HELD = "held"
    """It waits, and a person holds the delivery."""
    FAILED = "failed"
    REPLACED = "replaced"
    """A newer version came before it was sent."""
    CANCELLED = "cancelled"
    CAME_BACK = "came_back"
    """Mail to their address had come back so often that it was not tried."""
    LEFT_SINCE = "left_since"
    """They had left before their mail was made, or their record was gone."""
    NOT_OWED = "not_owed"
    """A correction or withdrawal of what never reached them, as of members who joined since."""
    NOT_CHOSEN = "not_chosen"
    GONE_BEFORE = "gone_before"
    """They had left before the alert, or a notice, began."""
    NOT_YET = "not_yet"
    """They joined after the alert, or a notice, began."""


@dataclass(frozen=True)
class Mailing:
    """What a fate depends on besides the member."""

    kind: DeliveryKind
    cut: Cut
    held: str
    is_superseded: bool


def fate(
    mailing: Mailing, number: int, byte: int, left: int | None, *, left_after: bool = False
) -> AlertFate:
    """What became of member `number`, whose ledger's byte this is. `left` is their place among all
    who left, none if they have not; `left_after` says that they left once all was tried."""
    if number > mailing.cut.last:
        return AlertFate.NOT_OWED if mailing.kind in _FOLLOWS else AlertFate.NOT_YET
    if not mailing.cut.has(number, left):
        return AlertFate.NOT_OWED if mailing.kind in _FOLLOWS else AlertFate.GONE_BEFORE
    state = state_of(byte)
    if state in BEGUN or state == State.PLANNED:
        return _open(mailing, state)
    return {
        State.HANDED_OVER: AlertFate.BOUNCED if byte & Flag.BOUNCED else AlertFate.HANDED_OVER,
        State.FAILED: AlertFate.FAILED,
        State.SUPPRESSED: AlertFate.MAYBE
        if byte & Flag.UNHEARD
        else _given_up(mailing, byte, has_left=left is not None and not left_after),
        State.OUTSIDE: AlertFate.NOT_CHOSEN if mailing.kind == "alert" else AlertFate.NOT_OWED,
    }[State(state)]


def _given_up(mailing: Mailing, byte: int, *, has_left: bool) -> AlertFate:
    """Why a member was suppressed: whoever a newer version takes over is not."""
    if mailing.kind == "withdrawal" and byte == State.SUPPRESSED:  # see never_sent.lua
        return AlertFate.NOT_OWED
    if mailing.held == "cancelled":
        return AlertFate.CANCELLED
    return AlertFate.LEFT_SINCE if has_left else AlertFate.CAME_BACK


def _open(mailing: Mailing, state: int) -> AlertFate:
    if mailing.is_superseded:
        return AlertFate.MAYBE if state == State.SENDING else AlertFate.REPLACED
    if state == State.SENDING:
        return AlertFate.SENDING
    if mailing.held:
        return AlertFate.CANCELLED if mailing.held == "cancelled" else AlertFate.HELD
    return AlertFate.PUT_OFF if state == State.DEFERRED else AlertFate.WAITING


def first(fates: Iterable[AlertFate]) -> AlertFate:
    """Of a person's numbers, each with a fate, the one that tells what the person got."""
    order = list(AlertFate)
    return min(fates, key=order.index)


def span(began: datetime, last: datetime) -> tuple[datetime, datetime]:
    """The whole minutes that all between these two moments lies in: the first at or before
    `began`, the other at or after `last`."""
    start = began.replace(second=0, microsecond=0)
    end = max(last, began)
    whole = end.replace(second=0, microsecond=0)
    return start, whole if whole == end else whole + timedelta(minutes=1)
