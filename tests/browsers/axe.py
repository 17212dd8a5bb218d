"""axe-core, which finds breaches of WCAG and of good practice in an open page."""

from functools import cache

from playwright.sync_api import Page

from tests.browsers.modules import module

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OPTIONS = {
    "runOnly": {"type": "tag", "values": _TAGS},
    "rules": {"target-size": {"enabled": True}},  # WCAG 2.2, 2.5.8; off by default
    "resultTypes": ["violations", "incomplete"],
    "iframes": False,  # the mail in the inbox's frame is a page of its own here
}
_UNDECIDED = {
    # A symbol has the colour of the text beside it, which is judged.
    ("color-contrast", "only non-text characters"),
    # The visible «↩» has no words that somebody could say to a computer.
    ("label-content-name-mismatch", "Unable to determine"),
    ("frame-tested", "still has to be tested"),
}
"""What axe leaves to people, and what people said: the rule, and some of axe's words."""
_NOT_FOR_MAIL = frozenset({"landmark-one-main", "region"})
"""A mail is shown inside a mail program's own page, which has the landmarks."""
_RUN = """async options => {
    const found = await axe.run(document, options);
    return ["violations", "incomplete"].flatMap(kind => found[kind].flatMap(rule =>
        rule.nodes.map(node => [rule.id, node.html.slice(0, 200), node.failureSummary ?? ""])));
}"""


@cache
def _source() -> str:
    return module("axe-core/axe.min.js").read_text()


def load(page: Page) -> None:
    """Bring axe into a page. Not by an element: the page's own policy refuses every script."""
    page.evaluate(_source())


def findings(page: Page, *, mail: bool) -> list[list[str]]:
    """What axe finds wrong, and what it cannot decide: rule, element, and words on it."""
    return [
        [rule, element, words]
        for rule, element, words in page.evaluate(_RUN, _OPTIONS)
        if not any(rule == known and part in words for known, part in _UNDECIDED)
        and not (mail and rule in _NOT_FOR_MAIL)
    ]
