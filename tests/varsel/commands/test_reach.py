"""An approver is told whom an alert reaches, and why it does not reach others."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from varsel.commands.views.preview import show_reach

ALL = {"subjects": None, "about": [], "extreme": False, "unmatched": []}
NOTHING: dict[str, Any] = {
    "matched": ALL, "audience": 10, "first": 10, "gone": 0, "chose_others": 0, "not_owed": 0,
    "no_address": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("preview", "lines"),
    [
        ({}, []),
        ({"matched": None}, []),
        (
            {"matched": ALL | {"subjects": ["a", "b"], "about": ["a", "b"]}, "chose_others": 7},
            [
                "Gjelder emnene: a, b. Går til dem som har valgt et av dem, eller alle varsler.",
                "Ikke med: 7 har valgt andre emner.",
            ],
        ),
        (
            {"matched": ALL | {"about": ["a"], "unmatched": ["tofasitinib"]}},
            [
                "Går til alle, fordi dette ikke er navn på noe emne: «tofasitinib». "
                "Gjelder emnene: a."
            ],
        ),
        (
            {"matched": ALL | {"extreme": True}},
            ["Går til alle, fordi det er svært alvorlig (extreme)."],
        ),
        (
            {"first": 4, "gone": 2, "not_owed": 3, "no_address": 5},
            [
                "For 4 av dem er det den første e-posten om dette.",
                "Ikke med: 2 har meldt seg av eller er slettet; "
                "3 fikk aldri varselet, eller er ikke med på øvelser; "
                "5 har en e-postadresse som ikke finnes lenger.",
            ],
        ),
    ],
)
def test_it_is_said_in_numbers(preview: dict[str, Any], lines: list[str]) -> None:
    on = StringIO()
    show_reach(NOTHING | preview, Console(file=on))
    assert on.getvalue().splitlines() == lines
