"""The visual editor in the real writing view: what is written there is saved, and it is light."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browsers.newsroom.steps.staff import browser_of, session
from tests.ingest.steps import picture
from tests.ingest.word.documents import docx, paragraph, text
from tests.system.running import Up

pytestmark = pytest.mark.browsers

_MOST_BYTES = 250 * 1024
_PAINTED = """() => new Promise(done => new PerformanceObserver(
  list => list.getEntriesByName("first-contentful-paint").length && done()
).observe({ type: "paint", buffered: true }))"""
"""Waits for the first contentful paint."""


@pytest.fixture
def page(trial: Up, browser: Browser) -> Iterator[Page]:
    with browser_of(browser, trial, session(trial, "Kari Eksempel")) as context:
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            # A browser asks every site for /favicon.ico.
            lambda one: (
                problems.append(one.text) if one.type == "error" and "404" not in one.text else None
            ),
        )
        page.goto("/redaksjon/ny/")
        page.locator("#hva-nyhet").check()
        page.get_by_role("button", name="Begynn å skrive").click()
        page.locator(".editor-text").wait_for()
        yield page
        assert problems == []


def _saved(page: Page) -> None:
    expect(page.locator("[data-status]")).to_contain_text("Lagret kl.")


def test_what_is_written_visually_is_saved_by_itself(page: Page) -> None:
    page.locator(".editor-text").click()
    page.keyboard.type("Ta 2*500 mg morgen og 2*500 mg kveld.")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Punkter").click()
    page.keyboard.type("Ring legen")
    _saved(page)
    page.reload()
    wanted = "Ta 2*500 mg morgen og 2*500 mg kveld.\n\n- Ring legen"
    expect(page.locator("#body")).to_have_value(wanted)
    expect(page.locator(".editor-text li")).to_have_text("Ring legen")


def test_a_picture_and_a_document_go_through_the_server(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "Et bilde.jpg"
    file.write_bytes(picture())
    page.locator(".editor-text").click()
    page.get_by_role("button", name="Bilde", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Velg et bilde").set_input_files(file)
    dialog.get_by_label("Hva viser det?").fill("En lege")
    page.route("**/bilder", lambda route: None)
    dialog.get_by_role("button", name="Sett inn").click()
    expect(dialog.get_by_role("status")).to_have_text("Bildet sendes. Vent litt.")
    page.unroute("**/bilder")  # and what was held goes on
    shown = page.locator(".editor-picture img")
    expect(shown).to_have_attribute("alt", "En lege")
    expect(shown).to_have_js_property("complete", True)
    expect(shown).not_to_have_js_property("naturalWidth", 0)
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Hent fra Word").click()
    raw = docx(paragraph(text("Nytt råd"), style="Heading2"), paragraph(text("Ring."), level=0))
    chosen.value.set_files({"name": "a.docx", "mimeType": "x/y", "buffer": raw})
    expect(page.locator(".editor-text h2")).to_have_text("Nytt råd")
    expect(page.locator("#body")).to_have_value(re.compile("## Nytt råd\n\n- Ring\\.$"))


def test_the_view_is_light_and_does_not_wait_for_the_editor(page: Page) -> None:
    """By the server alone: no proxy is in front of it that would compress. An alert has the largest
    form."""
    page.goto("/redaksjon/ny/")
    page.locator("#hva-varsel").check()
    page.get_by_role("button", name="Begynn å skrive").click()
    page.wait_for_url("**/skriv/")
    came: list[Request] = []
    held: list[Route] = []

    def note(request: Request) -> None:
        came.append(request)

    page.on("requestfinished", note)

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/editor.js", hold)
    page.goto(page.url, wait_until="commit")
    page.evaluate(_PAINTED)
    body = page.locator("#body")
    body.fill("Skrevet før redigeringen kom.")
    assert len(held) == 1
    expect(page.locator(".editor-text")).to_have_count(0)
    held[0].continue_()
    expect(page.locator(".editor-text")).to_have_text("Skrevet før redigeringen kom.")
    page.wait_for_load_state("networkidle")
    sent = {request.url: request.sizes()["responseBodySize"] for request in came}
    (editor,) = [size for name, size in sent.items() if name.endswith("/editor.js")]
    assert editor > 100 * 1024, "of what was sent, not of what was there already"
    assert any("skriv" in name for name in sent), sent
    assert sum(sent.values()) <= _MOST_BYTES, sent
