"""HTML as `mammoth` writes it, as the Markdown that articles are written in.

Each text is written as it stands if the page would show it as it stands; only where it would not,
its marks are escaped.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from services.ingest.word.writing import (
    NOTE,
    bullets,
    footnote,
    heading,
    numbered,
    paragraph,
    table,
)
from shared.markdown import is_link

_HEADING = re.compile(r"h([1-6])")
_FOOTNOTE = re.compile(r"#?(?:foot|end)note-(?:ref-)?(\w+)")


def markdown_of(html: str) -> str:
    """The Markdown of a document; empty if it says nothing."""
    reading = DocumentReading(html)
    return "\n\n".join(block for block in reading.finish() if block)


@dataclass
class _OpenList:
    is_numbered: bool
    items: list[list[str]] = field(default_factory=list)
    """Each item's blocks."""


class DocumentReading(HTMLParser):
    """Gathers blocks. Texts are lists of words and of links, as (words, address)."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[str] = []
        self._notes: list[str] = []
        self._text: list[tuple[str, str]] = []
        self._level = 0
        self._link = ""
        self._lists: list[_OpenList] = []
        self._table: list[list[list[tuple[str, str]]]] | None = None
        self._note = ""
        self._numbers: dict[str, str] = {}
        self.feed(html)
        self.close()

    def finish(self) -> list[str]:
        self._end()
        return [*self._blocks, *self._notes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if found := _HEADING.fullmatch(tag):
            self._end()
            self._level = int(found[1])
        elif tag == "p":
            self._end()
        elif tag == "br":
            self._text.append(("\n", ""))
        elif tag in ("ul", "ol"):
            self._end()
            if not self._table:
                self._lists.append(_OpenList(tag == "ol"))
        elif tag == "li":
            self._begin_item(said.get("id", ""))
        elif tag == "a":
            self._begin_link(said.get("href", ""))
        elif tag == "table" and self._table is None:
            self._end()
            self._table = []
        elif tag == "tr" and self._table is not None:
            self._table.append([])
        elif tag in ("td", "th") and self._table:
            self._text = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "p" or _HEADING.fullmatch(tag):
            self._end()
            self._level = 0
        elif tag == "a":
            self._link = ""
        elif tag == "li":
            self._end()
            self._note = ""
        elif tag in ("ul", "ol") and not self._table and self._lists:
            self._end_list()
        elif tag in ("td", "th") and self._table:
            self._table[-1].append(self._text)
            self._text = []
        elif tag == "table" and self._table is not None:
            self._end_table()

    def handle_data(self, data: str) -> None:
        if self._link == NOTE:
            return  # «[1]» and «↑»
        self._text.append((data, self._link))

    def _begin_item(self, name: str) -> None:
        self._end()
        if found := _FOOTNOTE.fullmatch(name):
            self._note = self._number(found[0])
        elif self._lists:
            self._lists[-1].items.append([])

    def _begin_link(self, href: str) -> None:
        if found := _FOOTNOTE.fullmatch(href):
            if "-ref-" not in href:
                self._text.append((f"[^{self._number(found[0])}]", NOTE))
            self._link = NOTE
        else:
            self._link = href if is_link(href) else ""

    def _number(self, name: str) -> str:
        """A footnote's number. Word counts from two, and endnotes by themselves."""
        return self._numbers.setdefault(name.lstrip("#"), str(len(self._numbers) + 1))

    def _end(self) -> None:
        """A text ends."""
        text, self._text = self._text, []
        if self._table:
            # A cell's texts are one.
            self._text = [*text, (" ", "")] if text else []
            return
        if not "".join(words for words, _ in text).strip():
            return
        if self._note:
            self._notes.append(footnote(self._note, text))
        elif self._lists and self._lists[-1].items:
            self._lists[-1].items[-1].append(paragraph(text))
        elif self._level:
            self._blocks.append(heading(self._level, text))
        else:
            self._blocks.append(paragraph(text))

    def _end_list(self) -> None:
        self._end()
        done = self._lists.pop()
        items = [item for item in done.items if item]
        if not items:
            return
        made = numbered(items) if done.is_numbered else bullets(items)
        if self._lists and self._lists[-1].items:
            self._lists[-1].items[-1].append(made)
        else:
            self._blocks.append(made)

    def _end_table(self) -> None:
        rows, self._table = self._table or [], None
        self._text = []
        self._blocks += table(rows)
