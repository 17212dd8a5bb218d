"""What differs between two texts, line by line, as `diff -u` writes it. Pure.

The work grows as the texts do, whatever they are: Python's difflib takes minutes for two bodies of
many short lines. Lines that stand once in both texts are found first; what lies between two of them
is compared whole, or counts as replaced if it is large.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

_CONTEXT_LINES = 3
"""Unchanged ones that are shown before and after a change."""
_LARGEST_TABLE = 64_000_000
"""Pairs of lines, a bit each, that are compared at most between two anchors."""

Match = tuple[int, int, int]
"""Where lines are the same in both texts, and how many."""


def unified(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Hunks with three lines around; nothing if the texts are the same."""
    lines: list[str] = []
    for hunk in _hunks(_changes(before, after)):
        (start, _, start_after, _), (_, end, _, end_after) = hunk[0], hunk[-1]
        start, start_after = max(0, start - _CONTEXT_LINES), max(0, start_after - _CONTEXT_LINES)
        end = min(len(before), end + _CONTEXT_LINES)
        end_after = min(len(after), end_after + _CONTEXT_LINES)
        lines.append(f"@@ -{_range(start, end)} +{_range(start_after, end_after)} @@")
        for one, other, one_after, other_after in hunk:
            lines += (f" {line}" for line in before[start:one])
            lines += (f"-{line}" for line in before[one:other])
            lines += (f"+{line}" for line in after[one_after:other_after])
            start = other
        lines += (f" {line}" for line in before[start:end])
    return lines


def _range(start: int, end: int) -> str:
    """As the standard of `diff` has it: an empty range begins at the line before it."""
    length = end - start
    if length == 1:
        return f"{start + 1}"
    return f"{start + 1 if length else start},{length}"


LineChange = tuple[int, int, int, int]
"""Lines from and to, before and after."""


def _hunks(changes: Iterator[LineChange]) -> list[list[LineChange]]:
    """Changes whose surroundings touch stand together."""
    hunks: list[list[LineChange]] = []
    for change in changes:
        if hunks and change[0] - hunks[-1][-1][1] <= 2 * _CONTEXT_LINES:
            hunks[-1].append(change)
        else:
            hunks.append([change])
    return hunks


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[LineChange]:
    one = other = 0
    for start, start_after, length in (*matches(before, after), (len(before), len(after), 0)):
        if (one, other) != (start, start_after):
            yield one, start, other, start_after
        one, other = start + length, start_after + length


def matches(before: Sequence[str], after: Sequence[str]) -> Iterator[Match]:
    """What the two texts have in common, in order and not overlapping."""
    one = other = 0
    for anchor, anchor_after in (*_anchors(before, after), (len(before), len(after))):
        yield from _between(before[one:anchor], after[other:anchor_after], one, other)
        if anchor < len(before):
            yield anchor, anchor_after, 1
        one, other = anchor + 1, anchor_after + 1


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Lines that stand once in both texts, as many as have the same order in both ("patience
    diff": the longest increasing subsequence)."""
    counts, counts_after = Counter(before), Counter(after)
    places = {line: at for at, line in enumerate(after) if counts_after[line] == 1}
    pairs = [(at, places[line]) for at, line in enumerate(before)
             if counts[line] == 1 and line in places]  # fmt: skip
    ends: list[int] = []
    last: list[int] = []
    links: list[int] = []
    for number, (_, at) in enumerate(pairs):
        length = bisect_left(ends, at)
        links.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [at]
        last[length : length + 1] = [number]
    found = []
    number = last[-1] if last else -1
    while number >= 0:
        found.append(pairs[number])
        number = links[number]
    return found[::-1]


def _between(
    before: Sequence[str], after: Sequence[str], first: int, first_after: int
) -> Iterator[Match]:
    """Matches of a part of the texts that begins at `first` and `first_after`."""
    head = _same(zip(before, after, strict=False))
    yield first, first_after, head
    before, after = before[head:], after[head:]
    tail = _same(zip(reversed(before), reversed(after), strict=False))
    end, end_after = len(before) - tail, len(after) - tail
    if end * end_after <= _LARGEST_TABLE:
        for at, at_after in _longest_common(before[:end], after[:end_after]):
            yield first + head + at, first_after + head + at_after, 1
    yield first + head + end, first_after + head + end_after, tail


def _same(pairs: Iterator[tuple[str, str]]) -> int:
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _longest_common(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """The longest common subsequence, as pairs of places. All of a row of the usual table is one
    number, and a row is made by a few operations on it (Hyyrö 2004, "Bit-parallel LCS-length
    computation revisited")."""
    where: dict[str, int] = {}
    for at, line in enumerate(after):
        where[line] = where.get(line, 0) | 1 << at
    full, size = (1 << len(after)) - 1, (len(after) + 7) // 8
    row, rows = full, []
    for line in before:
        hits = row & where.get(line, 0)
        row = (row + hits | row - hits) & full
        rows.append(row.to_bytes(size, "little"))

    def grows(at: int, at_after: int) -> bool:
        """A zero is where the length grows by one from the column before."""
        return not rows[at][at_after // 8] >> at_after % 8 & 1

    found = []
    at, at_after = len(before) - 1, len(after) - 1
    while at >= 0 and at_after >= 0:
        if not grows(at, at_after):
            at_after -= 1
        elif at and grows(at - 1, at_after):
            at -= 1
        else:
            found.append((at, at_after))
            at, at_after = at - 1, at_after - 1
    return found[::-1]
