"""A file of subjects is read as it is meant, or it is said what is wrong with it."""

import json

import pytest

from services.ingest.problems import Problem
from services.ingest.subjects.subject_list import read
from shared.subject import Subject

FILE = """subjects:
  - id: tofacitinib
    name: Tofacitinib
    substance: tofacitinib
    brands: [Xeljanz]
    atc: [L04AF01]
    classes: [JAK-hemmere]
"""
TOFA = Subject(
    id="tofacitinib",
    name="Tofacitinib",
    substance="tofacitinib",
    brands=("Xeljanz",),
    atc=("L04AF01",),
    classes=("JAK-hemmere",),
)


@pytest.mark.parametrize("text", [FILE, FILE.replace("\n", "\r\n")])
def test_a_file_is_read(text: str) -> None:
    assert read(text) == (TOFA,)


def test_what_is_printed_as_json_is_read_again() -> None:
    document = {"subjects": [TOFA.model_dump(mode="json", exclude_defaults=True)]}
    assert read(json.dumps(document, ensure_ascii=False, indent=2)) == (TOFA,)


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("Tofacitinib", "subjects", "liste"),
        (FILE.replace("    name: Tofacitinib\n", ""), "subjects.0.name", "mangler"),
        (FILE.replace("id: tofacitinib", "id: Tofa citinib"), "subjects.0.id", "små bokstaver"),
        (FILE.replace("L04AF01", "l04"), "subjects.0.atc.0", "ATC"),
        (FILE.replace("brands", "brand"), "subjects.0.brand", "brands"),
        (FILE + FILE.partition("\n")[2], "subjects", "samme id"),
        ("subjects: []", "subjects", "minst 1"),
    ],
)
def test_what_is_wrong_is_said_by_field(text: str, field: str, words: str) -> None:
    with pytest.raises(Problem) as refused:
        read(text)
    [error] = refused.value.errors
    assert error.field == field
    assert words in error.message


def test_what_is_no_yaml_is_said_by_its_line() -> None:
    with pytest.raises(Problem) as refused:
        read("subjects:\n  - id: [tofacitinib\n    name: x\n")
    assert "linje 3" in refused.value.detail
