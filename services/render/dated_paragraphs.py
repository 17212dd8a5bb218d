"""Paragraphs that begin with a date, which Markdown takes for lists.

To CommonMark «18. mars kom brevet.» is item 18 of a list (section 5.2), and a second such paragraph
is its item 19, whatever date it has. A reader must get the day that was written.
"""

from markdown_it.token import Token

_MONTHS = (
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
)


def dates_as_paragraphs(tokens: list[Token]) -> list[Token]:
    """`tokens` with such lists as paragraphs again: those whose items all begin with a month, and
    those of one item that is not number 1."""
    kept: list[Token] = []
    place = 0
    while place < len(tokens):
        numbered = tokens[place].type == "ordered_list_open" and tokens[place].markup == "."
        items = _items(tokens, place) if numbered else []
        if not _is_no_list(items):
            kept.append(tokens[place])
            place += 1
            continue
        for number, content in items:
            kept += dates_as_paragraphs(_paragraphs(number, content))
        place += sum(len(content) + 2 for _, content in items) + 2
    return kept


def _items(tokens: list[Token], place: int) -> list[tuple[str, list[Token]]]:
    """The items of the list that opens at `place`: number as written, and content."""
    items: list[tuple[str, list[Token]]] = []
    level = tokens[place].level
    for at in range(place + 1, len(tokens)):
        token = tokens[at]
        if token.level == level:
            break
        if token.level == level + 1 and token.type == "list_item_open":
            items.append((token.info, []))
        elif not (token.level == level + 1 and token.type == "list_item_close"):
            items[-1][1].append(token)
    return items


def _is_no_list(items: list[tuple[str, list[Token]]]) -> bool:
    texts = [content[1].content for _, content in items if _begins_with_text(content)]
    if not items or len(texts) < len(items):
        return False
    alone = len(items) == 1 and items[0][0] != "1"
    return alone or all(text.lower().startswith(_MONTHS) for text in texts)


def _begins_with_text(content: list[Token]) -> bool:
    return len(content) > 1 and content[0].type == "paragraph_open" and bool(content[1].children)


def _paragraphs(number: str, content: list[Token]) -> list[Token]:
    """An item's content, its number (with a hard space, for the line's end) before the text."""
    for token in content:
        if token.type in ("paragraph_open", "paragraph_close") and token.level == content[0].level:
            token.hidden = False
    start = Token("text", "", 0, content=f"{number}.\u00a0")
    content[1].children = [start, *(content[1].children or [])]
    return content
