"""Each script of the product is killed at in the crash matrix, or the page says why not."""

import re

from hypothesis import given
from hypothesis import strategies as st

from services.notify.journal.entries import EntryKind
from tests.chaos.gate import HALF, in_journal
from tests.chaos.page import HEAD, cells, lines_of, merged, page
from tests.chaos.resp import REPO, scripts
from tests.chaos.without import WITHOUT

PAGE = (REPO / "docs" / "crash-matrix.md").read_text()
_WITH = re.compile(r"^-- with: (.+)$", re.MULTILINE)
_SCRIPT = re.compile(r"`EVALSHA ([\w/]+\.lua)")


def _on_their_own() -> set[str]:
    """The names of all scripts but those that only others stand on."""
    files = scripts()
    fragments = {REPO / "shared" / "bus" / "prelude.lua"}
    for path in files.values():
        for name in ", ".join(_WITH.findall(path.read_text())).split(", "):
            places = (path.parent, REPO / "shared" / "bus", path.parents[1])
            fragments |= {place / f"{name}.lua" for place in places if name}
    return {name for name, path in files.items() if path not in fragments}


def _killed_at(moment: str) -> set[str]:
    """Scripts at which a process was killed, by the page's lines that came about and were well."""
    lines = [cells(line) for line in lines_of(PAGE)]
    return {
        name
        for row in lines
        if row[2].startswith(moment) and row[7] == "ok"
        for name in _SCRIPT.findall(row[1])
    }


def test_a_process_was_killed_before_and_after_each_script_or_the_page_says_why_not() -> None:
    wanted = _on_their_own() - WITHOUT.keys()
    assert wanted - _killed_at("before") == set()
    assert wanted - _killed_at("after") == set()


def test_a_process_was_killed_at_each_step_of_the_journal_for_each_kind_of_entry() -> None:
    rows = [cells(line) for line in lines_of(PAGE)]
    killed = {
        (row[1].strip("`"), row[2].split(",")[0])
        for row in rows
        if row[0] in ("notify", "operator") and row[7] == "ok"
    }
    wanted = {
        (kind, moment)
        for kind in in_journal(*EntryKind)
        for moment in ("before", "after")
        if not (kind.startswith(HALF) and moment == "before")
    }
    assert wanted - killed == set()


def test_no_reason_is_given_for_what_is_killed_at_or_is_no_script() -> None:
    assert WITHOUT.keys() & (_killed_at("before") | _killed_at("after")) == set()
    assert WITHOUT.keys() - _on_their_own() == set()


def test_the_tests_that_reasons_name_are_there_and_kill() -> None:
    for why in WITHOUT.values():
        for file in re.findall(r"`(tests/\S+\.py)`", why):
            assert "kill" in (REPO / file).read_text().lower(), file


def test_the_page_is_as_its_own_lines_and_reasons_make_it() -> None:
    lines = lines_of(PAGE)
    assert page(lines, 300) == PAGE
    assert not [line for line in lines if "**" in line]
    assert len({tuple(cells(line)[:3]) for line in lines}) == len(lines)


LINES = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 9)).map(
    lambda found: [
        f"| {place} | `X` | before | {n} | 0 | 0 |  | ok | 2026 |" for place, n in found.items()
    ]
)


@given(LINES, LINES)
def test_lines_that_are_made_anew_stand_in_the_place_of_the_old_ones(
    before: list[str], new: list[str]
) -> None:
    after = merged(before, new)
    assert set(new) <= set(after)
    assert {line[2] for line in after} == {line[2] for line in [*before, *new]}
    assert [line[2] for line in after][: len(before)] == [line[2] for line in before]
    assert lines_of("\n".join(["# A page", HEAD, *after])) == after
