"""Reads pages as tests need them: is the markup whole, and which text does a reader get?"""

import json
from html.parser import HTMLParser
from typing import Any

VOID = frozenset(["br", "hr", "img", "input", "link", "meta", "source"])
SEARCH = {"class": "site-search", "role": "search", "action": "/sok/"}
"""The only form of the site."""
_BLOCKS = frozenset(
    [
        *("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div", "section", "figcaption", "title"),
        *("caption", "th", "td"),
    ]
)


class Page(HTMLParser):
    """A parsed page. Raises AssertionError where an element is not closed, or closed twice."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.pieces: list[str] = []
        self.linked: list[Any] = []
        """What stands in the page as JSON-LD, which nobody reads or runs."""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice on {tag}"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag in _BLOCKS:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script":
            assert not set(data) & set("<>&'"), "may end the script, or begin a comment"
            self.linked.append(json.loads(data))
        else:
            self.pieces.append(data)

    @property
    def text(self) -> str:
        """All text, with single spaces."""
        return plain("".join(self.pieces))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]

    def assert_harmless(self) -> None:
        """Nothing here can run or load from elsewhere, and ids are unique."""
        ids = [attrs["id"] for _, attrs in self.elements if "id" in attrs]
        assert len(ids) == len(set(ids))
        assert len(self.all("form")) <= 1
        for tag, attrs in self.elements:
            if tag == "script":
                assert attrs == {"type": "application/ld+json"}
                continue
            assert tag not in {
                "style",
                "iframe",
                "object",
                "embed",
                "svg",
                "base",
            }
            if tag == "form":
                assert attrs == SEARCH
            assert not [name for name in attrs if name.startswith("on") or name == "style"]
            assert (attrs.get("src") or "/assets/").startswith("/assets/")
            for candidate in (attrs.get("srcset") or "/assets/").split(", "):
                assert candidate.startswith("/assets/")
            address = (attrs.get("href") or "/").lower()
            assert address.startswith(("/", "#", "http://", "https://", "mailto:", "tel:"))


def plain(text: str) -> str:
    return " ".join(text.split())
