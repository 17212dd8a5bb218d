"""Pure: the lines of a list to records of cells (RFC 4180), forgiving if the meaning is clear.

Python's `csv` gives up, or swallows the rest of the file, at the first quote that is not as it
should be; here such a line is the only one that is refused.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from services.notify.register.reading.list_text import LONGEST_LINE, ListLine

MOST_LINES = 100
"""Lines that a quoted cell may go over."""
_QUOTED = re.compile(r'[ ]*"([^"]*+(?:""[^"]*+)*+)"[ ]*')
_OPEN = re.compile(r'[ ]*"[^"]*+(?:""[^"]*+)*+\Z')
_OPENING_QUOTE_FIRST = re.compile(r'[^"]*(?<![^\s(])"')
_NOT_CLOSED = (
    'linjen har et anførselstegn (") som ikke er lukket; fjern det, eller sett ett til der cellen '
    "slutter"
)


class _NotClosed(Exception):
    """A cell's quote is never closed, or it is not clear where."""


class _GoesOn(Exception):
    """The last cell's quote is not closed on this line."""


@dataclass(slots=True)  # frozen, one takes half a microsecond more, and there are millions
class Record:
    """What stands between two line ends, before anybody judges it."""

    line: int
    """The first line of it."""
    cells: list[str] = field(repr=False)
    fault: str = ""
    """Why it cannot be read, in Norwegian; empty if it can."""


def cells_of(text: str, delimiter: str) -> list[str] | None:
    """The cells of one line without its end; none if it cannot be told where they end."""
    try:
        return _cells(text, delimiter)
    except (_NotClosed, _GoesOn):
        return None


def records(
    lines: Iterable[ListLine], delimiter: str, is_new: Callable[[list[str]], bool]
) -> Iterator[Record]:
    """The records on `lines`. A quoted cell may go over several.

    `is_new` says of the cells of a line whether it must be a record of its own: so the reader sees
    that a quote above it was forgotten, and refuses only the line with that quote.
    """
    waiting = deque[ListLine]()
    rest = iter(lines)
    while line := waiting.popleft() if waiting else next(rest, None):
        if line.fault:
            yield Record(line.number, [], line.fault)
            continue
        text = _without_end(line.text)
        try:
            yield Record(line.number, _cells(text, delimiter))
        except _NotClosed:
            yield Record(line.number, [], _NOT_CLOSED)
        except _GoesOn:
            while len(waiting) < MOST_LINES and (further := next(rest, None)):
                waiting.append(further)
            found = _over_lines(line, waiting, delimiter, is_new)
            yield found or Record(line.number, [], _NOT_CLOSED)


def _over_lines(
    line: ListLine, waiting: deque[ListLine], delimiter: str, is_new: Callable[[list[str]], bool]
) -> Record | None:
    """The record that begins on `line` and ends on one of those that wait; none if it does not end
    there. Lines that belong to it wait no more."""
    text = line.text
    for count, further in enumerate(waiting, 1):
        alone = cells_of(_without_end(further.text), delimiter)
        text += further.text
        if further.fault or len(text) > LONGEST_LINE or (alone and is_new(alone)):
            return None
        if '"' not in further.text:
            continue
        try:
            found = Record(line.number, _cells(_without_end(text), delimiter))
        except _GoesOn:
            continue
        except _NotClosed:
            return None
        for _ in range(count):
            waiting.popleft()
        return found
    return None


def _cells(text: str, delimiter: str) -> list[str]:
    if '"' not in text:
        return text.split(delimiter)
    found, at = [], 0
    while True:
        cell, at = _cell(text, at, delimiter)
        found.append(cell)
        if at == len(text):
            return found
        at += 1


def _cell(text: str, at: int, delimiter: str) -> tuple[str, int]:
    """The cell that begins at `at`, and where it ends."""
    if quoted := _QUOTED.match(text, at):
        end = quoted.end()
        if end == len(text) or text[end] == delimiter:
            return quoted[1].replace('""', '"'), end
    if _OPEN.match(text, at):
        raise _GoesOn
    end = text.find(delimiter, at)
    end = len(text) if end < 0 else end
    return _as_written(text[at:end]), end


def _as_written(cell: str) -> str:
    """A cell whose quotes were not doubled: a name such as `"Bosse" Li`, in quotes or without.
    Databases write a backslash instead (`"\\"Bosse\\" Li"`)."""
    inner = cell.strip(" ")
    if not inner.startswith('"'):
        return cell
    if inner.count('"') % 2:
        raise _NotClosed
    if inner.endswith('"') and '\\"' in inner[1:-1]:
        return inner[1:-1].replace('\\"', '"')
    if inner.endswith('"') and _OPENING_QUOTE_FIRST.match(inner[1:-1]):
        return inner[1:-1]
    return cell


def _without_end(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r")
