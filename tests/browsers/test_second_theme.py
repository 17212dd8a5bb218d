"""A second theme is as readable as Varsel's own look, on every kind of page, light and dark."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from services.render.look.templates import stylesheet
from tests.browsers import axe
from tests.browsers.visit import SCHEMES, WIDTHS
from tests.examples import in_turn
from tests.render.look.second_theme import SITE, pages

pytestmark = pytest.mark.browsers

ADDRESS = "https://varsel.example.org/side/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(java_script_enabled=True) as context:
        page = context.new_page()
        page.route("**/*", lambda route: route.fulfill(body="", content_type="text/plain"))
        style = stylesheet(SITE)
        page.route("**/style.css", lambda route: route.fulfill(body=style, content_type="text/css"))
        yield page


def test_axe_finds_nothing_in_a_second_theme(page: Page) -> None:
    shown: list[str] = []
    page.route("**/side/", lambda route: route.fulfill(body=shown[-1], content_type="text/html"))
    for turn, (name, html) in enumerate(pages()):
        shown.append(html)
        page.goto(ADDRESS)
        axe.load(page)
        assert page.get_by_text("Den andre foreningen: for alle").is_visible()
        for width, scheme in in_turn(turn, WIDTHS.values(), SCHEMES):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            assert axe.findings(page, mail=False) == [], (name, width, scheme)
        page.set_viewport_size({"width": 320, "height": 200})  # 1280 by 800 at a zoom of 400 %
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert axe.findings(page, mail=False) == [], (name, "at 400 %")
        for scheme in SCHEMES:
            page.emulate_media(forced_colors="active", color_scheme=scheme)
            assert axe.findings_in_forced_colours(page, mail=False) == [], (name, scheme)
        page.emulate_media(forced_colors="none", color_scheme="light")
