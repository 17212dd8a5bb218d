"""Emphasis and code stand at word borders: `2*500 mg` and `a_b` are what they are.

CommonMark lets `*` open and close inside a word, and refuses to close after a full stop that a
letter follows («**Viktig:**Les»). Both surprise people who write doses.
"""

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.backticks import backtick
from markdown_it.rules_inline.state_inline import Delimiter

_BEFORE = frozenset("([{«\"'“”„‘’‹–—-…")
"""What an opening mark may follow, besides a space and the beginning."""
_AFTER = frozenset(".,;:!?)]}»\"'”“’‘›–—-…[^")
"""What a closing mark may precede, besides a space and the end. `[` and `^` begin footnotes."""


def emphasis(state: StateInline, silent: bool) -> bool:
    """Each mark is a token of its own, with whether it may open or close."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    end = state.pos
    while end < state.posMax and state.src[end] == marker:
        end += 1
    length = end - state.pos
    opens, closes = _sides(state, end, length)
    for _ in range(length):
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=length,
                token=len(state.tokens) - 1,
                end=-1,
                open=opens,
                close=closes,
            )
        )
    state.pos = end
    return True


def _sides(state: StateInline, end: int, length: int) -> tuple[bool, bool]:
    """Whether the marks up to `end` may open and close.

    Marks of the other kind beside them, as in `**_a_**`, are looked past: three at most, as many
    as anybody writes.
    """
    inner_left = state.src[state.pos - 1] if state.pos else " "
    inner_right = state.src[end] if end < state.posMax else " "
    before = _past_marks(state.src[max(0, state.pos - 4) : state.pos][::-1])
    after = _past_marks(state.src[end : min(end + 4, state.posMax)])
    opens = not inner_right.isspace() and (before.isspace() or before in _BEFORE)
    closes = not inner_left.isspace() and (after.isspace() or after in _AFTER)
    # «**Viktig:**Les», «**«Exempla»**tabletter», «**Exempla**(eksempelinib)»: what two marks opened
    # can only be meant to end here.
    if length == 2 and not before.isspace():
        closes = closes or after == "(" or (after.isalnum() and not before.isalnum())
    return opens, closes


def _past_marks(beside: str) -> str:
    return next((char for char in beside if char not in "*_"), " " if len(beside) < 4 else "*")


def code_at_word_borders(state: StateInline, silent: bool) -> bool:
    """Code as CommonMark has it, but none that begins or ends inside a word or a number."""
    start = state.pos
    if state.src[start] != "`":
        return False
    tokens, pending, level = len(state.tokens), state.pending, state.pendingLevel
    backtick(state, silent)
    opening = start
    while opening < state.posMax and state.src[opening] == "`":
        opening += 1
    before = state.src[start - 1] if start else " "
    after = state.src[state.pos] if state.pos < state.posMax else " "
    if state.pos > opening and (before.isalnum() or after.isalnum()):
        del state.tokens[tokens:], state.tokens_meta[tokens:]
        state.pending, state.pendingLevel = pending, level
        if not silent:
            state.append_pending(state.src[start:opening])
        state.pos = opening
    return True
