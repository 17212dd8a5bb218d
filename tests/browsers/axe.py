"""axe-core, which finds breaches of WCAG and of good practice in an open page."""

from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.browsers.modules import module

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OPTIONS: dict[str, Any] = {
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


_PALE = """() => {
    const parts = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = colour => parts(colour).slice(0, 3).map(one => one / 255)
        .map(one => one <= .04045 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4)
        .reduce((sum, one, at) => sum + one * [.2126, .7152, .0722][at], 0);
    const ground = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if ((parts(colour)[3] ?? 1) > .5) return colour;
        }
        return getComputedStyle(document.documentElement).backgroundColor;
    };
    return [...document.querySelectorAll("body *")].filter(element => {
        const says = [...element.childNodes].some(one => one.nodeType === 3 && one.data.trim());
        if (!says || !element.checkVisibility()) return false;
        const [a, b] = [getComputedStyle(element).color, ground(element)].map(light);
        return (Math.max(a, b) + .05) / (Math.min(a, b) + .05) < 4.5;
    }).map(element => element.outerHTML.slice(0, 200));
}"""
"""Elements whose own text has less than 4.5:1 to the ground behind it, as the browser sets them."""


@cache
def _source() -> str:
    return module("axe-core/axe.min.js").read_text()


def load(page: Page) -> None:
    """Bring axe into a page. Not by an element: the page's own policy refuses every script."""
    page.evaluate(_source())


def findings(page: Page, *, mail: bool) -> list[list[str]]:
    """What axe finds wrong, and what it cannot decide: rule, element, and words on it."""
    return _findings(page, mail=mail, options=_OPTIONS)


def findings_in_forced_colours(page: Page, *, mail: bool) -> list[list[str]]:
    """The same where the browser has colours of its own. Contrast is measured here: axe reads the
    page's own colour of a text there, which nobody sees (`-webkit-text-fill-color`)."""
    rules = {**_OPTIONS["rules"], "color-contrast": {"enabled": False}}
    pale = [["color-contrast", element, ""] for element in page.evaluate(_PALE)]
    return pale + _findings(page, mail=mail, options=_OPTIONS | {"rules": rules})


def _findings(page: Page, *, mail: bool, options: dict[str, Any]) -> list[list[str]]:
    return [
        [rule, element, words]
        for rule, element, words in page.evaluate(_RUN, options)
        if not any(rule == known and part in words for known, part in _UNDECIDED)
        and not (mail and rule in _NOT_FOR_MAIL)
    ]
