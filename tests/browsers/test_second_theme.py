"""A second theme is as readable as Varsel's own look, on every kind of page, light and dark."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from services.render.articles.teaser import Teaser
from services.render.look import theme
from services.render.look.templates import Site, stylesheet
from services.render.pages.fixed import FIXED
from services.render.pages.found import alerts_page, topic_page
from services.render.pages.pages import article_page, front_page, newest_page
from shared.identity import Identity, MenuLink
from shared.oslo import oslo_today
from tests.browsers import axe
from tests.browsers.visit import SCHEMES, WIDTHS
from tests.make import alert, news, revision
from tests.render.lives import withdrawal
from tests.render.look.second_theme import SECOND

pytestmark = pytest.mark.browsers

_OWN = Identity(
    name="Den andre foreningen",
    accent="#5a2d82",
    accent_2="#7a3b00",
    menu=(MenuLink(text="Om oss", to="/om/oss/"),),
    telephone="22 00 00 00",
    appeal="Jo flere vi er, jo sterkere stemme får vi.",
)
SITE = Site("Varsel", "https://varsel.example.org", (), theme=theme.read(SECOND)[0]).dressed(_OWN)
ADDRESS = "https://varsel.example.org/side/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(java_script_enabled=True) as context:
        page = context.new_page()
        page.route("**/*", lambda route: route.fulfill(body="", content_type="text/plain"))
        style = stylesheet(SITE)
        page.route("**/style.css", lambda route: route.fulfill(body=style, content_type="text/css"))
        yield page


def _pages() -> Iterator[tuple[str, str]]:
    said = revision(alert())
    teasers = [Teaser.of(said), Teaser.of(revision(news()))]
    yield "alert", article_page(SITE, said, teasers[1:])
    yield "withdrawn alert", article_page(SITE, withdrawal(said), [])
    yield "news", article_page(SITE, revision(news()), teasers)
    yield "front", front_page(SITE, teasers, teasers[:1])
    yield "list", newest_page(SITE, teasers, None)
    yield "alerts", alerts_page(SITE, teasers[:1], teasers[:1], [], oslo_today())
    yield "topic", topic_page(SITE, "jern", "Jern", teasers, 2)
    yield "not found", str(FIXED[".not-found.html"](SITE))


def test_axe_finds_nothing_in_a_second_theme(page: Page) -> None:
    shown: list[str] = []
    page.route("**/side/", lambda route: route.fulfill(body=shown[-1], content_type="text/html"))
    for name, html in _pages():
        shown.append(html)
        page.goto(ADDRESS)
        axe.load(page)
        assert page.get_by_text("Den andre foreningen: for alle").is_visible()
        for width in WIDTHS.values():
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                assert axe.findings(page, mail=False) == [], (name, width, scheme)
