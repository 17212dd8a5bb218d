"""Blocks of Markdown whose texts read as they stood elsewhere. Pure.

A text is a list of words, each with the address that it links to or without one.
"""

import re
from collections.abc import Callable, Sequence

from markdown_it.token import Token

from shared.markdown import parser
from shared.markup.tables import MOST_COLUMNS

MarkedText = Sequence[tuple[str, str]]

_MARKS = re.compile(r"[!-/:-@\[-`{-~]")
_NONE = re.compile(r"(?!)")
_INSIDE = re.compile(r"[\\`*_\[\]<]|!(?=\[)|\^(?=\[)")
_FIRST = re.compile(rf"{_INSIDE.pattern}|(?m:^)[-+#>|]|(?<=\d)[.)](?=\s)")
_PLAIN_ADDRESS = re.compile(r"[^\s()<>\\]+")
_NOT_IN_ADDRESS = re.compile(r"[<>\s\\]")
_SPACES = re.compile(r"[ \t\r\n\u00a0]+")
_FOOTNOTE = re.compile(r"\[\^\w+\]")
NOTE = "#"
"""In place of an address: the words are a footnote's mark."""
_DEEPEST_HEADING = 4
"""A level; deeper ones of a document become this one."""
_LIST = re.compile(r"(?:[-•]|\d+\.) ")


def paragraph(text: MarkedText) -> str:
    """A text with its line breaks."""
    return _faithful(text, lambda written: written, ("paragraph_open", "inline", "paragraph_close"))


def heading(level: int, text: MarkedText) -> str:
    """A heading on one line. The article's title stands elsewhere, so levels begin with two."""
    marks = "#" * min(_DEEPEST_HEADING, max(2, level))
    flat = [(words.replace("\n", " "), address) for words, address in text]
    kinds = ("heading_open", "inline", "heading_close")
    return _faithful(flat, lambda written: f"{marks} {written}", kinds)


def bullets(items: Sequence[Sequence[str]]) -> str:
    """A list. Each item is its blocks; the first is its text."""
    made = _list(items, lambda _: "- ")
    # A lone «- 5 grader» is a minus.
    return made if _is_list(made, "bullet_list_open") else _list(items, lambda _: "• ")


def numbered(items: Sequence[Sequence[str]]) -> str:
    """A list with numbers from one."""
    return _list(items, lambda at: f"{at + 1}. ")


def footnote(label: str, text: MarkedText) -> str:
    """The text of a footnote."""
    flat = [(words.replace("\n", " "), address) for words, address in text]
    return f"[^{label}]: {paragraph(flat)}"


def table(rows: Sequence[Sequence[MarkedText]]) -> list[str]:
    """A table, or paragraphs if it is none to readers: one row or column, or too many columns."""
    filled = [row for row in rows if any(_words(cell) for cell in row)]
    columns = max(map(len, filled), default=0)
    if len(filled) < 2 or not 1 < columns <= MOST_COLUMNS:
        return [paragraph(cell) for row in filled for cell in row if _words(cell)]
    lines = [[*map(_cell, row), *[""] * (columns - len(row))] for row in filled]
    lines.insert(1, ["---"] * columns)
    return ["\n".join(f"| {' | '.join(line)} |" for line in lines)]


def _cell(text: MarkedText) -> str:
    flat = [(words.replace("\n", " "), address) for words, address in text]
    return re.sub(r"(?<!\\)\|", r"\\|", paragraph(flat)) if _words(flat) else ""


def _list(items: Sequence[Sequence[str]], mark_of: Callable[[int], str]) -> str:
    lines = []
    for at, blocks in enumerate(items):
        mark = mark_of(at)
        inside = (
            "\n".join(blocks) if len(blocks) < 2 or _LIST.match(blocks[1]) else "\n\n".join(blocks)
        )
        lines.append(mark + inside.replace("\n", "\n" + " " * len(mark)))
    return "\n".join(lines)


def _is_list(made: str, kind: str) -> bool:
    tokens = parser().parse(made)
    return bool(tokens) and tokens[0].type == kind and tokens[-1].level == 0


def _faithful(text: MarkedText, block: Callable[[str], str], kinds: tuple[str, ...]) -> str:
    """The block that `text` makes, with as few escaped marks as it takes to read as it stands."""
    wanted = _words(text)
    for marks in (_NONE, _INSIDE, _FIRST, _MARKS):
        made = block(_written(text, lambda words: marks.sub(r"\\\g<0>", words)))  # noqa: B023
        if _reads(made, wanted, kinds):
            return made
    return made


def _written(text: MarkedText, escaped: Callable[[str], str]) -> str:
    pieces = []
    for words, address in _joined(text):
        if address == NOTE:
            pieces.append(words)
        elif not address:
            pieces.append(escaped(words))
        elif words.strip():
            start, end = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
            pieces.append(f"{start}[{escaped(words.strip())}]({_address(address)}){end}")
        else:
            pieces.append(words)
    lines = (_SPACES.sub(" ", line).strip() for line in "".join(pieces).split("\n"))
    return "\\\n".join(line for line in lines if line)


def _joined(text: MarkedText) -> list[tuple[str, str]]:
    joined: list[tuple[str, str]] = []
    for words, address in text:
        if joined and joined[-1][1] == address != NOTE:
            joined[-1] = (joined[-1][0] + words, address)
        else:
            joined.append((words, address))
    return joined


def _address(address: str) -> str:
    if _PLAIN_ADDRESS.fullmatch(address):
        return address
    return f"<{_NOT_IN_ADDRESS.sub('', address)}>"


def _words(text: MarkedText) -> str:
    """What readers will see of it: letters, with single spaces, footnotes' marks aside."""
    seen = "".join(words for words, address in text if address != NOTE)
    return " ".join(seen.split())


def _reads(written: str, wanted: str, kinds: tuple[str, ...]) -> bool:
    """Whether the page reads `written` as one block of this kind, with these words."""
    env: dict[str, object] = {}
    tokens = parser().parse(written, env)
    if tuple(token.type for token in tokens[:3]) != kinds or len(tokens) != 3:
        return False
    seen = "".join(map(_seen, tokens[1].children or []))
    return " ".join(_FOOTNOTE.sub("", seen).split()) == " ".join(_FOOTNOTE.sub("", wanted).split())


def _seen(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    return token.content if token.type == "text" else ""
