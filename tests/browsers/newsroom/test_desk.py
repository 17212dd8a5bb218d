"""An editor writes in a browser: it saves by itself, two see each other, and no word is lost."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from shared.visitors.cookies import STAFF_COOKIES
from tests.browsers.editor.pasted import give_file
from tests.browsers.newsroom.steps.staff import browser_of, log_in, session
from tests.ingest.newsroom.desk.steps import WHOLE_ALERT
from tests.ingest.steps import picture
from tests.system.running import Up

pytestmark = pytest.mark.browsers


class Editors:
    def __init__(self, up: Up, browser: Browser) -> None:
        self.up = up
        self._browser = browser

    @contextmanager
    def browser(self, name: str, **options: Any) -> Iterator[BrowserContext]:
        """A browser in which this person is logged in."""
        with browser_of(self._browser, self.up, session(self.up, name), **options) as context:
            yield context

    def log_in(self, context: BrowserContext, name: str) -> None:
        log_in(context, self.up, session(self.up, name))


@pytest.fixture(scope="module")
def editors(trial: Up, browser: Browser) -> Editors:
    return Editors(trial, browser)


def begin(page: Page, what: str = "varsel") -> str:
    """Begin an article; gives the address of its form."""
    page.goto("/redaksjon/ny/")
    page.locator(f"#hva-{what}").check()
    page.get_by_role("button", name="Begynn å skrive").click()
    page.locator("#title").wait_for()
    return page.url


def saved(page: Page) -> None:
    """Wait until all that was typed is saved."""
    expect(page.locator("[data-status]")).to_contain_text("Lagret kl.")


def type_in(page: Page, id_: str, text: str) -> None:
    page.locator(f"[id='{id_}']").fill(text)


def test_what_is_typed_is_saved_by_itself_and_still_there_after_a_reload(editors: Editors) -> None:
    with editors.browser("Kari Eksempel") as browser:
        page = browser.new_page()
        begin(page)
        type_in(page, "title", "Exempla kan skade leveren, " + "og det er alvorlig " * 4)
        expect(page.locator(".count.over")).to_be_visible()
        type_in(page, "alert.what_happened", "Noe " * 30)
        saved(page)
        beside = page.locator("[data-notes='alert.what_happened']")
        expect(beside).to_contain_text("del den opp")
        expect(page.locator("[data-checklist]")).not_to_contain_text("Tittel")
        page.reload()
        expect(page.locator("#title")).to_have_value(
            "Exempla kan skade leveren, " + ("og det er alvorlig " * 4)
        )


@pytest.mark.parametrize(("width", "most"), [(390, 330), (1280, 190)])
def test_a_medicine_more_takes_little_room(editors: Editors, width: int, most: int) -> None:
    with editors.browser("Kari Eksempel", viewport={"width": width, "height": 900}) as browser:
        page = browser.new_page()
        begin(page)
        rows = page.locator("[id='alert.medicines'] .row")
        for count in range(1, 6):
            expect(rows).to_have_count(count)
            if count < 5:
                page.get_by_role("button", name="Legg til en medisin").click()
        heights = rows.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
        assert max(heights[1:]) < most, heights
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        second = page.get_by_label("Virkestoff").nth(1)
        assert second.evaluate(
            "one => document.getElementById(one.getAttribute('aria-describedby')"
            ".split(' ')[0]).textContent"
        ), "what it is for is read out"


def test_readability_and_what_is_hard_to_read_are_told_while_the_text_is_written(
    editors: Editors,
) -> None:
    with editors.browser("Kari Eksempel") as browser:
        page = browser.new_page()
        begin(page)
        for name, sentence in (("alert", "Ring legen. "), ("text", "Medlemmene våre ringer. ")):
            expect(page.locator(f"[data-lix={name}]")).to_have_text("–")
            if name == "alert":
                type_in(page, "alert.what_happened", sentence * 20)
            else:
                page.locator(".editor-text").click()
                page.keyboard.insert_text(sentence * 20 + "PRAC ser på det.")
            expect(page.locator(f"[data-lix={name}]")).to_contain_text(re.compile("[0-9]"))
        expect(page.locator("[data-notes=body]")).to_contain_text("PRAC")


def test_rows_chips_and_pictures_change_only_their_part_of_the_page(
    editors: Editors, tmp_path: Path
) -> None:
    file = tmp_path / "Et bilde.jpg"
    file.write_bytes(picture())
    with editors.browser("Kari Eksempel") as browser:
        page = browser.new_page()
        begin(page)
        type_in(page, "title", "Ikke lagret ennå")
        page.evaluate("window.same = true")
        page.locator("#title").press("Enter")
        expect(page.locator("#lead")).to_be_focused()
        page.locator("[id='alert.severity-minor']").press("Enter")
        expect(page.locator("[id='alert.medicines.0.substance']")).to_be_focused()
        page.get_by_role("button", name="Legg til en kilde").click()
        expect(page.locator("[id='sources.1.publisher']")).to_be_focused()
        page.get_by_role("button", name="Ring 113 hvis noen blir bevisstløs").click()
        expect(page.locator("[id='alert.seek_help_if.0']")).to_have_value(
            "Ring 113 hvis noen blir bevisstløs eller får kramper."
        )
        page.locator("#fil").set_input_files(file)
        page.locator("#alt").fill("En lege")
        page.get_by_role("button", name="Sett bildet inn i teksten").click()
        expect(page.locator("#body")).to_have_value(re.compile(r"!\[En lege\]\(et-bilde-"))
        page.get_by_role("button", name="Tekst", exact=True).click()
        for how, selector in (("drop", "[data-drop]"), ("drop", "#body"), ("paste", "#body")):
            give_file(page, how, selector, file.read_bytes())  # type: ignore[arg-type]
            expect(page.locator("#alt")).to_be_focused()
            page.keyboard.type(f"{how} {selector[1]}")
            page.get_by_role("button", name="Sett bildet inn i teksten").click()
            words = re.compile(rf"!\[{how} {selector[1]}\]\(et-bilde-")
            expect(page.locator("#body")).to_have_value(words)
        page.get_by_role("button", name="Visuell").click()
        saved(page)
        assert page.evaluate("window.same")
        page.reload()
        expect(page.locator("#title")).to_have_value("Ikke lagret ennå")


def test_two_see_each_other_and_nothing_is_overwritten(editors: Editors) -> None:
    with editors.browser("Kari Eksempel") as first, editors.browser("Ola Prøve") as second:
        kari, ola = first.new_page(), second.new_page()
        address = begin(kari, "nyhet")
        ola.goto(address)
        expect(ola.locator("[data-here]")).to_contain_text("Kari Eksempel")
        type_in(kari, "title", "Karis tittel")
        saved(kari)
        type_in(ola, "title", "Olas tittel")
        expect(ola.locator("#beskjed")).to_contain_text("Kari Eksempel har lagret")
        ola.get_by_role("button", name="Se begge, og velg").click()
        ola.get_by_label("Ditt").first.check()
        ola.get_by_role("button", name="Lagre det jeg har valgt").click()
        expect(ola.locator("#title")).to_have_value("Olas tittel")


def test_a_session_that_ends_and_a_server_that_is_away_take_no_text_with_them(
    editors: Editors,
) -> None:
    with editors.browser("Kari Eksempel") as browser:
        page = browser.new_page()
        address = begin(page, "nyhet")
        browser.clear_cookies(name=STAFF_COOKIES.session)
        type_in(page, "lead", "Skrevet etter at økten tok slutt.")
        expect(page.locator("#beskjed")).to_contain_text("Du er logget ut")
        editors.log_in(browser, "Kari Eksempel")
        page.get_by_role("button", name="Lagre nå").click()
        saved(page)
        browser.set_offline(True)
        type_in(page, "title", "Bare i nettleseren")
        expect(page.locator("[data-status]")).to_contain_text("Får ikke lagret")
        page.close()
        browser.set_offline(False)
        page = browser.new_page()
        page.goto(address)
        expect(page.locator("#title")).to_have_value("")
        page.get_by_role("button", name="Hent den tilbake").click()
        expect(page.locator("#title")).to_have_value("Bare i nettleseren")
        expect(page.locator("#lead")).to_have_value("Skrevet etter at økten tok slutt.")


def test_an_alert_is_written_and_submitted_without_script(editors: Editors, tmp_path: Path) -> None:
    file = tmp_path / "Et bilde.jpg"
    file.write_bytes(picture())
    with editors.browser("Per Exempel", java_script_enabled=False) as browser:
        page = browser.new_page()
        page.set_viewport_size({"width": 390, "height": 800})
        begin(page)
        for name, text in WHOLE_ALERT.items():
            if name not in ("alert__stop_advice__code", "alert__severity"):
                type_in(page, name.replace("__", "."), text)
        page.locator("[id='alert.severity-severe']").check()
        page.get_by_label("Nei, ikke slutt på egen hånd").check()
        page.get_by_role("button", name="Legg til ett til: Hva skal de gjøre?").click()
        type_in(page, "alert.what_to_do.1", "Ta en blodprøve.")
        page.locator("#fil").set_input_files(file)
        page.locator("#alt").fill("En lege")
        page.get_by_role("button", name="Sett bildet inn i teksten").click()
        expect(page.locator("#body")).to_have_value(re.compile(r"!\[En lege\]\(et-bilde-"))
        page.get_by_role("button", name="Send inn …").click()
        page.get_by_role("button", name=re.compile("^Send")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(WHOLE_ALERT["title"])
        expect(page.get_by_role("heading", level=2).first).not_to_have_text("Utkast")


@pytest.mark.parametrize("script", [True, False])
def test_a_film_in_the_place_of_a_picture_is_refused_in_words_and_takes_no_text_with_it(
    editors: Editors, tmp_path: Path, script: bool
) -> None:
    film, damaged = tmp_path / "Film.jpg", tmp_path / "Brev.jpg"
    film.write_bytes(bytes(60 * 1024 * 1024))
    damaged.write_bytes(picture(size=(400, 400))[:-200])
    with editors.browser("Kari Eksempel", java_script_enabled=script) as browser:
        page = browser.new_page()
        begin(page, "nyhet")
        type_in(page, "title", "Et brev")
        type_in(page, "lead", "Vi har fått et brev.")
        for name, words in (("alt", "Et brev"), ("bildetekst", "Brevet."), ("foto", "Kari")):
            page.locator(f"#{name}").fill(words)
        page.locator("#fil").set_input_files(film)
        page.get_by_role("button", name="Sett bildet inn i teksten").click()
        expect(page.get_by_text("er over 25 MB; gjør det mindre")).to_be_visible()
        for name, words in (
            ("title", "Et brev"),
            ("lead", "Vi har fått et brev."),
            ("alt", "Et brev"),
        ):
            expect(page.locator(f"#{name}")).to_have_value(words)
        page.locator("#fil").set_input_files(damaged)
        page.get_by_role("button", name="Sett bildet inn i teksten").click()
        if not script:
            expect(page.locator("#body")).to_have_value(re.compile("Et brev"))
            page.goto(page.url.replace("/skriv/", "/send-inn/").partition("#")[0])
        refused = "ildet «Brev.jpg» kan ikke leses; bruk en hel fil som er JPEG, PNG eller WebP"
        expect(page.get_by_text(refused)).to_be_visible()
        if script:
            expect(page.locator("#body")).to_have_value("")
            expect(page.locator("#alt")).to_have_value("Et brev")


def test_somebody_who_never_pauses_is_saved_all_the_same(editors: Editors) -> None:
    with editors.browser("Kari Eksempel") as browser:
        page = browser.new_page()
        begin(page, "nyhet")
        saves = list[str]()
        page.on("request", lambda request: saves.append(request.post_data or ""))
        page.locator("#lead").focus()
        for number in range(200):
            page.keyboard.type(f"ord{number} ", delay=10)
            if any("lead=ord0" in one for one in saves):
                break
        assert any("lead=ord0" in one for one in saves)


def test_what_is_said_under_the_search_stands_clear_of_it(editors: Editors) -> None:
    with editors.browser("Kari Eksempel") as context:
        page = context.new_page()
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto("/redaksjon/?q=finnesikke")
            gap = page.evaluate(
                """() => {
                    const above = document.querySelector(".above");
                    const below = above.nextElementSibling.getBoundingClientRect();
                    return below.top - above.getBoundingClientRect().bottom;
                }"""
            )
            assert gap >= 16, width
