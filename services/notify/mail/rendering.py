"""Pure: templates of mails. Styles come onto the elements, since mail programs want them there."""

import textwrap
from pathlib import Path

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

_WIDTH = 72
"""Characters of a line of the plain text."""
_CHARSET = '<meta charset="utf-8">'


def wrapped(text: str, indent: int = 0) -> str:
    """The text in lines of at most 72 characters if its words allow it; addresses stay whole."""
    return textwrap.fill(
        text,
        _WIDTH,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def templates(*folders: Path) -> Environment:
    """The templates of some folders, the first one first, with the filter `wrapped` for text."""
    found = Environment(
        loader=FileSystemLoader(folders),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    found.filters["wrapped"] = wrapped
    return found


def inline(html: str) -> str:
    """The page with its styles on the elements."""
    # The rules that stay are put first in the head, and the encoding must stand before them.
    return _inliner.inline(html).replace(_CHARSET, "", 1).replace("<head>", f"<head>{_CHARSET}", 1)


_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
