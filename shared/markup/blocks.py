"""Headings, quotations, rules and code blocks that begin where an editor means one.

All but a rule (`---`) and a picture need a blank line before them, so that a line of a paragraph is
that: «> 5 mg» is more than five.
"""

import re

from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.blockquote import blockquote
from markdown_it.rules_block.fence import fence
from markdown_it.rules_block.hr import hr
from markdown_it.rules_block.lheading import lheading
from markdown_it.rules_core import StateCore

_HEADING = re.compile(r"(#{1,6})[ \t\u00a0]+(\S.*)|(#{2,6})([«\"“(]?[^\W\d_].*)")
_NUMBER_SIGN = re.compile(r"#[ \t\u00a0]+\d")
_NO_QUOTATION = re.compile(r"[>\s]*>\s*(?:=|[.,]?\d|$)")
"""No quotation: «> 5» is «more than five», and a lone «>» is nothing."""
_UNDERLINE = re.compile(r"(?:-{3,}|={3,})[ \t]*")
_FENCE = re.compile(r"(?:`{3,}|~{3,})[ \t]*")
_PICTURE = re.compile(
    r"!\[[^\[\]]*\]\((?:<[^<>]*>|[^\s()<>]*)(?:[ \t]+(?:\"[^\"]*\"|'[^']*'))?[ \t]*\)[ \t]*"
)
_UNCLOSED = "unclosed fences"


def blank_lines(state: StateCore) -> None:
    """Lines of nothing but spaces, hard ones too, are blank: Word puts them between paragraphs, and
    mail into quotations."""
    state.src = "\n".join(
        line if line.strip("> \t\u00a0") else line.replace("\u00a0", " ").rstrip()
        for line in state.src.split("\n")
    )


def line_of(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def heading(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
    """`## Tittel`, and `##Tittel` too. Marks at the end belong to it if they are as many."""
    text = line_of(state, line)
    found = None if silent else _HEADING.fullmatch(text)
    if not found or _NUMBER_SIGN.match(text):
        return False
    marks, words = found[1] or found[3], mdTrim(found[2] or found[4])
    closing = re.fullmatch(rf"(.*\S)[ \t]+{marks}", words)
    state.line = line + 1
    for name, nesting in (("heading_open", 1), ("inline", 0), ("heading_close", -1)):
        token = state.push(name, f"h{len(marks)}" if nesting else "", nesting)  # type: ignore[arg-type]
        token.markup = marks if nesting else ""
        token.map = [line, line + 1] if nesting >= 0 else None
        if name == "inline":
            token.content, token.children = closing[1] if closing else words, []
    return True


def underlined_heading(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """One line over three marks or more; CommonMark takes a whole paragraph, over a single one."""
    if line + 1 >= end_line or not 0 <= state.sCount[line + 1] - state.blkIndent <= 3:
        return False
    below = _UNDERLINE.fullmatch(line_of(state, line + 1))
    return bool(below) and lheading(state, line, end_line, silent)


def rule(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """`- - -` could be the line of a paragraph; `---` could not. Neither is one behind a number."""
    spaced = len(line_of(state, line).split()) > 1
    start = state.bMarks[line]
    behind = state.src[start : start + state.tShift[line]].strip()
    return not (silent and spaced) and not behind and hr(state, line, end_line, silent)


def quotation(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    if silent and state.parentType != "list":
        return False
    if _NO_QUOTATION.match(line_of(state, line)):
        return False
    return blockquote(state, line, end_line, silent)


def closed_fence(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """Code between two fences. One without an end would swallow the rest of the article, and words
    beside it would vanish."""
    text = line_of(state, line)
    if silent or text[:1] not in ("`", "~") or not _FENCE.fullmatch(text):
        return False
    length = len(text) - len(text.lstrip(text[0]))
    # What had no end before has none now: looking again would take quadratic time.
    unclosed = state.env.setdefault(_UNCLOSED, {})
    key = (text[0], end_line, state.blkIndent)
    if length >= unclosed.get(key, length + 1):
        return False
    if not fence(state, line, end_line, silent):
        return False
    last = line_of(state, state.line - 1).strip()
    if state.line - 1 > line and set(last) == {text[0]} and len(last) >= length:
        return True
    state.tokens.pop()
    state.line = line
    unclosed[key] = length
    return False


def picture(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
    """A picture on a line of its own is a paragraph of its own."""
    text = line_of(state, line)
    if not _PICTURE.fullmatch(text):
        return False
    if silent:
        return state.parentType == "paragraph" and state.sCount[line] >= state.blkIndent
    state.line = line + 1
    state.push("paragraph_open", "p", 1).map = [line, line + 1]
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = mdTrim(text), [line, line + 1], []
    state.push("paragraph_close", "p", -1)
    return True
