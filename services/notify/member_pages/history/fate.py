"""Pure: what became of an alert for one member, in as many cases as there are true words for.

Nothing here says that a mail arrived: notify knows that the relay took it, and no more. A ledger
has no time per member, so what is told is the delivery's span.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.notify.ledger.delivery import Kind
from services.notify.ledger.states import BEGUN, Flag, State, state_of
from services.notify.members.numbers import Cut


class Fate(StrEnum):
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
    LEFT_SINCE = "left_since"
    """They had left before their mail was made, or their record was gone."""
    NOT_OWED = "not_owed"
    """A correction or withdrawal of what never reached them."""
    NOT_CHOSEN = "not_chosen"
    GONE_BEFORE = "gone_before"
    """They had left before it began."""
    NOT_YET = "not_yet"
    """They joined after it began."""


@dataclass(frozen=True)
class Mailing:
    """What a fate depends on besides the member."""

    kind: Kind
    cut: Cut
    held: str
    is_superseded: bool


def fate(mailing: Mailing, number: int, byte: int, left: int | None) -> Fate:
    """What became of member `number`, whose ledger's byte this is. `left` is their place among all
    who left, none if they have not."""
    if number > mailing.cut.last:
        return Fate.NOT_YET
    if not mailing.cut.has(number, left):
        return Fate.GONE_BEFORE
    state = state_of(byte)
    if state in BEGUN or state == State.PLANNED:
        return _open(mailing, state)
    return {
        State.HANDED_OVER: Fate.BOUNCED if byte & Flag.BOUNCED else Fate.HANDED_OVER,
        State.FAILED: Fate.FAILED,
        State.SUPPRESSED: Fate.MAYBE if byte & Flag.UNHEARD else _given_up(mailing),
        State.OUTSIDE: Fate.NOT_CHOSEN if mailing.kind == "alert" else Fate.NOT_OWED,
    }[State(state)]


def _given_up(mailing: Mailing) -> Fate:
    if mailing.is_superseded:
        return Fate.REPLACED
    return Fate.CANCELLED if mailing.held == "cancelled" else Fate.LEFT_SINCE


def _open(mailing: Mailing, state: int) -> Fate:
    if mailing.is_superseded:
        return Fate.MAYBE if state == State.SENDING else Fate.REPLACED
    if state == State.SENDING:
        return Fate.SENDING
    if mailing.held:
        return Fate.CANCELLED if mailing.held == "cancelled" else Fate.HELD
    return Fate.PUT_OFF if state == State.DEFERRED else Fate.WAITING


def first(fates: Iterable[Fate]) -> Fate:
    """Of a person's numbers, each with a fate, the one that tells what the person got."""
    order = list(Fate)
    return min(fates, key=order.index)


def span(began: datetime, last: datetime) -> tuple[datetime, datetime]:
    """The whole minutes that all between these two moments lies in: the first at or before
    `began`, the other at or after `last`."""
    start = began.replace(second=0, microsecond=0)
    end = max(last, began)
    whole = end.replace(second=0, microsecond=0)
    return start, whole if whole == end else whole + timedelta(minutes=1)
