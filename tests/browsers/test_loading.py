"""A page is whole by itself: nothing is loaded from elsewhere, and no script is needed."""

import pytest

from tests.browsers.page_names import FRAMED_PAGES, PAGES, SEARCH_PAGES
from tests.browsers.visit import Visits

pytestmark = pytest.mark.browsers

MOST_BYTES = 30 * 1024
"""Of a page, as it comes from disk; pictures, stylesheet and search's script come apart."""


@pytest.mark.parametrize("name", PAGES)
def test_nothing_comes_from_elsewhere_and_every_picture_is_there(visits: Visits, name: str) -> None:
    """Without the page's policy, so that it is the page that asks for nothing."""
    with visits.to(name, bypass_csp=True) as page:
        page.evaluate("document.querySelectorAll('img').forEach(img => img.loading = 'eager')")
        page.wait_for_function("[...document.images].every(img => img.naturalWidth && img.width)")
        page.wait_for_load_state("networkidle")
        expected = {"alert": 3, "real article": 3, "every element": 4}.get(name, 0)
        expected += name in ("front", "list", "numbered list")  # of the news that has pictures
        assert page.locator("main img").count() == expected


@pytest.mark.parametrize("name", FRAMED_PAGES)
def test_no_page_is_over_30_kb_of_html(visits: Visits, name: str) -> None:
    html = visits.world.text(name, visits.path(name))
    assert len(html.encode()) <= MOST_BYTES


@pytest.mark.parametrize(
    "html", ["<img src={}>", "<link rel=stylesheet href={}>", "<iframe src={}></iframe>"]
)
def test_what_comes_from_elsewhere_is_noticed(visits: Visits, html: str) -> None:
    with pytest.raises(AssertionError, match="elsewhere"), visits.tab(bypass_csp=True) as page:
        page.goto("/")
        page.set_content(html.format("http://127.0.0.1:9/elsewhere"), wait_until="domcontentloaded")
        page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("name", PAGES)
def test_no_script_is_there_and_none_is_needed(visits: Visits, name: str) -> None:
    with visits.to(name) as page:
        text = page.locator("body").inner_text()
        scripts = page.locator("script:not([type='application/ld+json'])")
        expected = ["/sok/forslag.js"] if name in SEARCH_PAGES else []
        assert [script.get_attribute("src") for script in scripts.all()] == expected
    assert len(text) > 50
    with visits.to(name, java_script_enabled=False) as page:
        assert page.locator("body").inner_text() == text
