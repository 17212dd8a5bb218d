"""Dates as Norwegians write them: «3. april 2023» (Språkrådet, «Dato og klokkeslett»)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from shared.article import Lang

_OSLO = ZoneInfo("Europe/Oslo")


def written_day(day: date, lang: Lang) -> str:
    """`day` in words. A hard space after the ordinal keeps «3.» and «april» on one line."""
    return format_date(day, "d. MMMM y", locale=f"{lang}_NO").replace(". ", ".\u00a0", 1)


def oslo_day(instant: datetime) -> date:
    """The day that `instant` falls on where the readers are."""
    return instant.astimezone(_OSLO).date()
