"""An admin lets people in and out in a browser, by keyboard too."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers.newsroom.steps.staff import browser_of, session
from tests.system.running import Up

pytestmark = pytest.mark.browsers
_LINK = re.compile(r"/redaksjon/inn/[^/]+/$")


@pytest.fixture(scope="module")
def page(trial: Up, browser: Browser) -> Iterator[Page]:
    with browser_of(browser, trial, session(trial, "Berit Eksempel", "admin")) as context:
        yield context.new_page()


def test_somebody_is_let_in_given_a_role_and_put_out_by_keyboard_alone(page: Page) -> None:
    page.goto("/redaksjon/folk/")
    page.get_by_label("Navn").focus()
    page.keyboard.type("Ny Person")
    page.keyboard.press("Tab")  # to the roles
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Send denne lenken til Ny Person")
    expect(page.get_by_label("Lenke")).to_have_value(_LINK)
    page.get_by_role("link", name="Tilbake til Folk").press("Enter")
    row = page.get_by_role("listitem").filter(has_text="Ny Person")
    expect(row).to_contain_text("Godkjenner · sluppet inn av Berit Eksempel")
    row.get_by_text("Endre Ny Person").press("Enter")
    row.get_by_label("Administrator").press("Space")
    row.get_by_role("button", name="Lagre rollen").press("Enter")
    expect(row).to_contain_text("Administrator · sluppet inn")
    row.get_by_text("Endre Ny Person").press("Enter")
    row.get_by_label("Ja, Ny Person skal ut").press("Space")
    row.get_by_role("button", name="Ta ut Ny Person").press("Enter")
    expect(row).to_have_count(0)


def test_a_subject_is_added_and_removed(page: Page) -> None:
    page.goto("/redaksjon/emner/")
    page.get_by_role("link", name="Nytt emne").click()
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_role("alert")).to_contain_text("Noe må rettes")
    page.get_by_label("Navn", exact=True).fill("Eksempelinib")
    page.get_by_role("button", name="Lagre").click()
    page.get_by_role("link", name="Eksempelinib").click()
    page.get_by_label("Ja, emnet skal fjernes").check()
    page.get_by_role("button", name="Fjern emnet").click()
    expect(page.get_by_role("link", name="Eksempelinib")).to_have_count(0)
