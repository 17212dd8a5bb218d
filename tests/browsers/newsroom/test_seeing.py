"""Whoever writes sees the page and the mail, anew after each save, with and without script."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import axe
from tests.browsers.newsroom.steps.staff import browser_of, session
from tests.system.running import Up

pytestmark = pytest.mark.browsers

BODY = """Dosen går etter vekt.

Tabell 1: Dose etter vekt

| Vekt | Uke 1 | Uke 2 | Uke 3 | Uke 4 | Høyeste dose i døgnet |
|:-----|------:|------:|------:|------:|----------------------:|
| 10–20 kg | 5 mg | 5 mg | 10 mg | 2*10 mg | 20 mg |
"""


@pytest.fixture(scope="module")
def cookie(trial: Up) -> str:
    """Of the session of an editor."""
    return session(trial, "Kari Eksempel")


def written(browser: Browser, trial: Up, cookie: str, title: str) -> str:
    """An alert that the editor has begun, without script, so that the text is typed as it stands;
    gives the address where it is seen."""
    with browser_of(browser, trial, cookie, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/redaksjon/ny/")
        page.locator("[name=hva][value=varsel]").check()
        page.locator("main form button").last.click()
        page.locator("#title").fill(title)
        page.locator("#body").fill(BODY)
        page.locator("button[value=vis]").click()
        page.wait_for_url("**/vis/")
        return str(page.url)


def frame_says(page: Page, name: str, words: str) -> None:
    frame = page.frame_locator(f".phones [data-frame={name}]")
    expect(frame.locator("h1")).to_have_text(words)


def test_the_frames_follow_what_is_saved_in_another_window(
    browser: Browser, trial: Up, cookie: str
) -> None:
    with browser_of(browser, trial, cookie, viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(written(browser, trial, cookie, "Exempla kan skade leveren"))
        for name in ("page", "mail"):
            frame_says(page, name, "Exempla kan skade leveren")
        page.get_by_text("Siden på papir", exact=True).first.click()
        paper = page.frame_locator("iframe.paper")
        expect(paper.locator("h1")).to_have_text("Exempla kan skade leveren")
        assert "/utskrift/" in paper.locator("html").evaluate("() => location.pathname")
        expect(page.locator("[data-subject]")).to_contain_text("Exempla kan skade leveren")
        axe.load(page)
        assert axe.findings(page, mail=False) == []
        other = context.new_page()
        other.goto(page.url.replace("/vis/", "/skriv/"))
        other.locator("#title").fill("Exempla kan skade nyrene")
        other.locator("button[value=lagre]").last.click()
        other.wait_for_load_state()
        page.bring_to_front()
        for name in ("page", "mail"):
            frame_says(page, name, "Exempla kan skade nyrene")


def test_without_script_the_page_loads_itself_until_the_frames_are_filled(
    browser: Browser, trial: Up, cookie: str
) -> None:
    with browser_of(browser, trial, cookie, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(written(browser, trial, cookie, "Exempla uten skript"))
        page.locator("[data-again]").click()
        for name in ("page", "mail"):
            frame_says(page, name, "Exempla uten skript")


def test_on_a_phone_nothing_is_wider_than_it_and_the_table_scrolls_alone(
    browser: Browser, trial: Up, cookie: str
) -> None:
    with browser_of(browser, trial, cookie, viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(written(browser, trial, cookie, "Exempla på telefon"))
        frame_says(page, "page", "Exempla på telefon")
        wide = "document.documentElement.scrollWidth"
        assert page.evaluate(wide) == 390
        page.goto(f"{page.url}side")
        assert "/utkast/" in page.url
        assert page.evaluate(wide) == 390
        table = page.locator(".table")
        assert table.evaluate("one => one.scrollWidth > one.clientWidth")
        assert page.locator("caption").evaluate("one => one.getBoundingClientRect().right") <= 390
        axe.load(page)
        found = axe.findings(page, mail=False)
        # Of cells that are cut off by the frame they scroll in, axe cannot tell the colour; those
        # that are seen have the same, and are judged.
        assert [one for one in found if "partially obscured" not in one[2]] == []
        table.focus()
        page.keyboard.press("ArrowRight")
        expect(table).not_to_have_js_property("scrollLeft", 0)
