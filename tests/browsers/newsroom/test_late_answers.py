"""An editor types on while the server's answer is on its way: no letter is lost, and none is said
to be saved before it is."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browsers.newsroom.steps.staff import browser_of, session
from tests.system.running import Up

pytestmark = pytest.mark.browsers
LONGER_THAN_ANY_PAUSE_MS = 7000
"""What the form waits for before it saves is over by then."""


class LateAnswers:
    """Holds back what the form sends to addresses like `**/lagre`, until it is let through."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self._held = list[Route]()
        page.route(address, self._take)

    def _take(self, route: Route) -> None:
        sent = route.request.post_data or ""
        if route.request.method != "POST" or "bare=" in sent:
            route.continue_()
        else:
            self._held.append(route)

    def came(self) -> str:
        """Wait until something was sent; gives it."""
        deadline = time.monotonic() + 15
        while not self._held:
            assert time.monotonic() < deadline, "nothing was sent"
            self._page.wait_for_timeout(20)
        return self._held[0].request.post_data or ""

    def let_through(self) -> None:
        self._held.pop(0).continue_()


@pytest.fixture
def page(trial: Up, browser: Browser) -> Iterator[Page]:
    with browser_of(browser, trial, session(trial, "Kari Eksempel")) as context:
        opened = context.new_page()
        opened.clock.install()
        yield opened


def begin(page: Page, what: str) -> None:
    page.goto("/redaksjon/ny/")
    page.locator(f"#hva-{what}").check()
    page.get_by_role("button", name="Begynn å skrive").click()
    page.locator("#title").wait_for()


def test_what_is_typed_while_a_save_is_on_its_way_is_saved_next_and_not_said_to_be(
    page: Page,
) -> None:
    begin(page, "nyhet")
    status = page.locator("[data-status]")
    late = LateAnswers(page, "**/lagre")
    page.locator("#title").fill("Tittelen")
    page.clock.run_for(LONGER_THAN_ANY_PAUSE_MS)
    assert "title=Tittelen" in late.came()
    page.locator("#lead").fill("Ingressen")
    page.clock.run_for(LONGER_THAN_ANY_PAUSE_MS)
    late.let_through()
    expect(page.locator("[data-checklist]")).not_to_contain_text("Tittel")
    expect(status).to_have_text("Lagrer …")
    page.clock.run_for(LONGER_THAN_ANY_PAUSE_MS)
    assert "lead=Ingressen" in late.came()
    expect(status).to_have_text("Lagrer …")
    late.let_through()
    expect(status).to_contain_text("Lagret kl.")
    expect(page.locator("#beskjed")).to_be_empty()
    page.reload()
    expect(page.locator("#lead")).to_have_value("Ingressen")
    expect(page.locator("#beskjed")).to_be_empty()


def test_what_is_typed_in_a_part_while_its_button_s_answer_is_on_its_way_stays(page: Page) -> None:
    begin(page, "varsel")
    late = LateAnswers(page, "**/skriv/")
    substance, brands = (
        page.locator(f"[id='alert.medicines.0.{name}']") for name in ("substance", "brands")
    )
    substance.fill("eksempel")
    page.get_by_role("button", name="Legg til en medisin").click()
    assert "alert.medicines.0.substance=eksempel&" in late.came()
    substance.press("End")
    page.keyboard.type("inib")
    brands.fill("Exempla")
    page.locator("#lead").fill("Utenfor delen")
    # What would be saved by itself meanwhile is not: it would stand against the button's text.
    page.clock.run_for(LONGER_THAN_ANY_PAUSE_MS)
    late.let_through()
    assert "alert.medicines.0.substance=eksempelinib&" in late.came()
    brands.focus()
    late.let_through()
    expect(page.locator("[id='alert.medicines.1.substance']")).to_be_visible()
    expect(brands).to_be_focused()
    page.clock.run_for(LONGER_THAN_ANY_PAUSE_MS)
    expect(page.locator("[data-status]")).to_contain_text("Lagret kl.")
    expect(page.locator("#beskjed")).to_be_empty()
    page.reload()
    expect(substance).to_have_value("eksempelinib")
    expect(brands).to_have_value("Exempla")
    expect(page.locator("#lead")).to_have_value("Utenfor delen")
    expect(page.locator("[id='alert.medicines.1.substance']")).to_have_count(1)
    expect(page.locator("[id='alert.medicines.2.substance']")).to_have_count(0)


def test_a_button_that_is_pressed_while_a_save_is_on_its_way_takes_all_that_was_typed_along(
    page: Page,
) -> None:
    begin(page, "nyhet")
    late = LateAnswers(page, "**/lagre")
    page.locator("#title").fill("Tittelen")
    page.clock.run_for(LONGER_THAN_ANY_PAUSE_MS)
    late.came()
    page.locator("#lead").fill("Ingressen")
    page.get_by_role("button", name="Send inn …").click()
    late.let_through()
    page.wait_for_url(re.compile(r"/send-inn/$"))
    page.go_back()
    expect(page.locator("#title")).to_have_value("Tittelen")
    expect(page.locator("#lead")).to_have_value("Ingressen")
