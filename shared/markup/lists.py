"""Lists that begin where an editor means one: after a blank line, or under an item's text.

CommonMark lets a `-` at the start of any line begin a list, so that «under» ⏎ «- 5 grader» loses
its minus. Word's bullets are lists as well, and need no blank line: they are nothing else.
"""

import re
from typing import NamedTuple

from markdown_it.rules_block import StateBlock

HARD_SPACE = "\u00a0"
BULLETS = "•‣◦▪▫●○■□➢\uf0b7\uf0a7"
"""What Word and mail programs write before an item; the last two are of its Symbol fonts."""

_PLAIN = re.compile(r"([-*+])(?=[ \t\u00a0]+\S)")
_PLUS_A_NUMBER = re.compile(r"\+\s+\d")
_WORDS = re.compile(rf"([{BULLETS}])(?=[ \t\u00a0]*\S)|([o·–—])(?=\t\s*\S)")
_DASH = re.compile(r"–[ \u00a0]+\S")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=[ \t\u00a0]+\S)")
_OPEN = "open lists"


class _Marker(NamedTuple):
    end: int
    """Where in the text it ends."""
    kind: str
    number: str
    """As written; empty for bullets."""
    from_word: bool
    """Nothing but an item begins like this, so no blank line is needed."""


def list_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """markdown-it's rule, with markers of our own, and without tasks."""
    marker = _marker(state, start_line, end_line)
    if marker is None:
        return False
    if silent:
        return _may_interrupt(state, start_line, marker)
    opened = _open(state)
    opened.append(marker.kind)
    place = len(state.tokens)
    name = "ordered_list" if marker.number else "bullet_list"
    token = state.push(f"{name}_open", "ol" if marker.number else "ul", 1)
    if marker.number and int(marker.number) != 1:
        token.attrs = {"start": int(marker.number)}
    token.markup = marker.kind
    token.map = lines = [start_line, 0]
    parent, state.parentType = state.parentType, "list"
    tight = _items(state, start_line, end_line, marker)
    state.push(f"{name}_close", "ol" if marker.number else "ul", -1).markup = marker.kind
    lines[1] = state.line
    state.parentType = parent
    opened.pop()
    if tight:
        _hide_paragraphs(state, place)
    return True


def _open(state: StateBlock) -> list[str]:
    """The kinds of the lists around, outermost first."""
    kinds: list[str] = state.env.setdefault(_OPEN, [])
    return kinds


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _marker(
    state: StateBlock, line: int, end_line: int, within: str | None = None
) -> _Marker | None:
    """The marker that `line` begins with; if `within` is a kind, only one of that kind."""
    if line >= end_line:
        return None
    text = _line(state, line)
    start = state.bMarks[line] + state.tShift[line]
    found: _Marker | None = None
    if match := _NUMBER.match(text):
        found = _Marker(start + match.end(), match[2], match[1], from_word=False)
    elif match := _PLAIN.match(text):
        if not _PLUS_A_NUMBER.match(text):
            found = _Marker(start + 1, match[1], "", from_word=False)
    elif match := _WORDS.match(text):
        minus = match[2] in ("–", "—") and text[1:].lstrip()[:1].isdigit()
        found = _Marker(start + 1, match[1] or match[2], "", from_word=not minus)
    elif _DASH.match(text) and ("–" in _open(state) or _dashes(state, line, end_line)):
        found = _Marker(start + 1, "–", "", from_word=False)
    return found if found and within in (None, found.kind) else None


def _dashes(state: StateBlock, line: int, end_line: int) -> bool:
    """Whether a line that begins with a dash is an item: one alone, and a question, is speech."""
    following = _line(state, line + 1) if line + 1 < end_line else ""
    return bool(_DASH.match(following)) and not _line(state, line).rstrip(" »”").endswith("?")


def _may_interrupt(state: StateBlock, line: int, marker: _Marker) -> bool:
    """Whether the paragraph before ends here. It does for the next item of an open list, and for
    the first item of a list inside an item."""
    opened = _open(state)
    if state.sCount[line] < state.blkIndent and state.parentType == "paragraph":
        return marker.from_word or marker.kind in opened
    if marker.from_word:
        return True
    inside_item = bool(opened) and state.listIndent >= 0
    first = not marker.number or int(marker.number) == 1
    return state.parentType == "paragraph" and inside_item and first


def _items(state: StateBlock, line: int, end_line: int, marker: _Marker) -> bool:
    """Read the items; whether they stand close together."""
    tight, empty_end = True, False
    terminators = state.md.block.ruler.getRules("list")
    following: _Marker | None = marker
    while following:
        token = state.push("list_item_open", "li", 1)
        token.markup, token.info = marker.kind, following.number
        token.map = lines = [line, 0]
        close = _item(state, line, end_line, following.end)
        if not close or empty_end:
            tight = False
        empty_end = state.line - line > 1 and state.isEmpty(state.line - 1)
        state.push("list_item_close", "li", -1).markup = marker.kind
        line = lines[1] = state.line
        if line >= end_line or state.sCount[line] < state.blkIndent:
            break
        if any(rule(state, line, end_line, True) for rule in terminators):
            break
        following = _marker(state, line, end_line, marker.kind)
    return tight


def _item(state: StateBlock, line: int, end_line: int, pos: int) -> bool:
    """Read the item at `line`, whose text begins behind `pos`; whether it has no blank lines."""
    first = state.bMarks[line] + state.tShift[line]
    after_marker = offset = state.sCount[line] + pos - first
    while pos < state.eMarks[line] and state.src[pos] in f" \t{HARD_SPACE}":
        tab = state.src[pos] == "\t"
        offset += 4 - (offset + state.bsCount[line]) % 4 if tab else 1
        pos += 1
    indent = after_marker + (offset - after_marker if offset - after_marker <= 4 else 1)
    kept = (state.tight, state.tShift[line], state.sCount[line], state.listIndent, state.blkIndent)
    state.listIndent, state.blkIndent, state.tight = state.blkIndent, indent, True
    state.tShift[line], state.sCount[line] = pos - state.bMarks[line], offset
    state.md.block.tokenize(state, line, end_line)
    close = state.tight
    state.tight, state.tShift[line], state.sCount[line], state.listIndent, state.blkIndent = kept
    return close


def _hide_paragraphs(state: StateBlock, place: int) -> None:
    level = state.level + 2
    for token in state.tokens[place:]:
        if token.level == level and token.type in ("paragraph_open", "paragraph_close"):
            token.hidden = True
