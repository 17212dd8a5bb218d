"""The days that readers see, and where they begin and end."""

from datetime import date, datetime, time

from shared.oslo import OSLO, oslo

_LAST_SECOND = time(23, 59, 59)


def oslo_day(instant: datetime) -> date:
    """The day that `instant` falls on where the readers are."""
    return oslo(instant).date()


def first_second(day: date) -> datetime:
    return datetime.combine(day, time(), OSLO)


def last_second(day: date) -> datetime:
    return datetime.combine(day, _LAST_SECOND, OSLO)
