"""Pure: what is known against a member's address, and what follows from it.

A mark is one delivery whose mail did not arrive. A single one says little: large providers have
answered 5.1.1 for addresses that were alive.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Self

from services.notify.bounces.codes import Reason, reason

KEPT = timedelta(days=400)
"""How long a mark counts: as long as a ledger."""
GONE_APART = timedelta(days=3)
"""Two deliveries must say so before nobody believes in an address any more, and so long must lie
between hearing of the one and the beginning of the other: else both may be of one outage of the
host, as of an alert and its correction. In December 2020 a large provider answered 5.1.1 for live
addresses on two days; what breaks on a Friday is mended on a Monday."""
SERIES_DELIVERIES = 3
"""Deliveries whose mail came back, at least, for it to be a series."""
SERIES = timedelta(days=14)
"""Between the first and the last of them."""
SURGE_MEMBERS = 10
"""Members of one domain whose mail comes back within `SURGE`, at least, for it to be a surge."""
SURGE_SHARE = 0.1
"""And this part of the domain's members who were mailed in an hour."""
SURGE_OF_FEW_MEMBERS = 3
"""If a domain has few members, so many are one too, at least,"""
SURGE_OF_FEW_SHARE = 1 / 3
"""if they are this part of those who were mailed in an hour."""
SURGE = timedelta(hours=1)


class AddressStanding(StrEnum):
    """How a member's address stands."""

    WELL = "well"
    GONE = "gone"
    """There is no such address: it gets no new alert. A correction is still tried."""
    SERIES = "series"
    """Nothing has arrived for long. It still gets all mail."""
    REFUSED = "refused"
    """Our relay refused the newest mail to it at once, which no mark tells: see refused.py. It
    still gets all mail."""


class Mark(NamedTuple):
    """One delivery that did not arrive at an address."""

    delivery: str
    started: int
    """When the delivery was, in seconds since 1970."""
    code: str
    at: int
    """When we heard of it, in seconds since 1970."""
    address: str
    """Keyed hash of the address: another one of the same member is not marked by it."""

    def as_text(self) -> str:
        """The mark without its delivery, which is in its place's name."""
        return f"{self.started} {self.code} {self.at} {self.address}"

    @classmethod
    def of_text(cls, delivery: str, text: str) -> Self:
        """The mark that `as_text` gave."""
        started, code, at, address = text.split(" ")
        return cls(delivery, int(started), code, int(at), address)


def standing(marks: Iterable[Mark], *, address: str, now: datetime) -> AddressStanding:
    """What the marks of a member say of the address, whose keyed hash this is, that they have
    now."""
    since = (now - KEPT).timestamp()
    mine = {m.delivery: m for m in marks if m.address == address and m.at >= since}
    gone = [mark for mark in mine.values() if reason(mark.code) is Reason.GONE]
    if gone and _apart(gone) >= GONE_APART:
        return AddressStanding.GONE
    if len(mine) >= SERIES_DELIVERIES and _span(list(mine.values())) >= SERIES:
        return AddressStanding.SERIES
    return AddressStanding.WELL


def _apart(marks: Sequence[Mark]) -> timedelta:
    """From when we first heard that mail came back to when the last such delivery began; below
    zero if that was before."""
    return timedelta(seconds=max(m.started for m in marks) - min(m.at for m in marks))


def _span(marks: Sequence[Mark]) -> timedelta:
    started = [datetime.fromtimestamp(mark.started, UTC) for mark in marks]
    return max(started) - min(started)


def in_an_hour(mailed: int, lasted: timedelta) -> float:
    """About how many members a delivery mailed within `SURGE`, that has mailed so many in all."""
    return mailed * min(SURGE / lasted, 1.0) if lasted > timedelta(0) else float(mailed)


def is_surge(members: int, *, of: float | None) -> bool:
    """Whether it is a surge if mail to so many members of one domain came back within `SURGE`; to
    about `of` members of it mail went in such a time. If nobody knows to how many, few are none:
    three dead addresses are not taken for a host that is down."""
    if of is None:
        return members >= SURGE_MEMBERS
    is_of_many = members >= max(SURGE_MEMBERS, math.ceil(SURGE_SHARE * of))
    is_of_few = members >= max(SURGE_OF_FEW_MEMBERS, math.ceil(SURGE_OF_FEW_SHARE * of))
    return is_of_many or is_of_few
