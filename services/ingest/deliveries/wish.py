"""Pure: what may be asked of a delivery as it stands, and by whom."""

from datetime import datetime

from pydantic import AwareDatetime

from services.ingest.people.person import ROLES, Role
from services.ingest.problems import Problem
from shared.event_data import DeliveryCommand, DeliveryStatus
from shared.fields import Model
from shared.languages.say import nb
from shared.text import Line

_ENDED = ("cancelled", "superseded")
_HOLDS = ("operator", "stale", "unsafe", "too_large", "unreadable")
"""Causes that hold a delivery until a person lets it go on. Others are the relay's words, or of the
page, and pass by themselves: a person may hold it as well, so that it does not."""


class AskedWish(Model):
    """The newest wish about a delivery, as it is kept."""

    command: DeliveryCommand
    sequence: int
    by: Line
    """The person's id."""
    name: Line
    """And how they are called, for people to read."""
    at: AwareDatetime

    def is_heard(self, status: DeliveryStatus) -> bool:
        """Whether notify has heard it, as the delivery's status says."""
        return status.heeded >= self.sequence


def possible(status: DeliveryStatus) -> tuple[DeliveryCommand, ...]:
    """What can be asked of a delivery that stands so."""
    if status.cause in _ENDED:
        return ()
    again: tuple[DeliveryCommand, ...] = ("again",) if status.failed else ()
    if status.state == "complete":
        return again
    if status.state != "paused":
        return ("hold", "cancel", *again)
    hold: tuple[DeliveryCommand, ...] = () if status.cause in _HOLDS else ("hold",)
    return ("resume", *hold, "cancel", *again)


def least_role(command: DeliveryCommand, *, approvals: int) -> Role:
    """Who may ask it. Anybody who sees that something is wrong may hold mail back. The rest decides
    what members get, so it takes the role that approves, if `approvals` are wanted at all."""
    return "editor" if command == "hold" or not approvals else "approver"


def may(role: Role, command: DeliveryCommand, *, approvals: int) -> bool:
    """Whether somebody with this role may ask it."""
    return ROLES.index(role) >= ROLES.index(least_role(command, approvals=approvals))


def next_sequence(last: int, now: datetime) -> int:
    """The number of the wish after the one with the number `last`; 0 if there was none. It is the
    time, so that a Redis that is put back to a copy gives no number twice."""
    return max(last + 1, int(now.timestamp() * 1000))


def refuse(role: Role, command: DeliveryCommand, *, approvals: int) -> None:
    """Problem 403 if somebody with this role may not ask it."""
    if not may(role, command, approvals=approvals):
        detail = nb("Dette krever at du kan godkjenne varsler. Be en som kan, om å gjøre det.")
        raise Problem(403, "forbidden", nb("Det kan du ikke gjøre"), detail)


def no_delivery() -> Problem:
    detail = nb("Saken har ingen utsending. Ingenting er endret.")
    return Problem(409, "not-now", nb("Det går ikke nå"), detail)


def superseded() -> Problem:
    detail = nb(
        "Saken har fått en nyere utsending siden du så på siden. Ingenting er endret. "
        "Se på kvitteringen, og velg på nytt."
    )
    return Problem(409, "not-now", nb("Det går ikke nå"), detail)


def changed() -> Problem:
    detail = nb(
        "Noe annet stanser utsendingen nå enn da du så på siden. Ingenting er endret. "
        "Se på kvitteringen, og velg på nytt."
    )
    return Problem(409, "not-now", nb("Det går ikke nå"), detail)


def not_possible(status: DeliveryStatus) -> Problem:
    """409: the delivery has ended, or is so already."""
    if status.cause == "cancelled":
        detail = nb("Utsendingen er avbrutt. Det kan ikke gjøres om.")
    elif status.cause == "superseded":
        return superseded()
    elif status.state == "complete":
        detail = nb("Utsendingen er ferdig. Det er ingenting igjen å stanse.")
    else:
        detail = nb("Utsendingen er slik allerede. Ingenting er endret.")
    return Problem(409, "not-now", nb("Det går ikke nå"), detail)
