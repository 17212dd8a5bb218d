"""Pure: whether a page is the one that was published. What it says about itself decides (promise
G5)."""

from html.parser import HTMLParser

from shared.revision import Revision


def shows(html: str, revision: Revision) -> bool:
    """Whether the page is of this revision or a newer one.

    It says so in `<meta name="varsel-revision" content="ID/REVISION/SHA-256">`.
    """
    number, sha256 = _about(html, "varsel-revision", revision.id)
    if number == revision.revision:
        return sha256 == revision.sha256
    return number > revision.revision


def is_withdrawn(html: str, revision: Revision) -> bool:
    """Whether the page says that its article was withdrawn, at this revision or a later one.

    It says so in `<meta name="varsel-withdrawn" content="ID/REVISION">`.
    """
    number, _ = _about(html, "varsel-withdrawn", revision.id)
    return number >= revision.revision


def _about(html: str, name: str, article: str) -> tuple[int, str]:
    """What the page says about an article in the meta element `name`: a revision, and what stands
    behind it. The revision is 0 if the page says nothing about this article."""
    reader = _Reader()
    reader.feed(html)
    found, _, rest = reader.said.get(name, "").partition("/")
    number, _, behind = rest.partition("/")
    if found != article or not number.isascii() or not number.isdigit():
        return 0, ""
    return int(number[:12]), behind


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "meta" and (name := found.get("name")):
            self.said[name] = found.get("content") or ""
