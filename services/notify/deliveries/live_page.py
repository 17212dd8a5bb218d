"""Pure: whether a page is the one that was published. What it says about itself decides (promise
G5). And what holds the mail of an alert if readers do not see its page."""

from dataclasses import dataclass
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Literal, Protocol

PageFailure = Literal["dns", "connect", "tls", "no_answer", "redirect"]
"""Why no page came: the name is unknown; nobody is there; the connection cannot be made safe;
somebody is there and gives no whole answer; readers are led away."""
NOBODY_THERE: tuple[PageFailure, ...] = ("dns", "connect")
"""Failures that may be this machine's alone: behind many routers a machine cannot reach its own
public address."""
UNSEEN, WRONG = "page_unseen", "page_wrong"
"""What holds a delivery for its page: it cannot be told whether readers see it; they see something
else. Each with the reason behind it, as `page_wrong tls`."""


class PageMarks(Protocol):
    """What a page is known by: a `Revision` has it."""

    @property
    def id(self) -> str: ...
    @property
    def revision(self) -> int: ...
    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True)
class Reading:
    """What came of asking the public address for a page: an answer or a failure."""

    status: int = 0
    html: str = ""
    failure: PageFailure | None = None


def hold_for(reading: Reading, revision: PageMarks) -> str:
    """What holds the mail of the alert, as its page is seen from outside; empty if it is right."""
    if reading.failure:
        kind = UNSEEN if reading.failure in NOBODY_THERE else WRONG
        return f"{kind} {reading.failure}"
    if reading.status not in (HTTPStatus.OK, HTTPStatus.GONE):
        return f"{WRONG} {reading.status}"
    if shows(reading.html, revision) or is_withdrawn(reading.html, revision):
        return ""
    number, _ = _about(reading.html, "varsel-revision", revision.id)
    return f"{WRONG} {'other_revision' if number else 'other_page'}"


def is_for_page(held: str) -> bool:
    """Whether a delivery is held for its page. Such a hold is lifted by itself."""
    return held.partition(" ")[0] in (UNSEEN, WRONG)


def next_hold(before: str, found: str, *, waited: bool) -> str:
    """What holds a delivery after another look; empty if it may go on.

    `before` is what held it for its page, `found` what `hold_for` says now. `waited`: the time is
    over after which mail goes also if nobody can tell. What was seen to be wrong stays so until it
    is seen to be right.
    """
    if not found.startswith(UNSEEN):
        return found
    if before.startswith(WRONG):
        return before
    return "" if waited else found


def shows(html: str, revision: PageMarks) -> bool:
    """Whether the page is of this revision or a newer one.

    It says so in `<meta name="varsel-revision" content="ID/REVISION/SHA-256">`.
    """
    number, sha256 = _about(html, "varsel-revision", revision.id)
    if number == revision.revision:
        return sha256 == revision.sha256
    return number > revision.revision


def is_withdrawn(html: str, revision: PageMarks) -> bool:
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
