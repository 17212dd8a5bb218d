"""The Markdown that articles are written in: CommonMark with footnotes, and no raw HTML.

Ingest checks a body and render renders it, so both must read it alike.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

_LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


@cache
def parser(*, html: bool = False) -> MarkdownIt:
    """The parser. With `html`, raw HTML becomes tokens of its own, so that it can be found."""
    return MarkdownIt("commonmark", {"html": html}).use(footnote_plugin)


def walk(tokens: Iterable[Token]) -> Iterator[Token]:
    """Every token, children after their parents."""
    for token in tokens:
        yield token
        yield from walk(token.children or ())


def pictures(body: str) -> list[str]:
    """The addresses of the pictures in `body`, each once, in order."""
    found = (str(t.attrs["src"]) for t in walk(parser().parse(body)) if t.type == "image")
    return list(dict.fromkeys(found))


def is_link(address: str) -> bool:
    """Whether a page links to `address`; of any other only the text is shown."""
    scheme, colon, _ = address.partition(":")
    return bool(colon) and scheme.lower() in _LINK_SCHEMES
