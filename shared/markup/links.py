"""Addresses that stand bare in a text are links, and every link knows what was written for it."""

import re
from collections.abc import Callable

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.autolink import autolink
from markdown_it.token import Token

SOURCE = "source"
"""In a token's meta: the text that a link, picture or footnote mark was written as."""

_BARE = re.compile(
    r"(?<![\w@./:-])(?:https?://(?=[\w\[])|www\.(?=[\w-]+\.\w))[^\s<>\"“”„«»`|\\]+", re.IGNORECASE
)
_IN_BRACKETS = re.compile(
    r"<(?:https?://[^\s<>]+|mailto:[^\s<>]+|tel:[^\s<>]+|[^\s<>@:]+@[^\s<>@]+\.[a-z]{2,})>",
    re.IGNORECASE,
)
_END_MARKS = ".,;:!?'’‘…*_~"
_LONGEST_ADDRESS = 2000
"""Characters."""

InlineRule = Callable[[StateInline, bool], bool]


def with_source(rule: InlineRule) -> InlineRule:
    """`rule`, whose first token has in its meta what it was written as."""

    def wrapped(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if not silent:
            new = (state.tokens[at] for at in range(count, len(state.tokens)))
            if first := next((token for token in new if token.type != "text"), None):
                first.meta[SOURCE] = state.src[start : state.pos]
        return True

    return wrapped


def address_in_brackets(state: StateInline, silent: bool) -> bool:
    """`<https://…>` and `<a@example.org>`; to CommonMark `<pH:7>` is an address too."""
    if not _IN_BRACKETS.match(state.src, state.pos, state.pos + _LONGEST_ADDRESS):
        return False
    return autolink(state, silent)


def bare_links(state: StateCore) -> None:
    """`https://…` and `www.…` become links, without the full stop behind them."""
    for block in state.tokens:
        if block.type != "inline" or not _BARE.search(block.content):
            continue
        children: list[Token] = []
        inside = 0
        for token in block.children or ():
            inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
            if token.type == "text" and not inside:
                children += _with_links(state, token)
            else:
                children.append(token)
        block.children = children


def _with_links(state: StateCore, token: Token) -> list[Token]:
    text, level, place = token.content, token.level, 0
    pieces: list[Token] = []
    for found in _BARE.finditer(text):
        shown = _without_end(found[0])
        bare = shown if "://" in shown[:8] else f"https://{shown}"
        href = state.md.normalizeLink(bare)
        if not state.md.validateLink(href):
            continue
        if found.start() > place:
            pieces.append(Token("text", "", 0, level=level, content=text[place : found.start()]))
        how = {"markup": "linkify", "info": "auto", "level": level}
        pieces += [
            Token("link_open", "a", 1, attrs={"href": href}, **how),  # type: ignore[arg-type]
            Token("text", "", 0, level=level + 1, content=shown),
            Token("link_close", "a", -1, **how),  # type: ignore[arg-type]
        ]
        place = found.start() + len(shown)
    if not pieces:
        return [token]
    if place < len(text):
        pieces.append(Token("text", "", 0, level=level, content=text[place:]))
    return pieces


def _without_end(address: str) -> str:
    """Without marks that end the sentence, and without a `)` or `]` that nothing in it opened."""
    open_ = {")": address.count("(") - address.count(")"),
             "]": address.count("[") - address.count("]")}  # fmt: skip
    end = len(address)
    while end:
        last = address[end - 1]
        if last in open_ and open_[last] < 0:
            open_[last] += 1
        elif last not in _END_MARKS:
            break
        end -= 1
    return address[:end]
