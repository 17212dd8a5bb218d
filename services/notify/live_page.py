"""Whether a page is the one that was published: what it says about itself decides (promise G5)."""

from html.parser import HTMLParser

from shared.article import Revision


def shows(html: str, revision: Revision) -> bool:
    """Whether the page is of this revision or a newer one.

    It says so in `<meta name="varsel-revision" content="ID/REVISION/SHA-256">`.
    """
    reader = _Reader()
    reader.feed(html)
    article, _, rest = reader.content.partition("/")
    number, _, sha256 = rest.partition("/")
    if article != revision.id or not number.isascii() or not number.isdigit():
        return False
    if int(number[:12]) == revision.revision:
        return sha256 == revision.sha256
    return int(number[:12]) > revision.revision


class _Reader(HTMLParser):
    content = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "meta" and found.get("name") == "varsel-revision":
            self.content = found.get("content") or ""
