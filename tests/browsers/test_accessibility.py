"""Every page can be read by everyone: WCAG 2.2 AA, small screens, large text, own colours."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page

from tests.browsers import axe
from tests.browsers.answers import ANSWERS, ANSWERS_ELSEWHERE
from tests.browsers.page_names import PAGES, PAGES_ELSEWHERE
from tests.browsers.visit import SCHEMES, WIDTHS, Visits
from tests.examples import SHARE, every, in_turn

pytestmark = pytest.mark.browsers

# What was typed into a field can be moved in it, and `unseen` is for who listens; nothing else may
# be longer than its place.
_CUT_OFF = """() => [...document.querySelectorAll("body *:not(input, .unseen)")].filter(element => {
    const style = getComputedStyle(element);
    return style.overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1;
}).map(element => element.outerHTML.slice(0, 200))"""
_LUMINANCES = """() => {
    const [text, ground] = ["color", "backgroundColor"].map(name => {
        const [r, g, b] = getComputedStyle(document.body)[name].match(/[\\d.]+/g).map(Number);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    });
    return {text, ground};
}"""
_MOVING = """() => [...document.querySelectorAll("*")].filter(element => {
    const style = getComputedStyle(element);
    return style.animationName !== "none" || style.transitionDuration !== "0s"
        || style.scrollBehavior !== "auto" || ["MARQUEE", "VIDEO"].includes(element.tagName);
}).map(element => element.outerHTML.slice(0, 200))"""
_WITHOUT_BORDER = """selector => [...document.querySelectorAll(selector)].filter(element => {
    const style = getComputedStyle(element);
    return style.borderTopStyle !== "solid" || parseFloat(style.borderTopWidth) < 1;
}).map(element => element.outerHTML.slice(0, 200))"""


@pytest.mark.parametrize(
    ("turn", "name"),
    enumerate([*PAGES, *ANSWERS, *every(3, [*PAGES_ELSEWHERE, *ANSWERS_ELSEWHERE])]),
)
def test_axe_finds_nothing_at_any_width_and_in_any_scheme(
    visits: Visits, turn: int, name: str
) -> None:
    with visits.to(name) as page:
        axe.load(page)
        for width, scheme in in_turn(turn, WIDTHS.values(), SCHEMES):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            found = axe.findings(page, mail=name == "mail itself")
            assert found == [], (width, scheme)


def test_axe_finds_what_is_wrong(visits: Visits) -> None:
    with visits.to("alert") as page:
        axe.load(page)
        page.evaluate("""() => {
            document.querySelector("img").removeAttribute("alt");
            document.querySelector(".lead").style.color = "#ccc";
            document.querySelector("main").id = "";
        }""")
        rules = {rule for rule, _, _ in axe.findings(page, mail=False)}
        assert {"image-alt", "color-contrast", "skip-link"} <= rules
        page.emulate_media(forced_colors="active")
        page.evaluate("""() => {
            const lead = document.querySelector(".lead");
            lead.style = "forced-color-adjust: none; color: #ccc; background: #fff";
        }""")
        found = axe.findings_in_forced_colours(page, mail=False)
        pale = [element for rule, element, _ in found if rule == "color-contrast"]
    assert len(pale) == 1
    assert 'class="lead"' in pale[0]
    assert "image-alt" in {rule for rule, _, _ in found}


@pytest.mark.parametrize(("turn", "name"), enumerate([*PAGES, *ANSWERS]))
def test_a_page_fits_small_screens_large_text_and_own_colours(
    visits: Visits, turn: int, name: str
) -> None:
    schemes = SCHEMES if SHARE >= 1 else SCHEMES[turn % 2 : turn % 2 + 1]
    with visits.to(name, width=320) as page:
        _fits(page)  # WCAG 1.4.10
        axe.load(page)
        page.set_viewport_size({"width": 320, "height": 200})  # 1280 by 800 at a zoom of 400 %
        assert axe.findings(page, mail=name == "mail itself") == [], "at 400 %"
        page.set_viewport_size({"width": 640, "height": 400})  # 1280 wide at a zoom of 200 %
        _fits(page)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            light = page.evaluate(_LUMINANCES)
            assert (light["text"] > light["ground"]) == (scheme == "dark")
        page.emulate_media(forced_colors="active")
        # A ground is not painted now, so that what stood out by its ground needs a border.
        boxes = ".alert, .banner, .stop-advice, .stop, .notice, .button, .action, .topics li"
        assert page.evaluate(_WITHOUT_BORDER, boxes) == []
        for scheme in schemes:
            page.emulate_media(forced_colors="active", color_scheme=scheme)
            found = axe.findings_in_forced_colours(page, mail=name == "mail itself")
            assert found == [], ("forced colours", scheme)
        assert page.evaluate(_MOVING) == []


@pytest.mark.parametrize("name", [name for name in PAGES if name != "mail itself"])
def test_text_grows_with_what_the_reader_has_set(visits: Visits, name: str) -> None:
    """Not in mails: there, pixels are what every mail program understands."""
    with visits.to(name, width=390) as page:
        before = _font_sizes(page)
        with _twice_as_large(page):
            grown = _font_sizes(page)
            assert all(new >= 1.5 * old for old, new in zip(before, grown, strict=True))
            _fits(page)


@contextmanager
def _twice_as_large(page: Page) -> Iterator[None]:
    """The browser's own setting for text, not a zoom."""
    settings = page.context.new_cdp_session(page)
    settings.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    yield
    settings.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    settings.detach()


def _font_sizes(page: Page) -> list[float]:
    sizes: list[float] = page.evaluate(
        """() => [...document.querySelectorAll("body *")].map(
            element => parseFloat(getComputedStyle(element).fontSize))"""
    )
    assert sizes
    return sizes


def _fits(page: Page) -> None:
    """Nothing needs sideways scrolling, and nothing is cut off."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(_CUT_OFF) == []
