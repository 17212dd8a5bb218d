"""Puts the tokens of a body right, before they are written out as HTML."""

import re
import unicodedata
from collections.abc import Sequence

from markdown_it.token import Token

from shared.markdown import is_link, walk

PAGE_IDS = ("innhold", "varsel", "fotnoter", "nyheter")
"""Ids that the page around a body has, which no heading may take."""
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})
_DIALOGUE = "– "


def arranged(tokens: list[Token]) -> list[Token]:
    """The tokens of a body, as they are to be written out.

    Headings have ids and never skip a level, dialogue and figures are marked, and only safe links
    are left.
    """
    for place, token in enumerate(tokens):
        if token.type == "inline":
            token.children = _arranged_links(token.children or [])
        if token.type == "paragraph_open":
            _arrange_paragraph(token, tokens[place + 1], _closing(tokens, place))
    _arrange_headings(tokens)
    return tokens


def _closing(tokens: Sequence[Token], place: int) -> Token:
    wanted = tokens[place].type.replace("_open", "_close")
    return next(tokens[at] for at in range(place, len(tokens)) if tokens[at].type == wanted)


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


def _arrange_headings(tokens: Sequence[Token]) -> None:
    """Give headings ids, and levels from 2 that follow their nesting and never skip one."""
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
