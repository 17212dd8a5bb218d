"""WordPress's export (WXR), read one item at a time, so that a large one takes little memory.

The parser is expat. A document type is refused, and with it all entities: those are what makes a
small file large and reads other files.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from varsel.commands.moving.old_article import OldArticleError

_PIECE_BYTES = 64 * 1024
_LONGEST_ITEM = 20_000_000
"""Letters of one item: far more than any article has."""


@dataclass
class WxrItem:
    """An item of an export: the texts of its elements by their names, as `wp:post_name`."""

    texts: dict[str, str] = field(default_factory=dict)
    tags: list[tuple[str, str]] = field(default_factory=list)
    """Its categories and tags, each with what it is (`category`, `post_tag`)."""
    meta: list[tuple[str, str]] = field(default_factory=list)
    authors: dict[str, str] = field(default_factory=dict)
    """Of the whole export so far: names by log-in."""
    language: str = ""
    """Of the whole export."""
    site: str = ""

    def text(self, name: str) -> str:
        return self.texts.get(name, "").strip()


class _WxrReading:
    """Takes expat's events. Names are kept as they are written: exports use the prefixes of
    WordPress, whatever their version."""

    def __init__(self) -> None:
        self.done: list[WxrItem] = []
        self._item: WxrItem | None = None
        self._authors: dict[str, str] = {}
        self._channel: dict[str, str] = {}
        self._path: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._domain = ""
        self._pair: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        self._text = []
        if name == "item":
            self._item, self._length = WxrItem(authors=self._authors), 0
        elif name == "category":
            self._domain = attributes.get("domain", "")
        elif name in ("wp:postmeta", "wp:author"):
            self._pair = {}

    def words(self, text: str) -> None:
        self._length += len(text)
        if self._length > _LONGEST_ITEM:
            raise OldArticleError("filen", "har et innlegg som er for langt")
        self._text.append(text)

    def end(self, name: str) -> None:
        self._path.pop()
        text, self._text = "".join(self._text), []
        around = self._path[-1] if self._path else ""
        if name == "item" and self._item:
            self._item.language = self._channel.get("language", "")
            self._item.site = self._channel.get("link", "")
            self.done.append(self._item)
            self._item = None
        elif around in ("wp:postmeta", "wp:author"):
            self._pair[name] = text.strip()
        elif name == "wp:author":
            login = self._pair.get("wp:author_login", "")
            self._authors[login] = self._pair.get("wp:author_display_name") or login
        elif self._item is None:
            if around == "channel":
                self._length = 0
                self._channel.setdefault(name, text.strip())
        elif name == "wp:postmeta":
            pair = (self._pair.get("wp:meta_key", ""), self._pair.get("wp:meta_value", ""))
            self._item.meta.append(pair)
        elif name == "category":
            self._item.tags.append((self._domain, text.strip()))
        elif around == "item":
            self._item.texts[name] = text


def _refuse(*_: Any) -> None:
    raise OldArticleError(
        "filen", "har en dokumenttype (DOCTYPE), som ingen eksport fra WordPress har"
    )


def is_wxr(file: Path) -> bool:
    """Whether a file looks like an export of WordPress."""
    with file.open("rb") as opened:
        return b"wordpress.org/export" in opened.read(8192)


def items(file: Path) -> Iterator[WxrItem]:
    """The items of an export in their order. OldArticleError if it cannot be read, after those
    before that."""
    reading, parser = _WxrReading(), expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.words
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    with file.open("rb") as opened:
        while True:
            piece = opened.read(_PIECE_BYTES)
            try:
                parser.Parse(piece, not piece)
            except expat.ExpatError as error:
                raise OldArticleError(
                    "filen", f"er ikke hel (linje {error.lineno}); eksporter på nytt fra WordPress"
                ) from None
            yield from reading.done
            reading.done.clear()
            if not piece:
                return
