"""Whoever says a text in a language gets it in that one, whatever it stands in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest

from shared.article import Lang
from shared.languages.dates import written_day, written_time, written_weekday
from shared.languages.say import in_language, lang_of, say


class _Named(NamedTuple):
    text: str
    count: int


@dataclass(frozen=True)
class _Table:
    one: str
    many: dict[str, str]
    rows: tuple[_Named, ...]


def test_a_table_of_words_is_said_whole_and_its_codes_stay() -> None:
    table = _Table("Søk", {"Søk": "Varsler"}, (_Named("Nyheter", 3), _Named("113", 4)))
    said = in_language(table, "en")
    assert said == _Table("Search", {"Søk": "Alerts"}, (_Named("News", 3), _Named("113", 4)))
    assert in_language(table, "nb") is table


def test_a_text_that_no_catalogue_has_is_said_in_bokmal() -> None:
    assert say("Denne står ikke der.", "en") == "Denne står ikke der."
    assert say("Varsler", "nb") == "Varsler"


@pytest.mark.parametrize(("said", "lang"), [("nn", "nn"), ("en", "en"), ("sv", "nb"), ("", "nb"),
                                            (None, "nb")])  # fmt: skip
def test_a_language_that_nobody_has_named_is_bokmal(said: str | None, lang: Lang) -> None:
    assert lang_of(said) == lang


@pytest.mark.parametrize(
    ("lang", "day", "time", "soon"),
    [
        ("nb", "3.\u00a0april 2026", "3.\u00a0april 2026 kl.\u00a010.05",
         "fredag 3.\u00a0april kl.\u00a010.05"),
        ("nn", "3.\u00a0april 2026", "3.\u00a0april 2026 kl.\u00a010.05",
         "fredag 3.\u00a0april kl.\u00a010.05"),
        ("en", "3\u00a0April 2026", "3\u00a0April 2026 at\u00a010:05",
         "Friday 3\u00a0April at\u00a010:05"),
    ],
)  # fmt: skip
def test_days_and_times_are_as_they_are_written_in_the_language(
    lang: Lang, day: str, time: str, soon: str
) -> None:
    moment = datetime(2026, 4, 3, 8, 5, tzinfo=UTC)
    assert written_day(date(2026, 4, 3), lang) == day
    assert written_time(moment, lang) == time
    assert written_weekday(moment, lang) == soon
