"""Staff and members come in by passkeys, in a real browser with an authenticator of its own.

At http://localhost, since browsers make no passkeys for an address of digits.
"""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browsers import axe, vnu
from tests.browsers.newsroom.steps.passkeys import somebody
from tests.browsers.visit import SCHEMES, WIDTHS
from tests.browsers.world import World
from tests.examples import in_turn
from tests.system.running import Up

EMAIL, OTHER = "medlem@example.org", "kari@example.org"


def test_somebody_is_invited_makes_a_passkey_logs_out_and_logs_in_again(
    browser: Browser, trial: Up
) -> None:
    link = trial.json("people", "invite", "Nina Eksempel", "--role", "approver")["link"]
    with somebody(browser, trial) as page:
        page.goto(link)
        expect(page.get_by_role("heading", level=1)).to_have_text("Velkommen, Nina Eksempel")
        page.get_by_role("button", name="Lag passnøkkel og logg inn").click()
        expect(page.get_by_role("status")).to_contain_text("Passnøkkelen er laget")
        expect(page.get_by_role("link", name="Lag en passnøkkel til")).to_be_visible()
        page.get_by_role("button", name="Logg ut", exact=True).click()
        page.get_by_role("button", name="Logg inn med passnøkkel").click()
        page.get_by_role("link", name="Nina Eksempel").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Nina Eksempel")
        expect(page.get_by_text("Sist brukt")).to_be_visible()


def test_whoever_breaks_off_is_told_and_can_try_again(browser: Browser, trial: Up) -> None:
    link = trial.json("people", "invite", "Odd Eksempel", "--role", "editor")["link"]
    with somebody(browser, trial) as page:
        page.goto(link)
        page.get_by_role("button", name="Lag passnøkkel og logg inn").click()
        expect(page.get_by_role("status")).to_be_visible()
        page.goto("/redaksjon/passnokkel/ny/")
        page.get_by_role("button", name="Lag passnøkkel").click()
        expect(page.get_by_role("alert").filter(visible=True)).to_contain_text(
            "har alt en passnøkkel"
        )
        expect(page.get_by_role("button", name="Lag passnøkkel")).to_be_enabled()


def test_without_script_the_page_says_what_is_missing(browser: Browser, trial: Up) -> None:
    context = browser.new_context(base_url=trial.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/redaksjon/inn/")
    expect(page.get_by_text("Passnøkler trenger JavaScript.")).to_be_visible()
    expect(page.get_by_role("button", name="Logg inn med passnøkkel")).to_be_hidden()
    context.close()


def test_a_member_makes_a_passkey_after_a_letter_and_logs_in_by_it(
    browser: Browser, trial: Up
) -> None:
    world = World(trial)
    world.import_members((EMAIL, "Mona Medlem"))
    with somebody(browser, trial) as page:
        page.goto("/min-side/")
        page.get_by_label("E-postadressen din").fill(EMAIL)
        page.get_by_role("button", name="Send meg en e-post").click()
        page.get_by_label("Koden").fill(world.letter(EMAIL, "logge inn")[1])
        page.get_by_role("button", name="Fortsett").click()
        page.get_by_role("link", name="Lag en passnøkkel").click()
        page.get_by_role("button", name="Lag en passnøkkel").click()
        expect(page.get_by_role("status")).to_contain_text("er laget")
        page.get_by_role("link", name="Tilbake til Min side").click()
        page.get_by_role("button", name="Logg ut", exact=True).click()
        page.get_by_role("button", name="Logg inn med passnøkkel").click()
        expect(page.get_by_text(f"e-post til {EMAIL}")).to_be_visible()


def test_pages_with_a_passkey_s_form_are_for_everybody(
    browser: Browser, trial: Up, tmp_path: Path
) -> None:
    """axe and the markup at each width and in each scheme, and the keyboard alone: at this address
    they have the form that they do not have at one of digits."""
    World(trial).import_members((OTHER, "Kari Medlem"))
    with somebody(browser, trial, bypass_csp=True) as page:
        page.goto("/min-side/")
        _is_for_everybody(page, tmp_path, "log in")
        page.get_by_label("E-postadressen din").focus()
        page.keyboard.type(OTHER)
        page.keyboard.press("Enter")
        page.get_by_label("Koden").focus()
        page.keyboard.type(World(trial).letter(OTHER, "logge inn")[1])
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Min side").wait_for()
        page.goto("/min-side/passnokkel/")
        _is_for_everybody(page, tmp_path, "make a passkey")
        _tab_to(page, "Lag en passnøkkel")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("er laget")
        World(trial).letter(OTHER, "Ny måte å logge inn på")
        _is_for_everybody(page, tmp_path, "my passkeys")
        page.goto("/min-side/")
        page.get_by_role("button", name="Logg ut", exact=True).click()
        _tab_to(page, "Logg inn med passnøkkel")
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"e-post til {OTHER}")).to_be_visible()
        page.goto("/min-side/passnokkel/")
        _is_for_everybody(page, tmp_path, "a letter first")
        _tab_to(page, "Send meg en e-post")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Koden")).to_be_visible()
    assert vnu.findings(tmp_path) == []


def _is_for_everybody(page: Page, folder: Path, name: str) -> None:
    (folder / f"{name}.html").write_text(page.request.get(page.url).text())
    axe.load(page)
    turn = len([*folder.iterdir()])
    for width in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
    for width, scheme in in_turn(turn, WIDTHS.values(), SCHEMES):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert axe.findings(page, mail=False) == [], (name, width, scheme)


def _tab_to(page: Page, button: str) -> None:
    """Press Tab until this button has the focus, and is seen to have it."""
    for _ in range(30):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and focused.inner_text() == button:
            outline = focused.evaluate("element => getComputedStyle(element).outlineStyle")
            assert outline != "none", button
            return
    raise AssertionError(f"Tab does not reach {button}")


def test_a_newcomer_gets_into_a_trial_by_what_the_start_printed(
    browser: Browser, trial: Up
) -> None:
    [link] = re.findall(r"http://\S+/redaksjon/prov/\S+", trial.log())
    with somebody(browser, trial, bypass_csp=True) as page:
        page.goto(link)
        axe.load(page)
        assert axe.findings(page, mail=False) == []
        page.get_by_role("button", name="Gå inn i redaksjonen").click()
        page.goto("/redaksjon/meg/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Prøvebruker")
