"""Which releases may be made, and what they change in a text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varsel.release.plan import (
    CHANGELOG,
    CODE,
    PYPROJECT,
    DataForms,
    ReleaseRefused,
    forms_of,
    last_of,
    require_greater,
    require_neighbours,
    unreleased,
    with_release,
    with_version,
)

DAY = date(2026, 12, 1)
NUMBERS = st.tuples(*[st.integers(0, 12)] * 3)


@given(st.lists(NUMBERS), NUMBERS)
def test_a_release_is_greater_than_all_before_it_by_numbers_and_not_by_letters(
    before: list[tuple[int, int, int]], new: tuple[int, int, int]
) -> None:
    tags = [f"v{a}.{b}.{c}" for a, b, c in before] + ["v1", "nightly", "va.b.c", "1.2.3"]
    last = last_of(tags)
    assert last == ("v{}.{}.{}".format(*max(before)) if before else None)
    version = "{}.{}.{}".format(*new)
    if not before or new > max(before):
        require_greater(version, last)
    else:
        with pytest.raises(ReleaseRefused, match="not greater"):
            require_greater(version, last)


@pytest.mark.parametrize("text", ["1.2", "v1.2.3", "1.2.3.4", "01.2.3", "1.2.x", "", "1.2.3\n"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ReleaseRefused, match="is no version"):
        require_greater(text, None)


@given(*[st.integers(1, 6)] * 4)
def test_of_two_releases_each_runs_on_what_the_other_writes(
    written: int, oldest: int, then: int, then_oldest: int
) -> None:
    before, after = DataForms(written, oldest), DataForms(then, then_oldest)
    new_reads_old = then_oldest <= written
    old_reads_new = written <= then <= written + 1
    if new_reads_old and old_reads_new:
        require_neighbours(before, after)
    else:
        with pytest.raises(ReleaseRefused):
            require_neighbours(before, after)


def test_forms_are_read_from_the_code_and_must_be_there() -> None:
    assert forms_of("VERSION = '1'\nFORM = 3\nOLDEST_FORM = 2\n") == DataForms(3, 2)
    for code in ("FORM = 3\n", "OLDEST_FORM = 3\n", "FORM = 1 + 1\nOLDEST_FORM = 1\n", ""):
        with pytest.raises(ReleaseRefused):
            forms_of(code)


def test_the_version_is_set_where_it_stands_and_nowhere_else() -> None:
    project = 'name = "varsel"\nversion = "0.1.0"\n[tool.ruff]\ntarget-version = "py311"\n'
    assert with_version(PYPROJECT, project, "1.2.0") == project.replace("0.1.0", "1.2.0")
    assert with_version(CODE, 'VERSION = "0.1.0"\nFORM = 1\n', "1.2.0").startswith(
        'VERSION = "1.2.0"\n'
    )
    chart = (
        'apiVersion: v2\nname: varsel\nversion: 0.1.0\nappVersion: "0.1.0"\n'
        "dependencies:\n  - name: x\n    version: 7.0.0\n"
    )
    done = with_version("deploy/helm/varsel/Chart.yaml", chart, "1.2.0")
    assert done == chart.replace("0.1.0", "1.2.0")
    for file in (PYPROJECT, CODE, "deploy/helm/varsel/Chart.yaml"):
        with pytest.raises(ReleaseRefused, match="no line for the version"):
            with_version(file, "name = 1\n", "1.2.0")


LOG = "# Changes\n\nNewest first.\n\n## Unreleased\n\n- **A thing**: why.\n\n- Another.\n"
OLDER = "\n## 1.1.0 (2026-11-01)\n\n- **A thing**: why.\n"


@pytest.mark.parametrize("older", ["", OLDER])
def test_what_is_unreleased_comes_under_the_version_and_nothing_is_lost(older: str) -> None:
    done = with_release(LOG + older, "1.2.0", DAY)
    assert done == (
        "# Changes\n\nNewest first.\n\n## Unreleased\n\n## 1.2.0 (2026-12-01)\n\n"
        f"- **A thing**: why.\n\n- Another.\n{older}"
    )
    with pytest.raises(ReleaseRefused, match="says nothing"):
        unreleased(done)


def test_a_changelog_without_such_a_part_is_refused() -> None:
    with pytest.raises(ReleaseRefused, match="no part"):
        unreleased(f"# {CHANGELOG}\n\n- A thing.\n")
