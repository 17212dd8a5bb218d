"""A body's HTML is kept in the page that shows it: if only the look around it is another, no
Markdown is read again. Pure.

In a page it stands between two comments. The first says what it was made of and what it is, so
whatever is another text, was made by another version or is damaged is made anew.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from markupsafe import Markup

from services.render.text.labels import PageLabels
from shared import markdown, markup, picture_files
from shared.article import Picture
from shared.picture_files import PictureSizes

_BEGIN, _END = "<!--tekst {} {}-->", "<!--/tekst-->"
_MADE_BY = ("markdown-it-py", "mdit-py-plugins", "MarkupSafe")


def body_source(
    body: str,
    pictures: Mapping[str, Picture],
    labels: PageLabels,
    sizes: Mapping[str, PictureSizes],
) -> str:
    """A fingerprint of all that the HTML of a body is made of; the arguments are those of
    `body_html`."""
    shown = {one.name: sizes.get(one.name) for one in pictures.values()}
    words = (labels.table, labels.footnote, labels.footnotes, labels.back_to_text)
    # The length says where the body begins, as `repr` of it would, which takes longer.
    return _digest(f"{(_code(), len(body), pictures, shown, words)!r}{body}")


def marked(html: Markup, source: str) -> Markup:
    """The HTML of a body as a page shows it, so that it can be found there again."""
    return Markup(f"{_BEGIN.format(source, _digest(html))}{html}{_END}")  # noqa: S704


def kept_body(page: bytes, source: str) -> Markup | None:
    """The marked body of a page, if it was made of `source` and is as it was; else None."""
    begins = page.find(f"<!--tekst {source} ".encode())
    mark_ends = page.find(b"-->", begins) + len(b"-->")
    ends = page.find(_END.encode(), mark_ends)
    if begins < 0 or ends < 0:
        return None
    mark = _BEGIN.format(source, _digest_of(page[mark_ends:ends]))
    if page[begins:mark_ends] != mark.encode():
        return None
    return Markup(page[begins : ends + len(_END)].decode())  # noqa: S704 (as the mark says)


def _digest(text: str) -> str:
    return _digest_of(text.encode("utf-8", "surrogatepass"))


def _digest_of(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


@cache
def _code() -> str:
    """A fingerprint of the code that makes a body."""
    files = [*Path(__file__).parent.glob("*.py"), *Path(markup.__path__[0]).glob("*.py")]
    files += [Path(str(one.__file__)) for one in (markdown, picture_files)]
    texts = [path.read_text() for path in sorted(files)]
    return _digest("\0".join([*texts, *map(version, _MADE_BY)]))
