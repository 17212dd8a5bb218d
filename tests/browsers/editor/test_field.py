"""The editor on its text area: what is shown is what the form sends, and nobody needs a mouse."""

import gzip
import re

import pytest
from playwright.sync_api import Page, expect

from services.ingest.newsroom.look import STATIC
from tests.browsers import axe
from tests.browsers.editor.bench import Bench

pytestmark = pytest.mark.browsers

_MOST_BYTES = 250 * 1024
_BODY = (
    "Første avsnitt.\n\n## Råd\n\n- en\n- to\n\nTa 2*500 mg og 2*500 mg.[^1]\n\n"
    '![Et brev](brev.jpg "Brevet. Foto: Kari.")\n\n```\nkode\n```\n\n[^1]: Kilden.\n'
)


def _text(page: Page) -> str:
    return page.locator(".editor-text").inner_text()


def _settled(bench: Bench, wanted: str) -> None:
    expect(bench.page.locator("#body")).to_have_value(wanted)


def test_the_text_area_can_be_used_before_the_editor_is_there(bench: Bench) -> None:
    bench.held.add("editor.js")
    bench.load("Hei")
    area = bench.page.locator("#body")
    expect(area).to_be_visible()
    area.press("End")
    area.type(" og hå")
    assert bench.body == "Hei og hå"
    painted = bench.page.evaluate(
        "() => performance.getEntriesByName('first-contentful-paint').length"
    )
    assert painted


def test_nothing_changes_until_somebody_writes(bench: Bench) -> None:
    page = bench.open(_BODY)
    page.get_by_role("button", name="Tekst", exact=True).click()
    assert bench.body == _BODY
    page.get_by_role("button", name="Visuell").click()
    assert bench.body == _BODY
    assert "Første avsnitt." in _text(page)


def test_what_is_typed_reaches_the_form_and_undo_restores_every_byte(bench: Bench) -> None:
    page = bench.open(_BODY)
    page.evaluate(
        "() => { window.told = 0; document.forms[0].addEventListener('input', () => told++); }"
    )
    page.get_by_text("Første avsnitt.", exact=True).click()
    page.keyboard.press("End")
    page.keyboard.type(" Ta 2*500 og 2*500.")
    _settled(bench, _BODY.replace("avsnitt.", "avsnitt. Ta 2*500 og 2*500."))
    assert page.evaluate("told") >= 1
    page.keyboard.press("Control+z")
    _settled(bench, _BODY)


def test_a_form_that_is_sent_at_once_has_the_last_letter(bench: Bench) -> None:
    page = bench.open("Hei")
    page.locator(".editor-text").press("End")
    with page.expect_request(lambda request: request.url.endswith("/lagret")) as sent:
        page.evaluate(
            """() => {
                const editor = document.querySelector(".editor-text");
                document.execCommand("insertText", false, "!");
                document.forms[0].requestSubmit();
            }"""
        )
    assert "Hei%21" in (sent.value.post_data or "")


def test_what_cannot_be_shown_stands_as_text_with_the_reason(bench: Bench) -> None:
    page = bench.open(_BODY)
    part = page.locator(".as-text")
    assert "Kode vises slik den er skrevet." in part.inner_text()
    part.locator("pre").click(position={"x": 5, "y": 35})
    page.keyboard.press("End")
    page.keyboard.type("X")
    _settled(bench, _BODY.replace("kode\n", "kodeX\n"))


def test_the_choice_of_text_is_remembered(bench: Bench) -> None:
    page = bench.open("Hei")
    page.get_by_role("button", name="Tekst", exact=True).click()
    page.reload()
    expect(page.get_by_role("button", name="Tekst", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.locator("#body")).to_be_visible()
    assert page.locator(".editor-text").is_hidden()


def test_another_script_that_fills_the_text_area_is_followed(bench: Bench) -> None:
    page = bench.open("Hei")
    page.evaluate(
        """() => {
            const area = document.getElementById("body");
            area.value = "Hentet tilbake.";
            area.dispatchEvent(new Event("input", {bubbles: true}));
        }"""
    )
    assert _text(page).strip() == "Hentet tilbake."
    page.locator(".editor-text").press("Control+z")
    _settled(bench, "Hei")


def test_what_cannot_stand_as_it_was_shown_is_shown_as_readers_will_see_it(bench: Bench) -> None:
    page = bench.open("- en\n\nmellom\n\n- to")
    page.locator(".editor-text > p").click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.press("Delete")
    assert page.locator(".editor-text > ul").count() == 2
    page.get_by_role("button", name="Lagre").focus()
    expect(page.get_by_role("status")).to_contain_text("Nå ser du det leserne vil se")
    assert page.locator(".editor-text > ul").count() == 1
    _settled(bench, "- en\n\n- to")


def test_everything_is_done_by_keyboard(bench: Bench) -> None:
    page = bench.open("Råd\n\nTo ord")
    page.get_by_role("button", name="Visuell").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.title") == "Fet"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.title") == "Mellomtittel"
    page.keyboard.press("Enter")
    _settled(bench, "## Råd\n\nTo ord")
    assert page.evaluate("document.activeElement.classList.contains('editor-text')")
    page.keyboard.press("Control+End")
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.keyboard.press("Control+b")
    _settled(bench, "## Råd\n\nTo **ord**")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Lagre"


def test_half_a_word_cannot_be_bold(bench: Bench) -> None:
    page = bench.open("Exempla")
    page.locator(".editor-text").press("Home")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+b")
    _settled(bench, "**Exempla**")


def test_links_footnotes_lists_and_replies_come_from_the_toolbar(bench: Bench) -> None:
    page = bench.open("Les rådet")
    page.locator(".editor-text").press("End")
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.get_by_role("button", name="Lenke").click()
    page.get_by_label("Adressen").fill("javascript:alert(1)")
    page.get_by_role("button", name="Sett inn").click()
    assert page.get_by_text("Adressen må begynne med https://").is_visible()
    page.get_by_label("Adressen").fill("https://example.org/råd")
    page.get_by_role("button", name="Sett inn").click()
    linked = "Les [rådet](https://example.org/råd)"
    _settled(bench, linked)
    page.locator(".editor-text").press("End")
    page.get_by_role("button", name="Fotnote").click()
    page.get_by_label("Hva som skal stå i fotnoten").fill("Kilden, 2026.")
    page.get_by_role("button", name="Sett inn").click()
    expect(page.locator("#body")).to_have_value(f"{linked}[^1]\n\n[^1]: Kilden, 2026.")
    page.locator(".editor-text p").first.click()
    page.get_by_role("button", name="Replikk").click()
    expect(page.locator("#body")).to_have_value(f"– {linked}[^1]\n\n[^1]: Kilden, 2026.")
    page.get_by_role("button", name="Replikk").click()
    page.get_by_role("button", name="Punkter").click()
    expect(page.locator("#body")).to_have_value(f"- {linked}[^1]\n\n[^1]: Kilden, 2026.")


_NOTES = (
    "Én.[^1]\n\nTo.[^2]\n\n## Råd\n\n* punkt _a_\n\n"
    "[^1]: Første.\n\n[^2]: Andre.\n\n[^kilde]: Alene.\n"
)


def _select(page: Page, words: str) -> None:
    """Select a paragraph, and wait until the editor has heard of it."""
    page.locator(".editor-text p", has_text=words).click(position={"x": 1, "y": 10})
    page.keyboard.press("Shift+End")
    page.wait_for_function("words => getSelection().toString().startsWith(words)", arg=words)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def _numbers(page: Page) -> list[str | None]:
    """Of the marks and the notes, as they are seen."""
    seen = page.locator(".editor-text .footnote-ref, .editor-text .footnote")
    return [one.get_attribute("data-number") for one in seen.all()]


def test_footnotes_are_numbered_by_their_order_and_marks_and_notes_go_and_come_together(
    bench: Bench,
) -> None:
    page = bench.open(_NOTES)
    assert _numbers(page) == ["1", "2", "1", "2", "–"]
    assert page.locator(".footnote").last.get_attribute("data-unused") == "ikke brukt i teksten"
    rest = "## Råd\n\n* punkt _a_\n\n"
    page.locator(".editor-text > p").first.click(position={"x": 1, "y": 10})
    page.get_by_role("button", name="Fotnote").click()
    page.get_by_label("Hva som skal stå i fotnoten").fill("Ny.")
    page.get_by_role("button", name="Sett inn").click()
    notes = "[^1]: Ny.\n\n[^2]: Første.\n\n[^3]: Andre.\n\n[^kilde]: Alene.\n"
    _settled(bench, f"[^1]Én.[^2]\n\nTo.[^3]\n\n{rest}{notes}")
    assert _numbers(page) == ["1", "2", "3", "1", "2", "3", "–"]
    page.keyboard.press("Control+z")
    _settled(bench, _NOTES)
    page.locator(".editor-text > p").first.click()
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    _settled(bench, f"Én.\n\nTo.[^1]\n\n{rest}[^1]: Andre.\n\n[^kilde]: Alene.\n")
    page.keyboard.press("Control+z")
    _settled(bench, _NOTES)
    _select(page, "Én.")
    page.keyboard.press("Control+x")
    _settled(bench, f"To.[^1]\n\n{rest}[^1]: Andre.\n\n[^kilde]: Alene.\n")
    page.locator(".editor-text > p", has_text="To.").click()
    page.keyboard.press("End")
    page.keyboard.press("Control+v")
    moved = "[^1]: Andre.\n\n[^2]: Første.\n\n[^kilde]: Alene.\n"
    expect(page.locator("#body")).to_have_value(re.compile(re.escape(f"{rest}{moved}")))
    assert re.search(r"To\.\[\^1\](\n\n)?Én\.\[\^2\]\n\n## Råd", bench.body), bench.body
    _select(page, "Andre.")
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Lagre").focus()
    expect(page.locator("#body")).not_to_have_value(re.compile(r"Andre|To\.\["))
    assert _numbers(page) == ["1", "1", "–"], "a mark without a note is shown"


def test_what_was_done_before_the_text_was_seen_can_be_undone_after(bench: Bench) -> None:
    page = bench.open(_BODY)
    page.get_by_text("Første avsnitt.", exact=True).click()
    page.keyboard.press("End")
    page.keyboard.type(" Mer.")
    page.get_by_role("button", name="Tekst", exact=True).click()
    page.get_by_role("button", name="Visuell").click()
    page.keyboard.press("Control+z")
    _settled(bench, _BODY)
    page.get_by_role("button", name="Tekst", exact=True).click()
    page.locator("#body").fill("Noe annet.")
    page.get_by_role("button", name="Visuell").click()
    assert _text(page).strip() == "Noe annet."
    page.keyboard.press("Control+z")
    _settled(bench, _BODY)


def test_a_picture_has_words_before_it_is_in_the_text(bench: Bench) -> None:
    bench.answers["/bilder"] = '{"address": "brev-1.jpg", "width": 8, "height": 6}'
    page = bench.open("Hei")
    page.locator(".editor-text").press("End")
    page.get_by_role("button", name="Bilde", exact=True).click()
    page.get_by_label("Velg et bilde").set_input_files(
        {"name": "brev.jpg", "mimeType": "image/jpeg", "buffer": b"jpg"}
    )
    page.get_by_role("button", name="Sett inn").click()
    assert page.get_by_text("Skriv hva bildet viser.").is_visible()
    page.get_by_label("Hva viser det?").fill("Et brev")
    page.get_by_label("Bildetekst").fill('Brevet "Kjære alle"')
    page.get_by_label("Hvem har tatt det?").fill("Kari")
    page.get_by_role("button", name="Sett inn").click()
    picture = '![Et brev](brev-1.jpg "Brevet «Kjære alle» Foto: Kari.")'
    _settled(bench, f"Hei\n\n{picture}")
    assert bench.sent == ["/bilder"]
    page.get_by_role("button", name="Endre bildet").click()
    page.get_by_label("Bildetekst").fill("Brevet.")
    page.get_by_role("dialog").get_by_role("button", name="Lagre").click()
    _settled(bench, 'Hei\n\n![Et brev](brev-1.jpg "Brevet. Foto: Kari.")')


@pytest.mark.parametrize(
    ("caption", "credit", "title"),
    [
        ("Brevet.", "foto: Kari", "Brevet. Foto: Kari."),
        ("", "Foto/Kari", "Foto/Kari."),
        ("Brevet.", "Illustrasjon: Kari.", "Brevet. Illustrasjon: Kari."),
        ("Brevet. Foto: Kari.", "Kari", "Brevet. Foto: Kari."),
    ],
)
def test_who_has_made_a_picture_has_one_label(
    bench: Bench, caption: str, credit: str, title: str
) -> None:
    page = bench.open('Hei\n\n![Et brev](brev-1.jpg "Før. Foto: Ola.")')
    for _ in range(2):  # also if it is opened again, and nothing is changed
        page.get_by_role("button", name="Endre bildet").click()
        dialog = page.get_by_role("dialog")
        if _ == 0:
            dialog.get_by_label("Bildetekst").fill(caption)
            dialog.get_by_label("Hvem har tatt det?").fill(credit)
        dialog.get_by_role("button", name="Lagre").click()
        _settled(bench, f'Hei\n\n![Et brev](brev-1.jpg "{title}")')


def test_a_picture_is_in_the_text_once_it_can_be_shown_and_one_that_cannot_says_why(
    bench: Bench,
) -> None:
    ask = "/bilder/brev-1.jpg"
    bench.answers["/bilder"] = bench.answers[ask] = f'{{"ask": "{ask}"}}'
    page = bench.open("Hei")
    page.locator(".editor-text").press("End")
    page.get_by_role("button", name="Bilde", exact=True).click()
    page.get_by_label("Velg et bilde").set_input_files(
        {"name": "brev.jpg", "mimeType": "image/jpeg", "buffer": b"jpg"}
    )
    page.get_by_label("Hva viser det?").fill("Et brev")
    with page.expect_request(f"**{ask}"):
        page.get_by_role("button", name="Sett inn").click()
    assert bench.body == "Hei"
    bench.answers[ask] = '{"error": "bildet «brev.jpg» kan ikke leses"}'
    page.get_by_text("bildet «brev.jpg» kan ikke leses").wait_for()
    assert page.get_by_label("Hva viser det?").input_value() == "Et brev"
    bench.answers[ask] = '{"address": "brev-1.jpg"}'
    page.get_by_role("button", name="Sett inn").click()
    _settled(bench, "Hei\n\n![Et brev](brev-1.jpg)")


def test_a_table_is_made_and_filled(bench: Bench) -> None:
    page = bench.open("")
    page.locator(".editor-text").click()
    page.get_by_role("button", name="Tabell", exact=True).click()
    page.keyboard.type("Dose")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("Når")
    _settled(bench, "| Dose | Når |\n| --- | --- |\n|  |  |\n|  |  |")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(bench: Bench, width: int, scheme: str) -> None:
    page = bench.open(_BODY + "\n\n| a | b |\n| --- | --- |\n| c | d |\n")
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    axe.load(page)
    assert axe.findings(page, mail=False) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Lenke").click()
    assert axe.findings(page, mail=False) == []


def test_all_that_the_editor_loads_is_small() -> None:
    files = ("editor.js", "editor.css", "redaksjon.css")
    sizes = {name: len(gzip.compress((STATIC / name).read_bytes())) for name in files}
    assert sum(sizes.values()) < 0.7 * _MOST_BYTES, sizes  # the rest of the page has its share
