"""Days and times as they are written where the readers are: «3. april 2023 kl. 10.00» (Språkrådet,
«Dato og klokkeslett»), and in English “3 April 2023 at 10:00”."""

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date

from shared.article import Lang
from shared.languages.say import nb, say
from shared.oslo import oslo

LOCALES: dict[Lang, str] = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}
"""Where each language is read as we write it. English is that of Europe, with the day first."""


@lru_cache(maxsize=1024)
def written_day(day: date, lang: Lang) -> str:
    """`day` in words. A hard space keeps it and its month on one line."""
    how = "d\u00a0MMMM y" if lang == "en" else "d.\u00a0MMMM y"
    return format_date(day, how, locale=LOCALES[lang])


def written_weekday(instant: datetime, lang: Lang) -> str:
    """«mandag 3. april kl. 10.00» on a clock in Norway, for what is soon."""
    how = "EEEE d\u00a0MMMM" if lang == "en" else "EEEE d.\u00a0MMMM"
    return _at(format_date(oslo(instant).date(), how, locale=LOCALES[lang]), instant, lang)


def written_time(instant: datetime, lang: Lang) -> str:
    """Day and time on a clock in Norway."""
    return _at(written_day(oslo(instant).date(), lang), instant, lang)


def _at(day: str, instant: datetime, lang: Lang) -> str:
    return say(nb("{day} kl.\u00a0{time}"), lang).format(day=day, time=clock(instant, lang))


def clock(instant: datetime, lang: Lang) -> str:
    """The time on a clock in Norway: «10.00»."""
    return f"{oslo(instant):%H:%M}" if lang == "en" else f"{oslo(instant):%H.%M}"
