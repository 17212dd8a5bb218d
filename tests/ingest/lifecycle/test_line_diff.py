"""What differs between two texts, and that finding it out takes no longer than reading them."""

import difflib
import re

from hypothesis import example, given
from hypothesis import strategies as st

from services.ingest.lifecycle.diff.lines import unified

LINES = st.lists(st.sampled_from([*"abcde", "", "en linje", "- strek", "+ pluss"]), max_size=40)
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def patched(before: list[str], diff: list[str]) -> list[str]:
    """What `patch` makes of `before`; every context line and every count is held."""
    result: list[str] = []
    at = 0
    lines = iter(diff)
    for head in lines:
        found = _HUNK.fullmatch(head)
        assert found, head
        old, new = (int(found[2] or 1), int(found[4] or 1))
        start = int(found[1]) - (1 if old else 0)
        result += before[at:start]
        at = start
        assert int(found[3]) - (1 if new else 0) == len(result)
        while old or new:
            line = next(lines)
            if line[0] in " -":
                assert before[at] == line[1:]
                at, old = at + 1, old - 1
            if line[0] in " +":
                result.append(line[1:])
                new -= 1
    return result + before[at:]


@given(LINES, LINES)
@example([], ["a"])
@example(["a"], [])
@example(["a"] * 9 + ["b"], ["b"] + ["a"] * 9)
def test_a_diff_makes_the_one_text_of_the_other(before: list[str], after: list[str]) -> None:
    assert patched(before, unified(before, after)) == after


@given(LINES)
def test_the_same_text_has_no_diff(lines: list[str]) -> None:
    assert unified(lines, lines) == []


@given(st.lists(st.sampled_from("ab"), max_size=12), st.lists(st.sampled_from("ab"), max_size=12))
def test_what_can_be_the_same_is_the_same(one: list[str], other: list[str]) -> None:
    def longest(left: list[str], right: list[str]) -> int:
        row = [0] * (len(right) + 1)
        for line in left:
            above = row[:]
            for at, against in enumerate(right):
                row[at + 1] = above[at] + 1 if line == against else max(above[at + 1], row[at])
        return row[-1]

    # None of the lines stands once in both, so that there is no anchor.
    one, other = [*one, "a", "a", "b", "b"], [*other, "a", "b"]
    kept = len(one) - sum(line.startswith("-") for line in unified(one, other))
    assert kept == longest(one, other)


def test_an_ordinary_change_is_shown_as_everybody_shows_it() -> None:
    before = [f"Linje {number}." for number in range(40)]
    after = [*before[:5], "Ny linje.", *before[5:20], "Endret.", *before[21:]]
    expected = list(difflib.unified_diff(before, after, lineterm=""))[2:]
    assert unified(before, after) == expected
