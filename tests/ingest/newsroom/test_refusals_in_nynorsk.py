"""Whoever reads nynorsk is refused in nynorsk, whatever refuses: a flow, a picture, a document, the
site's own fields."""

import io
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from services import ingest
from services.ingest.lifecycle import refusals
from services.ingest.lifecycle.life import Life
from services.ingest.newsroom.admin.site_form import to_fields, to_identity
from services.ingest.newsroom.look import NewsroomWords
from services.ingest.newsroom.messages import message_in
from services.ingest.newsroom.seeing.placeholders import whole_article
from services.ingest.pictures import picture, room
from services.ingest.problems import Problem
from services.ingest.word.open_docx import _notes, read_docx
from shared import identity
from shared.identity import Identity
from shared.languages.say import catalogue
from tests.ingest.newsroom.said import messages

_INGEST = Path(ingest.__file__).parent
FILES = [
    *(
        file
        for folder in ("deliveries", "desk", "lifecycle", "pictures", "word", "newsroom")
        for file in sorted((_INGEST / folder).rglob("*.py"))
    ),
    _INGEST / "reading/reader.py",
    Path(identity.__file__),
]
TELLERS = {
    *("Problem", "not_found", "unavailable", "FieldError", "ValueError"),
    *("_forbidden", "_wrong", "_refused", "_UnfitError", "CopyRemark"),
}
_SENTENCE = re.compile(r"[a-zæøå]+,? [a-zæøå]+")
_NOT_SHOWN = (
    "Dette krever en nøkkel med rollen approver",  # review/refused.py says it for a browser
    "Det er ikke kjent ennå om varselet kan sendes",
    "En forespørsel med samme Idempotency-Key",
    "er brukt for et annet innhold",
    "send ETag-en",
)
"""What programs are told, in whose place the newsroom says something else."""
BOKMAL = re.compile(
    r"\b(?:ikke|hva|hvor|hvis|noe|noen|fra|bare|siden|saken|være|også|nå|mye|uten|bilde|bildet|"
    r"filen|lenken|dere|dem|ennå|høyst|mangler|velg|skrevet|navn|for eksempel)\b"
)


def refused() -> set[str]:
    return {one for one in messages(FILES, TELLERS) if _SENTENCE.search(one) and one != "{}"}


@pytest.mark.parametrize("message", sorted(refused()))
def test_each_refusal_has_nynorsk(message: str) -> None:
    if message.startswith(_NOT_SHOWN) or re.fullmatch(r"[a-z ,;:%'{}()`.-]+", message):
        return  # of programs, in English
    filled = message.replace("{}", "123")
    said = NewsroomWords("nn").message(filled)
    known = filled in catalogue("nn") or message_in("nn", filled) is not None
    assert known or not BOKMAL.search(said), filled
    assert not BOKMAL.search(said), said


def _picture(form: str, size: tuple[int, int] = (4, 4), **more: Any) -> bytes:
    raw = io.BytesIO()
    Image.new("RGB", size).save(raw, form, **more)
    return raw.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        b"x",
        b"\0\0\0\x18ftypheic" + b"x" * 20,
        _picture("WEBP", save_all=True, append_images=[Image.new("RGB", (4, 4), "red")]),
        _picture("PNG", (room._LONGEST_SIDE_PIXELS + 1, 1)),
    ],
)
def test_a_picture_that_is_refused_is_refused_in_nynorsk(raw: bytes) -> None:
    with pytest.raises(Problem) as problem:
        picture.make(raw, "Et bilde.png")
    [error] = problem.value.errors
    said = NewsroomWords("nn").sentence(error.message)
    assert said.startswith("Biletet «Et bilde.png» ")
    assert not BOKMAL.search(said.replace("Et bilde.png", "")), said
    assert NewsroomWords("nb").sentence(error.message).startswith("Bildet «Et bilde.png» ")


@pytest.mark.parametrize("raw", [b"x", b"%PDF-1.7", b"\xd0\xcf\x11\xe0", b"x" * 30_000_000])
def test_a_document_that_is_refused_is_refused_in_nynorsk(raw: bytes) -> None:
    with pytest.raises(Problem) as problem:
        read_docx(raw)
    said = NewsroomWords("nn").sentence(problem.value.errors[0].message)
    assert not BOKMAL.search(said), said


def test_what_was_left_out_of_a_document_is_said_in_nynorsk() -> None:
    assert [NewsroomWords("nn").message(one) for number in (1, 3) for one in _notes(number)] == [
        "Biletet i dokumentet er ikkje med. Legg inn bilete med knappen «Bilete».",
        "Dei 3 bileta i dokumentet er ikkje med. Legg inn bilete med knappen «Bilete».",
    ]


def test_all_that_is_wrong_with_the_site_is_said_in_nynorsk() -> None:
    wrong = {
        "name": "F" * 81,
        "accent": "#ffffff",
        "accent_2": "blå",
        "telephone": "ring",
        "email": "post",
        "organisation_number": "123456789",
        "join": "bli medlem",
        "menu": "/om-oss/\n" * 7,
        "footer": "Om om-oss",
    }
    for name, value in wrong.items():
        found = to_identity(to_fields(Identity()) | {name: value}, Identity())
        assert isinstance(found, dict), name
        said = NewsroomWords("nn").message(found[name])
        assert not BOKMAL.search(said), said
        assert said != found[name], name


@pytest.mark.parametrize(("before", "after"), pairwise(("draft", "in_review", "published")))
def test_a_step_that_is_not_possible_is_refused_in_nynorsk(before: str, after: str) -> None:
    life = Life.model_construct(state=after, live=None, revision=1)
    said = NewsroomWords("nn").message(refusals.not_now(life, ()).detail)
    assert not BOKMAL.search(said), (before, said)


def test_placeholders_are_in_the_language_of_whoever_looks() -> None:
    today = date(2026, 4, 3)
    nynorsk, _ = whole_article({"kind": "safety_alert"}, today, "nn")
    bokmal, _ = whole_article({"kind": "safety_alert"}, today)
    assert (nynorsk.title, bokmal.title) == ("[Manglar: Tittel]", "[Mangler: Tittel]")
    assert nynorsk.alert and "[Manglar: Kva har skjedd?]" in nynorsk.alert.what_happened
    assert "Mangler" not in nynorsk.model_dump_json()
