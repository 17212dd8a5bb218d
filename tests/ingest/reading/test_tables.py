"""What readers would not get of a table is refused, with its line and the way out."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.reading.body import read, refusals
from tests.ingest.reading.seen import is_as_written, page_text

HEAD = "| Vekt | Dose |\n|:-----|-----:|\n"
FITS = f"Dosen går etter vekt.\n\nTabell: Dose\n\n{HEAD}| 10 kg | 2*500 mg |\n| 20 kg | **1 g** |\n"


def refused(body: str) -> list[str]:
    return [one.message for one in refusals(read(body), None)]


def warned(body: str) -> list[str]:
    return [one.message() for one in read(body).findings if not one.refused]


@pytest.mark.parametrize(
    "body",
    [
        FITS,
        "| | Morgen |\n|---|---|\n| Voksne | 5 mg |",
        "| Bare én |\n|-|\n| 5 \\| 6 |",
        f"## Dose\n{HEAD}| a | [meld](https://example.org)[^1] |\n\n[^1]: Kilde.",
        f"{HEAD}| 1. dose | - 5 |\n| # 5 | > 5 mg |",
        "```\n| a | b |\n|---|---|\n| 1 |\n```",
        "Skriv a | b.",
    ],
)
def test_a_table_that_fits_is_accepted_without_a_word(body: str) -> None:
    found = read(body)
    assert (found.errors, found.findings) == ((), ())


def test_the_table_to_copy_is_accepted_without_a_word() -> None:
    page = Path(__file__).parents[3] / "docs" / "editor.md"
    (table,) = re.findall(r"^```md\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)
    found = read(table)
    assert (found.errors, found.findings) == ((), ())


REFUSED = {
    "too few cells": (f"Tekst.\n\n{HEAD}| 10 kg | 5 mg |\n| 20 kg |", 6, "1 celle,", "like mange"),
    "too many cells": (f"{HEAD}| 10 kg | 5 | 6 |", 3, "3 celler", "\\|"),
    "a row that does not end": (f"{HEAD}| 10 kg | 5 mg", 3, "«| 10 kg | 5 mg»", "slutt raden"),
    "text under it": (f"{HEAD}| 10 kg | 5 mg |\nDette gjelder alle.", 4, "Dette", "blank linje"),
    "too few under a heading": (f"## Dose\n{HEAD}| 10 kg |", 4, "1 celle,", "like mange"),
    "text over it": (f"Dose:\n{HEAD}| 10 kg | 5 mg |", 2, "over seg", "blank linje"),
    "dashes that do not fit": ("| a | b |\n|---|\n| 1 | 2 |", 2, "streker", "like mange"),
    "no headings": ("| | |\n|---|---|\n| 1 | 2 |", 1, "ingen overskrifter", "over hver kolonne"),
    "no line of dashes": ("Tekst.\n\n| 1 | 2 |\n| 3 | 4 |", 3, "overskrifter", "«|---|---|»"),
    "no head at all": ("|---|---|\n| 1 | 2 |", 1, "mangler overskriftene", "«| Vekt | Dose |»"),
    "a column without a heading": ("| a | |\n|---|---|\n| 1 | 2 |", 1, "kolonne 2", "skriv hva"),
    "no rows": (HEAD, 1, "ingen rader", "én linje for hver rad"),
    "no marks outside": ("a | b\n---|---\n1 | 2", 1, "for seg selv", "begynne og slutte med |"),
    "a table in a list": ("- | a | b |\n  |---|---|\n  | 1 | 2 |", 1, "for seg selv", "liste"),
    "a table in a quotation": ("> | a |\n> |---|\n> | 1 |", 1, "for seg selv", "sitat"),
    "a line break": (f"{HEAD}| 10 kg | 5<br>mg |", 3, "«<br>»", "en rad til"),
    "html": (f"{HEAD}| <b>10</b> | 5 mg |", 3, "HTML", "**"),
    "a picture": (f"{HEAD}| ![Eske](eske.jpg) | 5 mg |", 3, "bilde", "utenfor"),
    "a mark in code": (f"{HEAD}| `a\\|b` | 5 mg |", 3, "kode", "uten `"),
    "too many columns": ("|" + "a|" * 13 + "\n|" + "-|" * 13, 1, "12 kolonner", "del den"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_readers_would_not_get_is_refused_with_its_line_and_the_way_out(name: str) -> None:
    body, line, seen, way_out = REFUSED[name]
    message = refused(body)[0]
    assert message.startswith(f"linje {line} i teksten: "), message
    assert seen in message
    assert way_out in message


def test_html_in_a_table_is_told_of_once() -> None:
    assert len(refused(f"{HEAD}| 10 kg | 5<br>mg |")) == 1


WARNED = {
    "an empty cell": (f"{HEAD}| 10 kg | |", 3, "tom"),
    "cells of a spreadsheet": ("Dose:\n\nVekt\tDose\n10 kg\t5 mg\n20 kg\t10 mg", 3, "ett avsnitt"),
}  # fmt: skip


@pytest.mark.parametrize("name", WARNED)
def test_what_is_easily_misread_is_told_of(name: str) -> None:
    body, line, seen = WARNED[name]
    assert refused(body) == []
    (message,) = warned(body)
    assert message.startswith(f"linje {line} i teksten: ")
    assert seen in message


ROW = st.lists(
    st.sampled_from(["5 mg", "10", "*a*", "2*3", "a_b", "\\|", "`x`", "- 5", "> 5", "–", "æ", ""]),
    min_size=1,
    max_size=4,
).map(lambda cells: f"| {' | '.join(cells)} |")
LINES = ROW | st.sampled_from(
    ["|---|---|", "|:-:|", "|-|-:|-|", "", "", "Tekst", "- a", "> b", "# c"]
)


@given(st.lists(LINES, min_size=1, max_size=8).map("\n".join))
def test_a_table_that_is_accepted_is_seen_as_it_was_written(body: str) -> None:
    found = read(body)
    if not found.errors and not any(one.refused for one in found.findings):
        assert is_as_written(body), (body, page_text(body))
        lines = [line for line in body.split("\n") if line.startswith("|--")]
        assert page_text(body).count("|---") == 0, lines


@given(st.lists(LINES, min_size=1, max_size=8).map("\n".join))
def test_rows_that_do_not_fit_are_never_accepted(body: str) -> None:
    blocks = [block.strip("\n").split("\n") for block in body.split("\n\n")]
    for block in blocks:
        counts = {line.replace("\\|", "").count("|") for line in block if line[:1] == "|"}
        is_table = len(block) > 1 and any(set(line) <= set("|:-") for line in block if line)
        if is_table and block[0][:1] == "|" and len(counts) > 1:
            assert refused(body), block
