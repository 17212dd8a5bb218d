"""Numbers stay as they were written: what does not count up by one is no list, but paragraphs.

To CommonMark «3. jan. kom brevet.» is item 3 of a list, and the paragraph «17. feb. …» is its item
4, whatever date it has. And a lone «- 5 grader» is no list of one, but five degrees below zero.
"""

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from shared.markup.lists import HARD_SPACE

_MONTH = re.compile(
    r"(?:januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember"
    r"|jan\.?|feb\.?|mar\.|apr\.?|jun\.?|jul\.|aug\.?|sept?\.?|okt\.?|nov\.?|des\.?)(?!\w)",
    re.IGNORECASE,
)
_LISTS = ("ordered_list_open", "bullet_list_open")


def as_written(state: StateCore) -> None:
    """Lists that are none become the paragraphs that were written. Before texts are parsed."""
    state.tokens = _settled(state.tokens)


def _settled(tokens: list[Token]) -> list[Token]:
    kept: list[Token] = []
    place = 0
    while place < len(tokens):
        is_list = tokens[place].type in _LISTS
        items, end = _items(tokens, place) if is_list else ([], place)
        if not is_list or _is_list(tokens[place], items):
            kept.append(tokens[place])
            place += 1
            continue
        for opening, content in items:
            kept += _settled(_paragraphs(opening, content))
        place = end
    return kept


def _items(tokens: list[Token], place: int) -> tuple[list[tuple[Token, list[Token]]], int]:
    """Each item's opening and content, and where the list ends."""
    items: list[tuple[Token, list[Token]]] = []
    level = tokens[place].level
    for at in range(place + 1, len(tokens)):
        token = tokens[at]
        if token.level == level:
            return items, at + 1
        if token.level == level + 1 and token.type == "list_item_open":
            items.append((token, []))
        elif not (token.level == level + 1 and token.type == "list_item_close"):
            items[-1][1].append(token)
    return items, len(tokens)


def _is_list(opening: Token, items: list[tuple[Token, list[Token]]]) -> bool:
    texts = [_first_text(content) for _, content in items]
    if opening.type == "bullet_list_open":
        minus = len(items) == 1 and opening.markup in ("-", "*", "–")
        return not (minus and texts[0][:1].isdigit())
    numbers = [item.info for item, _ in items]
    first = int(numbers[0])
    counted = [str(first + step) for step in range(len(items))]
    alone = len(items) == 1 and first != 1
    return numbers == counted and not alone and not all(map(_MONTH.match, texts))


def _first_text(content: list[Token]) -> str:
    is_text = len(content) > 1 and content[0].type == "paragraph_open"
    return content[1].content if is_text else ""


def _paragraphs(opening: Token, content: list[Token]) -> list[Token]:
    """An item's content with its mark before the text, and a hard space for the line's end."""
    mark = f"{opening.info}{opening.markup}"
    for token in content:
        if token.type in ("paragraph_open", "paragraph_close") and token.level == content[0].level:
            token.hidden = False
    if _first_text(content):
        content[1].content = f"{mark}{HARD_SPACE}{content[1].content}"
        return content
    lines = opening.map and [opening.map[0], opening.map[0] + 1]
    text = Token("inline", "", 0, map=lines, content=mark, children=[], block=True)
    return [
        Token("paragraph_open", "p", 1, map=lines, block=True),
        text,
        Token("paragraph_close", "p", -1, block=True),
        *content,
    ]
