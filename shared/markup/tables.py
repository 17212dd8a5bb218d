"""Tables, for doses that need one: every row begins and ends with `|`, and has as many cells as the
one above it.

GFM drops cells that are too many, fills in those that are too few, and takes the line below for a
row. Here either all rows fit, or nothing is a table and each character is text. A table stands for
itself: not in a list, a quotation or a footnote, and not under a line of a paragraph.
"""

import re
from typing import Literal

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

MOST_COLUMNS = 12
"""No phone shows as many."""
CELL = "cell"
"""In an inline token's meta: that it is the text of a cell."""
ALIGN = "align"
"""In the meta of a cell's opening: to which side its text stands, if a side was asked for."""
Align = Literal["left", "center", "right"]

_HEAD_ENDS = re.compile(r"\|(?:[ \t]*:?-+:?[ \t]*\|)+")
_ANYWHERE = re.compile(rf"^ {{0,3}}{_HEAD_ENDS.pattern}[ \t]*$", re.MULTILINE)
_SPACES = " \t\u00a0"
_LOOKED_AT = "no table before"


def cells(line: str) -> list[str] | None:
    """The texts of a row, still escaped; None if `line` is no row."""
    text = line.strip(_SPACES)
    if len(text) < 2 or text[0] != "|":
        return None
    found, start, place = [], 1, 1
    while place < len(text):
        if text[place] == "\\":
            place += 1
        elif text[place] == "|":
            found.append(text[start:place].strip(_SPACES))
            start = place + 1
        place += 1
    return found if start == len(text) else None


def ends_head(line: str) -> bool:
    """Whether `line` is the one of dashes under a table's head."""
    return bool(_HEAD_ENDS.fullmatch(line.strip(_SPACES)))


def has_table(body: str) -> bool:
    """Whether a body that was accepted has a table. Without parsing it, since a line like that of
    the dashes is refused where it is in none."""
    return bool(_ANYWHERE.search(body))


def alignments(line: str) -> list[Align | None]:
    """How each column is aligned, by the line of dashes."""
    sides: dict[tuple[bool, bool], Align] = {
        (True, False): "left",
        (True, True): "center",
        (False, True): "right",
    }
    return [sides.get((one.startswith(":"), one.endswith(":"))) for one in cells(line) or ()]


def table(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """The rule: a table is all lines up to the next blank one, or it is none."""
    env = state.env
    if silent or state.level or state.parentType != "root" or line < env.get(_LOOKED_AT, 0):
        return False
    if not _may_begin(state, line, end_line):
        return False
    end = line
    while end < end_line and not state.isEmpty(end):
        end += 1
    # Whatever stands in these lines has been looked at: again would take quadratic time.
    env[_LOOKED_AT] = end
    rows = [cells(_line(state, at)) for at in range(line, end)]
    columns = len(rows[0] or ())
    if not 0 < columns <= MOST_COLUMNS or any(row is None or len(row) != columns for row in rows):
        return False
    sides = alignments(_line(state, line + 1))
    state.push("table_open", "table", 1).map = [line, end]
    for part, name, first, last in (("thead", "th", 0, 1), ("tbody", "td", 2, len(rows))):
        if first == last:
            continue
        state.push(f"{part}_open", part, 1).map = [line + first, line + last]
        for at in range(first, last):
            _row(state, name, rows[at] or [], sides, line + at)
        state.push(f"{part}_close", part, -1)
    state.push("table_close", "table", -1)
    state.line = end
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _may_begin(state: StateBlock, line: int, end_line: int) -> bool:
    if line + 1 >= end_line or state.sCount[line] > 3:
        return False
    return _line(state, line).startswith("|") and ends_head(_line(state, line + 1))


def _row(
    state: StateBlock, name: str, texts: list[str], sides: list[Align | None], line: int
) -> None:
    state.push("tr_open", "tr", 1).map = [line, line + 1]
    for text, side in zip(texts, sides, strict=True):
        opening = state.push(f"{name}_open", name, 1)
        opening.meta = {ALIGN: side} if side else {}
        inline: Token = state.push("inline", "", 0)
        inline.content, inline.map, inline.children = text, [line, line + 1], []
        inline.meta = {CELL: True}
        state.push(f"{name}_close", name, -1)
    state.push("tr_close", "tr", -1)
