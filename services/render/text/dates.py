"""Dates and times as Norwegians write them: «3. april 2023» (Språkrådet, «Dato og klokkeslett»)."""

from datetime import date, datetime, time
from functools import lru_cache

from babel.dates import format_date

from shared.article import Lang
from shared.oslo import OSLO, oslo

_LAST_SECOND = time(23, 59, 59)


@lru_cache(maxsize=1024)
def written_day(day: date, lang: Lang) -> str:
    """`day` in words. A hard space after the ordinal keeps «3.» and «april» on one line."""
    return format_date(day, "d. MMMM y", locale=f"{lang}_NO").replace(". ", ".\u00a0", 1)


def written_time(instant: datetime, lang: Lang) -> str:
    """Day and time where the readers are: «3. april 2023 kl. 10.00»."""
    return f"{written_day(oslo_day(instant), lang)} kl.\u00a0{oslo(instant):%H.%M}"


def oslo_day(instant: datetime) -> date:
    """The day that `instant` falls on where the readers are."""
    return oslo(instant).date()


def first_second(day: date) -> datetime:
    return datetime.combine(day, time(), OSLO)


def last_second(day: date) -> datetime:
    return datetime.combine(day, _LAST_SECOND, OSLO)
