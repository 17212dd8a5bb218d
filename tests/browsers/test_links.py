"""Every link and file of every page is there, and what somebody looks for is a few steps away."""

import re
from urllib.parse import urldefrag, urljoin

import pytest
from playwright.sync_api import Page

from tests.browsers.page_names import MEMBER_PAGES, MY_PAGES, SITE_PAGES
from tests.browsers.visit import Visits
from tests.browsers.world import World

pytestmark = pytest.mark.browsers

PHONE = 390
_OPEN = [name for name in (*SITE_PAGES, *MEMBER_PAGES) if name not in MY_PAGES]
_GONE = {"not found": 404, "withdrawn news": 410}
"""Pages that name their own address."""
_LINK = re.compile(r'(?:href|src|action|content)="((?:/|https?://)[^"]*)"')


def test_each_link_and_file_of_each_page_is_there(
    filled_world: tuple[World, dict[str, str]],
) -> None:
    world, pages = filled_world
    own = {world.up.url + pages[name] for name in _GONE}
    found: dict[str, str] = {}
    for name in _OPEN:
        if name not in pages:
            continue
        for link in _LINK.findall(world.text(name, pages[name])):
            address = urldefrag(urljoin(world.up.url + pages[name], link.replace("&amp;", "&")))[0]
            if address.startswith(f"{world.up.url}/") and address not in own:
                found.setdefault(address, name)
    assert len(found) > 80
    for part in ("/for-fagfolk/", "/site.webmanifest", "/ikon.png", "/varsler/feed.atom"):
        assert world.up.url + part in found, part
    missing = {
        address: (name, status)
        for address, name in found.items()
        if (status := world.http.get(address, follow_redirects=True).status_code) != 200
    }
    assert missing == {}


def test_the_icons_of_the_manifest_are_there(filled_world: tuple[World, dict[str, str]]) -> None:
    world, _ = filled_world
    manifest = world.http.get("/site.webmanifest").json()
    assert (manifest["name"], manifest["lang"]) == ("Eksempelforeningen", "nb")
    for icon in manifest["icons"]:
        answer = world.http.get(icon["src"])
        assert (answer.status_code, answer.headers["content-type"]) == (200, icon["type"])


def test_people_of_the_trade_find_feeds_cap_and_audit_root_on_one_page(visits: Visits) -> None:
    with visits.to("front", width=PHONE) as page:
        page.get_by_role("link", name="For fagfolk og systemer").click()
        there = [one.get_attribute("href") for one in page.locator("main a").all()]
    wanted = {"/feed.atom", "/feed.json", "/varsler/feed.atom", "/revisjonsspor/rot.json"}
    assert wanted <= set(there)


def test_whether_a_medicine_has_an_alert_is_found_in_two_steps(visits: Visits) -> None:
    with visits.to("front", width=PHONE) as page:
        page.get_by_role("link", name="Søk").click()
        page.get_by_label("Hva leter du etter?").fill("exempla")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Varsler som gjelder nå").wait_for()
        first = page.locator(".search-results .teaser-alert a").first
        assert _is_in_the_first_screen(page, first.bounding_box())
    with visits.to("front", width=PHONE) as page:
        page.get_by_role("button", name="Meny").click()
        page.get_by_role("link", name="Varsler", exact=True).first.click()
        page.get_by_role("link", name="Eksempelinib", exact=True).click()
        assert page.get_by_text("Selges som").is_visible()
        heading = page.get_by_role("heading", name="Varsler som gjelder nå")
        assert _is_in_the_first_screen(page, heading.bounding_box())


def test_whom_to_call_is_found_in_one_step(visits: Visits) -> None:
    """From the front page by a warning; without one, by looking for what has no answer here."""
    with visits.to("front", width=PHONE) as page:
        page.locator(".warnings a").first.click()
        for number in ("113", "116117"):
            call = page.locator(f"main a[href='tel:{number}']").first
            assert _is_in_the_first_screen(page, call.bounding_box())
    with visits.to("found nothing", width=PHONE) as page:
        for number in ("22000000", "113", "116117"):
            assert page.locator(f"main a[href='tel:{number}']").first.is_visible()


@pytest.mark.parametrize("name", ["front", "alert", "search", "list"])
def test_how_to_join_is_found_in_two_steps(visits: Visits, name: str) -> None:
    with visits.to(name, width=PHONE) as page:
        page.get_by_role("button", name="Meny").click()
        join = page.get_by_role("link", name="Bli medlem").first
        assert _is_in_the_first_screen(page, join.bounding_box())
        join.click()
        assert page.get_by_role("heading", level=1).inner_text().startswith("Bli medlem")
        assert _is_in_the_first_screen(page, page.locator("input[name=epost]").bounding_box())


def _is_in_the_first_screen(page: Page, box: object) -> bool:
    height = (page.viewport_size or {"height": 0})["height"]
    return isinstance(box, dict) and box["y"] >= 0 and box["y"] + box["height"] <= height
