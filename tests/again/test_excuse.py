"""A second try is for a few late tests, and for nothing that counts who was left out."""

import pytest

from tests.again.excuse import FEW, plain, why_not

LATE = "tests/system/test_commands.py::test_it"


@pytest.mark.parametrize("count", range(1, FEW + 1))
def test_a_few_are_tried_again(count: int) -> None:
    assert why_not([LATE] * count) == ""


@pytest.mark.parametrize(
    "failed",
    [
        [],
        [LATE] * (FEW + 1),
        ["tests/chaos/test_chaos.py::test_g1"],
        [LATE, "tests/proof/test_lifecycle_proof.py::test_g9"],
    ],
)
def test_nothing_else_is(failed: list[str]) -> None:
    assert why_not(failed)


@pytest.mark.parametrize(
    ("known", "id_"),
    [
        ("tests/a.py::test_a[x@example.org]@containers", "tests/a.py::test_a[x@example.org]"),
        ("tests/a.py::test_a[x@example.org]", "tests/a.py::test_a[x@example.org]"),
        ("tests/a.py::test_a@chaos", "tests/a.py::test_a"),
        ("tests/a.py::test_a[1]@a group", "tests/a.py::test_a[1]"),
        (LATE, LATE),
    ],
)
def test_a_test_of_a_group_is_found_by_its_id(known: str, id_: str) -> None:
    assert plain(known) == id_
