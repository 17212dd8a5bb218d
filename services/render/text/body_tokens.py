"""Puts the tokens of a body right, before they are written out as HTML."""

import re
import unicodedata
from collections.abc import Sequence

from markdown_it.token import Token

from shared.markdown import is_link, walk
from shared.markup.tables import ALIGN

PAGE_IDS = ("innhold", "varsel", "fotnoter", "nyheter")
"""Ids that the page around a body has, which no heading may take."""
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})
_DIALOGUE = "– "
_CAPTION = re.compile(r"Tabell(?:\s+\d+)?\s*[.:]\s*\S")
"""What a paragraph begins with that is the caption of the table under it."""
NAMED_BY = "named by"
"""In the meta of a table's opening: the id of its caption, or of the heading above it."""


def arranged(tokens: list[Token]) -> list[Token]:
    """The tokens of a body, as they are to be written out.

    Headings have ids and never skip a level, dialogue and figures are marked, tables have captions
    and say which cells are headings, and only safe links are left.
    """
    for place, token in enumerate(tokens):
        if token.type == "inline":
            token.children = _arranged_links(token.children or [])
        if token.type == "paragraph_open":
            _arrange_paragraph(token, tokens[place + 1], _closing(tokens, place))
    taken = _arrange_headings(tokens)
    return _arrange_tables(tokens, taken)


def _closing(tokens: Sequence[Token], place: int) -> Token:
    return tokens[_closing_at(tokens, place)]


def _closing_at(tokens: Sequence[Token], place: int) -> int:
    wanted = tokens[place].type.replace("_open", "_close")
    return next(at for at in range(place, len(tokens)) if tokens[at].type == wanted)


def _arranged_links(children: list[Token]) -> list[Token]:
    """Keep links of the allowed schemes; of others keep the text.

    A footnote's mark is a link itself, and links do not nest: inside one it moves behind it.
    """
    arranged: list[Token] = []
    marks: list[Token] = []
    kept = inside = False
    for token in children:
        if token.type == "link_open":
            inside, kept = True, is_link(str(token.attrs["href"]))
            _open_safely(token)
        if inside and token.type == "footnote_ref":
            marks.append(token)
        elif kept or token.type not in ("link_open", "link_close"):
            arranged.append(token)
        if token.type == "link_close":
            arranged += marks
            marks, inside, kept = [], False, False
    return arranged


def _open_safely(link: Token) -> None:
    if str(link.attrs["href"]).lower().startswith("http"):
        link.attrSet("rel", "noopener noreferrer")


def _arrange_paragraph(opening: Token, inline: Token, closing: Token) -> None:
    """Mark dialogue; let pictures that are alone in their paragraph stand as figures."""
    children = inline.children or []
    pictures = [child for child in children if child.type == "image"]
    rest = (child for child in children if child.type != "image")
    if pictures and all(child.type == "softbreak" for child in rest):
        opening.hidden = closing.hidden = True
        for picture in pictures:
            picture.meta["figure"] = True
    elif children and children[0].type == "text" and children[0].content.startswith(_DIALOGUE):
        opening.attrSet("class", "speech")
        children[0].content = children[0].content.replace(_DIALOGUE, "–\u00a0", 1)


def _arrange_headings(tokens: Sequence[Token]) -> dict[str, int]:
    """Give headings ids, and levels from 2 that follow their nesting and never skip one. The ids
    that are taken now."""
    outer: list[str] = []
    taken = dict.fromkeys(PAGE_IDS, 1)
    for place, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        closing = _closing(tokens, place)
        title = _plain_text(tokens[place + 1])
        if not title.strip():
            token.hidden = closing.hidden = True
            continue
        original = token.tag
        while outer and outer[-1] >= original:
            outer.pop()
        outer.append(original)
        token.tag = closing.tag = f"h{min(len(outer) + 1, 6)}"
        token.attrSet("id", _free_id(title, taken))
    return taken


def _arrange_tables(tokens: list[Token], taken: dict[str, int]) -> list[Token]:
    """Name each table by its caption, or else by the heading above it."""
    arranged: list[Token] = []
    above = ""
    for place, token in enumerate(tokens):
        arranged.append(token)
        if token.type == "heading_open" and not token.level and not token.hidden:
            above = str(token.attrs["id"])
        elif token.type == "table_open":
            named_by = above
            if _is_caption(arranged[-4:-1]):
                # Behind the table's opening now: it is read where it was written, and with it.
                opening, text, closing = arranged[-4:-1]
                arranged[-4:] = [token, opening, text, closing]
                opening.type, opening.tag = "caption_open", "caption"
                closing.type, closing.tag = "caption_close", "caption"
                named_by = _free_id("tabelltekst", taken)
                opening.attrs = {"id": named_by}
            token.meta = {NAMED_BY: named_by}
            _arrange_cells(tokens[place : _closing_at(tokens, place)])
    return arranged


def _is_caption(above: Sequence[Token]) -> bool:
    types = [token.type for token in above]
    is_text = types == ["paragraph_open", "inline", "paragraph_close"]
    return is_text and not above[0].level and bool(_CAPTION.match(above[1].content))


def _arrange_cells(table: Sequence[Token]) -> None:
    """Mark what heads a column or, if each row has words in its first cell, a row."""
    rows: list[list[tuple[Token, Token, Token]]] = []
    for place, token in enumerate(table):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append((token, table[place + 1], table[place + 2]))
    first = [row[0] for row in rows[1:]]
    by_rows = len(rows[0]) > 1 and all(text.content for _, text, _ in first)
    for cells, scope in ((rows[0], "col"), (first if by_rows else [], "row")):
        for opening, text, closing in cells:
            opening.tag = closing.tag = "th" if text.content else "td"
            if text.content:
                opening.attrSet("scope", scope)
    for opening, _, _ in (cell for row in rows for cell in row):
        if side := opening.meta.get(ALIGN):
            opening.attrSet("class", side)


def _plain_text(inline: Token) -> str:
    return "".join(t.content for t in walk(inline.children or ()) if t.type != "image")


def _free_id(title: str, taken: dict[str, int]) -> str:
    letters = unicodedata.normalize("NFKD", title.lower().translate(_LETTERS))
    base = re.sub(r"[^a-z0-9]+", "-", letters.encode("ascii", "ignore").decode()).strip("-")
    if not base or re.match(r"fn(ref)?\d", base):  # the ids of footnotes
        base = f"om-{base}".strip("-")
    wanted = base
    while wanted in taken:
        # Counted on from last time: a body may have the same heading many thousand times.
        taken[base] += 1
        wanted = f"{base}-{taken[base]}"
    taken[wanted] = 1
    return wanted
