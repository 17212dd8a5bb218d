"""Everything can be done with a keyboard alone, and one sees where one is."""

import re
from itertools import chain
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browsers.answers import ANSWERS
from tests.browsers.page_names import FRAMED_PAGES, INBOX_PAGES
from tests.browsers.visit import WIDTHS, Visits
from tests.browsers.world import World, member
from tests.examples import in_turn
from tests.make import alert

pytestmark = pytest.mark.browsers

# Before anything has the focus: all that can have it, and how each looks. Of a group of radio
# buttons Tab reaches the chosen one; arrows reach the others. What is not shown can have none,
# as the menu on a phone until it is opened.
_REMEMBER = """() => {
    window.stops = [...document.querySelectorAll(`a[href], button,
        input:not([type=hidden], [type=radio]:not(:checked)),
        select, textarea, summary, iframe, [tabindex='0']`)]
        .filter(element => element.checkVisibility());
    const look = element => {
        const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(element);
        return outlineStyle === "none" ? "none" : [outlineStyle, outlineWidth, outlineColor].join();
    };
    window.looks = element => [look(element), look(element.parentElement)];
    window.before = stops.map(looks);
    return stops.map(element => element.outerHTML.slice(0, 120));
}"""
_STOP = """() => {
    const element = document.activeElement, number = stops.indexOf(element);
    if (number < 0) return null;
    const {left, top, width, height} = element.getClientRects()[0];
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    const outlines = looks(element).filter((look, at) => look !== before[number][at]);
    return {
        number,
        visible: outlines.some(look => parseFloat(look.split(",")[1]) >= 2),
        uncovered: there !== null && (element === there || element.contains(there)),
        frame: element.tagName === "IFRAME",
    };
}"""


# Inside a frame: which of its links has the focus, or none while the focus is elsewhere.
_INSIDE = """() => document.hasFocus() && document.activeElement !== document.body
    ? [...document.querySelectorAll("*")].indexOf(document.activeElement) : null"""
_LONGEST = 5000
"""Milliseconds that the focus may take, and the scrolling to it: into a frame and out of it, both
go through the browser."""


def next_stop(page: Page, last: dict[str, Any] | None) -> dict[str, Any]:
    """Press Tab; the stop that has the focus then, which is another than `last`: once it can be
    seen, or as it is if it cannot be in all the time there is."""
    page.keyboard.press("Tab")
    arrived: dict[str, Any] | None = None
    for _ in range(0, _LONGEST, 20):
        stop: dict[str, Any] | None = page.evaluate(_STOP)
        if stop and stop["frame"]:
            stop["inside"] = [frame.evaluate(_INSIDE) for frame in page.frames[1:]]
            if all(place is None for place in stop["inside"]):
                stop = None
        if stop and _place(stop) != _place(last):
            arrived = stop
            if stop["uncovered"] and (stop["visible"] or stop["frame"]):
                return stop
        page.wait_for_timeout(20)
    assert arrived, f"the focus went nowhere after {last}"
    return arrived


def _place(stop: dict[str, Any] | None) -> object:
    """Where the focus is, however that looks."""
    return stop and (stop["number"], stop.get("inside"))


@pytest.mark.parametrize(
    ("name", "width"),
    chain.from_iterable(
        in_turn(turn, [name], WIDTHS.values())
        for turn, name in enumerate([*FRAMED_PAGES, *INBOX_PAGES, *ANSWERS])
    ),
)
def test_tab_reaches_all_in_order_and_one_sees_where_one_is(
    visits: Visits, name: str, width: int
) -> None:
    with visits.to(name, width=width) as page:
        if name == "unsubscribed":
            page.reload()  # from its start, not from the button that was pressed
        stops = page.evaluate(_REMEMBER)
        reached: list[int] = []
        stop: dict[str, Any] | None = None
        while len(reached) < len(stops):
            stop = next_stop(page, stop)
            if stop["frame"] and stop["number"] in reached:
                continue  # a link of the mail inside the frame
            assert stop["visible"] or stop["frame"], stops[stop["number"]]
            assert stop["uncovered"], stops[stop["number"]]
            reached.append(stop["number"])
            assert reached == list(range(len(reached)))


@pytest.mark.parametrize(("cover", "uncovered"), [("none", True), ("block", False)])
def test_a_stop_is_judged_where_its_scrolling_comes_to_rest(
    visits: Visits, cover: str, uncovered: bool
) -> None:
    with visits.tab(bypass_csp=True) as page:
        page.goto("/")
        page.set_content(f"""<style>html {{ scroll-behavior: smooth }} a {{ outline: none }}
            a:focus {{ outline: 2px solid }} p {{ margin-top: 3000px }}
            div {{ position: fixed; inset: 0; display: {cover} }}</style>
            <p><a href="/">Langt nede</a></p><div></div>""")
        page.evaluate(_REMEMBER)
        assert next_stop(page, None)["uncovered"] is uncovered


@pytest.mark.parametrize("name", FRAMED_PAGES)
def test_the_first_stop_skips_to_the_content(visits: Visits, name: str) -> None:
    with visits.to(name, width=390) as page:
        if name in ("unsubscribed", "joining, wrong"):
            page.reload()  # from its start, not from the button that was pressed
        page.keyboard.press("Tab")
        link = page.get_by_role("link", name=re.compile("Hopp til innh|Skip to the content"))
        expect(link).to_be_focused()
        assert link.evaluate("link => link.getBoundingClientRect().left") == 0
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        inside = page.locator(
            "main :is(a, button, summary, select, textarea, input:not([type=hidden]))"
        )
        page.keyboard.press("Tab")
        after = inside if inside.count() else page.locator("footer a")
        expect(after.first).to_be_focused()


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(visits: Visits) -> None:
    with visits.to("front", width=390) as page:
        opener, alerts = page.locator(".site-tools button"), page.locator(".site-menu nav a").first
        opener.focus()
        expect(alerts).to_be_hidden()
        page.keyboard.press("Enter")
        expect(alerts).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.locator(".menu-close")).to_be_focused()
        page.keyboard.press("Tab")
        expect(alerts).to_be_focused()
        page.keyboard.press("Escape")
        expect(alerts).to_be_hidden()
        expect(opener).to_be_focused()


@pytest.mark.parametrize("name", INBOX_PAGES)
def test_without_a_skip_link_one_link_at_most_is_before_the_content(
    visits: Visits, name: str
) -> None:
    with visits.to(name) as page:
        assert page.locator(":is(a, button):not(main *)").count() <= 1


def test_arrows_reach_each_choice_of_a_group(visits: Visits) -> None:
    with visits.to("joining") as page:
        page.get_by_label("Alle sikkerhetsvarsler").focus()
        page.keyboard.press("ArrowDown")
        assert page.locator(":focus").get_attribute("value") == "noen"
        assert page.locator(":focus").is_checked()


def test_unsubscribing_needs_only_tab_and_enter(visits: Visits) -> None:
    world: World = visits.world
    leaving, staying = member(2), member(3)
    with visits.tab(java_script_enabled=False) as page:
        page.goto(world.unsubscribe_path(leaving))
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # skips to the content
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Ja, meld meg av", exact=True)).to_be_focused()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Du er meldt av").wait_for()
    before = {mail["id"] for mail in world.mails()}
    world.publish(alert(title="Et varsel etter at noen har meldt seg av"))
    recipients = "".join(mail["to"] for mail in world.mails() if mail["id"] not in before)
    assert staying in recipients
    assert leaving not in recipients
