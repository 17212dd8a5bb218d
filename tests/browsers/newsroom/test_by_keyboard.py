"""An alert's whole way by the keys alone: written, submitted, approved, held back, sent, corrected,
cancelled and withdrawn. No mouse is there, and whatever has the focus is seen to have it."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.browsers.newsroom.steps.relayed import MEMBERS, System
from tests.browsers.newsroom.steps.staff import browser_of, go, session
from tests.ingest.newsroom.desk.steps import WHOLE_ALERT

pytestmark = pytest.mark.browsers

TITLE = "Exempla uten mus"
_MOST_TABS = 300
_FOCUSED = """() => {
    const one = document.activeElement;
    if (!one) return ["", "", false];  // a page that is still coming
    const style = getComputedStyle(one);
    const id = one.matches(".editor-text") ? "body" : one.id;
    return [id, one.labels?.[0]?.textContent ?? one.ariaLabel ?? one.textContent ?? "",
        style.outlineStyle !== "none" || style.boxShadow !== "none"];
}"""


@dataclass(frozen=True)
class Keys:
    """A person without a mouse."""

    page: Page

    def to(self, name: str) -> None:
        """Press Tab until what is called so, or has this id, has the focus, and is seen to."""
        for _ in range(_MOST_TABS):
            self.page.keyboard.press("Tab")
            try:
                id_, words, is_seen = self.page.evaluate(_FOCUSED)
            except Error as gone:  # the next page comes
                if "navigation" not in gone.message:
                    raise
                self.page.wait_for_load_state()
                continue
            if name in (id_, " ".join(words.split())):
                assert is_seen, name
                return
        raise AssertionError(f"Tab does not reach {name}")

    def press(self, name: str) -> None:
        self.to(name)
        self.page.keyboard.press("Enter")

    def choose(self, first: str, wanted: str) -> None:
        """In a group of choices, whose first one Tab reaches."""
        self.to(first)
        self.page.keyboard.press("Space")
        for _ in range(10):
            if self.page.evaluate("document.activeElement.id") == wanted:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not reach {wanted}")

    def write(self, name: str, text: str) -> None:
        self.to(name)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)


def test_an_alert_goes_its_whole_way_by_keyboard_alone(system: System, browser: Browser) -> None:
    writer_s, approver_s = (session(system.up, name) for name in ("Tor Tast", "Tuva Tast"))
    with (
        browser_of(browser, system.up, writer_s) as first,
        browser_of(browser, system.up, approver_s) as second,
    ):
        writer, approver = Keys(first.new_page()), Keys(second.new_page())
        _writes(writer)
        _submits(writer)
        address = writer.page.url
        _an_expert_reads_and_answers(writer, system, browser)
        _approves(approver, address)
        _holds_it_back_and_lets_it_go_on(system, approver)
        _corrects(writer, address)
        _approves(approver, address)
        _cancels(system, approver)
        _withdraws(approver, address)


def _writes(keys: Keys) -> None:
    page = keys.page
    page.goto("/redaksjon/")
    keys.press("Ny sak")
    keys.heading("Ny sak")
    keys.choose("hva-varsel", "hva-varsel")
    keys.press("Begynn å skrive")
    page.locator(".editor-text").wait_for()
    order = page.evaluate("() => [...document.querySelectorAll('#skjema [id]')].map(one => one.id)")
    texts = {name.replace("__", "."): text for name, text in WHOLE_ALERT.items()} | {"title": TITLE}
    chosen = {"alert.severity": "severe", "alert.stop_advice.code": "do_not_stop"}
    for name in sorted(texts, key=lambda one: _place(order, one)):
        value = texts[name]
        if name in chosen:
            ids = [one for one in order if one.startswith(f"{name}-")]
            radios = [one for one in ids if page.locator(f"[id='{one}'][type=radio]").count()]
            keys.choose(radios[0], f"{name}-{value}")
        elif page.locator(f"[id='{name}'][type=date]").count():
            keys.to(name)
            _type_day(page, value)
        else:
            keys.write(name, value)
    page.locator("[data-status]").wait_for()


def _place(order: list[str], name: str) -> int:
    return next(at for at, one in enumerate(order) if one == name or one.startswith(f"{name}-"))


def _type_day(page: Page, day: str) -> None:
    """Type a day where the focus is, in the order that this browser has."""
    year, month, date = day.split("-")
    for typed in (month + date + year, date + month + year):
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        page.keyboard.type(typed)
        if page.evaluate("document.activeElement.value") == day:
            return
    raise AssertionError(f"{day} cannot be typed")


def _submits(keys: Keys) -> None:
    keys.press("Send inn …")
    expect(keys.page.get_by_role("heading", level=2).first).to_have_text("Dette skjer")
    keys.press("Send til godkjenning")
    keys.heading(TITLE)
    expect(keys.page.get_by_role("heading", level=2).first).to_have_text("Til godkjenning")


def _an_expert_reads_and_answers(writer: Keys, system: System, browser: Browser) -> None:
    writer.press("Spør en fagperson")
    writer.press("Lag en lenke")
    link = writer.page.locator("#lenke").input_value().split()[-1]
    context = browser.new_context(base_url=system.up.url)
    expert = Keys(context.new_page())
    expert.page.goto(link)
    expert.heading(TITLE)
    expert.press("Send til redaksjonen")
    expect(expert.page.get_by_role("alert")).to_contain_text("Skriv navnet ditt")
    expert.write("merknad", "Skriv hvor ofte prøven tas.")
    expert.to("lest-ja")
    expert.page.keyboard.press("Space")
    expert.write("navn", "Lise Lege")
    expert.press("Send til redaksjonen")
    expect(expert.page.get_by_role("status")).to_contain_text("Takk!")
    context.close()


def _approves(keys: Keys, address: str) -> None:
    go(keys.page, address)
    keys.press("Se på den, og godkjenn eller avvis")
    button = keys.page.get_by_role("button", name=re.compile(f"^Godkjenn.* {MEMBERS}"))
    expect(button).to_be_visible()
    keys.press(button.inner_text())
    expect(keys.page.locator("#klokke")).to_be_visible()


def _holds_it_back_and_lets_it_go_on(system: System, keys: Keys) -> None:
    system.relay.hold()
    keys.page.wait_for_url("**/kvittering/")
    stand, numbers = keys.page.locator("#stand"), keys.page.locator("#numbers")
    expect(stand).to_contain_text("Varselet: Sendes nå")
    keys.press("Sett på pause")
    expect(stand).to_contain_text("Satt på pause")
    keys.press("La den gå videre")
    expect(stand).not_to_contain_text("Satt på pause")
    system.relay.go_on()
    expect(numbers).to_contain_text(f"{MEMBERS} av {MEMBERS} er sendt")


def _corrects(keys: Keys, address: str) -> None:
    go(keys.page, address)
    keys.press("Rett noe som er feil")
    keys.choose("slag-correction", "slag-correction")
    keys.write("hva", "Det gjelder de som har brukt Exempla i over et år.")
    keys.press("Videre")
    keys.press("Til teksten")
    keys.page.locator(".editor-text").wait_for()
    keys.write("alert.who_is_affected", "De som har brukt Exempla i over et år.")
    _submits(keys)


def _cancels(system: System, keys: Keys) -> None:
    system.relay.hold()
    keys.page.wait_for_url("**/kvittering/")
    stand = keys.page.locator("#stand")
    expect(stand).to_contain_text("Rettelsen: Sendes nå")
    keys.press("Avbryt …")
    keys.heading("Avbryte utsendingen?")
    keys.press("Avbryt for godt")
    keys.page.wait_for_url("**/kvittering/")
    system.relay.go_on()
    expect(stand).to_contain_text("Avbrutt")


def _withdraws(keys: Keys, address: str) -> None:
    go(keys.page, address)
    keys.press("Trekk den tilbake")
    keys.write("hvorfor", "Tilsynet tok feil.")
    keys.press("Se hva de får lese")
    keys.press("Trekk saken tilbake nå")
    keys.page.wait_for_url("**/kvittering/")
    # To the end: the relay is another walk's then.
    done = "Tilbaketrekkingen: Ferdig"
    expect(keys.page.locator("#stand")).to_contain_text(done)
