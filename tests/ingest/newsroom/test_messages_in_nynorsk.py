"""Whoever reads nynorsk finds every message about a text in it."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.ingest import reading
from services.ingest.desk import judge
from services.ingest.newsroom.desk.form import how_hard
from services.ingest.newsroom.desk.next_step import time_left
from services.ingest.newsroom.desk.words import named, plain
from services.ingest.newsroom.look import NewsroomWords
from services.ingest.newsroom.messages import WORDS, message_in
from services.ingest.newsroom.shown.words import NAMES, VALUES, valued
from services.ingest.reading import field_errors
from services.ingest.subjects import words as subject_words
from shared import alert, article, fields, text
from shared.languages.say import catalogue
from tests.ingest.newsroom.said import PLACE, messages

NOW = datetime(2026, 4, 3, 12, tzinfo=UTC)
_READING = Path(reading.__file__).parent
FILES = [
    *(_READING / f"{name}.py" for name in ("body", "lint", "mail_size", "submission", "times")),
    *sorted((_READING / "text_check").glob("*.py")),
    *(Path(str(one.__file__)) for one in (judge, field_errors, subject_words)),
    *(Path(str(one.__file__)) for one in (alert, article, fields, text)),
]  # fmt: skip
TELLERS = ("Finding", "Warning", "FieldError", "ValueError", "PydanticCustomError", "_finding")
"""What takes a message as its last argument."""
_SENTENCE = re.compile(r"[a-zæøå]+ [a-zæøå]+|\} har ")
_API_ONLY = (
    "må være application/json eller",
    "byte nummer {}",
    "filen er {}",
    "teksten hører under",
    "et varsel importeres alltid",
    "kan ikke stå i det som importeres",
    "skriv når saken ble publisert, eller importer",
    "er fram i tid; ta det bort, og importer",
)
"""Of files, headers and what is moved from another site; the form has none."""


def said_of_a_text() -> set[str]:
    found = messages(FILES, TELLERS) | {
        PLACE.sub("{}", one) for one in field_errors._TEXTS.values()
    }
    return {one for one in found if _SENTENCE.search(one)}


@pytest.mark.parametrize("message", sorted(said_of_a_text()))
def test_each_message_about_a_text_has_nynorsk(message: str) -> None:
    if message.startswith(_API_ONLY):
        return
    filled = plain(message.replace("{}", "123"))
    assert message_in("nn", filled) is not None, filled


def test_what_a_character_is_has_nynorsk() -> None:
    assert set(text._WHAT) - set(WORDS) == set()


@pytest.mark.parametrize("minutes", [0, 1, 5, 200, 5000])
def test_how_long_it_is_until_a_time_has_nynorsk(minutes: int) -> None:
    assert message_in("nn", time_left(NOW + timedelta(minutes=minutes), NOW)) is not None


@pytest.mark.parametrize("lix", [20, 35, 60])
def test_how_hard_a_text_is_has_nynorsk(lix: int) -> None:
    assert message_in("nn", how_hard(lix)) is not None


@pytest.mark.parametrize(
    ("bokmal", "nynorsk"),
    [
        (
            "Linje 3 i teksten: «1. a» blir stående i avsnittet, med tegnet foran; skal det være "
            "en liste, så sett en blank linje over",
            "Linje 3 i teksten: «1. a» blir ståande i avsnittet, med teiknet framfor; skal det "
            "vere ei liste, så set ei blank linje over",
        ),
        (
            "Tittelen har 90 tegn; kort den ned til 70, så den vises hel i innbokser og lister",
            "Tittelen har 90 teikn; kort han ned til 70, så han blir vist heil i innboksar og "
            "lister",
        ),
        ("Mangler", "Manglar"),
    ],
)
def test_a_message_is_said_with_its_values_and_its_capital(bokmal: str, nynorsk: str) -> None:
    assert NewsroomWords("nn").message(bokmal) == nynorsk
    assert NewsroomWords("nb").message(bokmal) == bokmal


def test_a_field_and_what_it_lacks_are_said_in_nynorsk() -> None:
    nynorsk = NewsroomWords("nn").lack
    assert nynorsk("Kilder, nr. 2: Adressen: mangler") == "Kjelder, nr. 2: Adressa: manglar"
    assert nynorsk("Hvem gjelder det: for langt: høyst 9 tegn") == (
        "Kven gjeld det: for langt: høgst 9 teikn"
    )
    assert NewsroomWords("nb").lack("Tittel: mangler") == "Tittel: mangler"


def test_what_the_writer_wrote_is_never_translated() -> None:
    said = message_in("nn", "«en liste» blir et punkt i en liste, uten streken; mener du minus, så "
    "skriv − eller ordet «minus»")  # fmt: skip
    assert said is not None and said.startswith("«en liste» blir eit punkt")


@pytest.mark.parametrize(
    ("path", "nynorsk"),
    [
        ("sources.1.url", "Kjelder, nr. 2: Adressa"),
        ("alert.medicines.0.brands", "Kva medisinar gjeld det, nr. 1: Namn på pakken"),
        ("alert.what_to_do.2", "Kva skal dei gjere, nr. 3"),
        ("alert.what_happened", "Kva har skjedd"),
    ],
)
def test_a_field_in_a_row_is_called_what_it_is_with_its_number(path: str, nynorsk: str) -> None:
    assert NewsroomWords("nn").label(named(path)) == nynorsk


def test_each_field_and_each_code_in_a_comparison_has_nynorsk() -> None:
    codes = {word for one in VALUES.values() for word in one.values()}
    assert {*NAMES.values(), *codes} - catalogue("nn").keys() == set()
    assert valued("alert.severity", "severe", "nn") == "alvorleg"
    assert valued("alert.severity", "severe") == "alvorlig"
    assert valued("title", "mulig", "nn") == "mulig"
