"""The clock of those who read and write: Norwegian time, wherever the machine stands."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


def oslo(instant: datetime) -> datetime:
    """`instant` as clocks in Norway show it."""
    return instant.astimezone(OSLO)


def oslo_today() -> date:
    return oslo(datetime.now(UTC)).date()
