"""What is pasted from Word, Google Docs and mail becomes clean Markdown, and so does a .docx."""

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from services.ingest.reading.body import read
from tests.browsers.editor import pasted
from tests.browsers.editor.bench import Bench

pytestmark = pytest.mark.browsers

CASES = {
    "Word": (pasted.WORD, pasted.FROM_WORD),
    "Google Docs": (pasted.DOCS, pasted.FROM_DOCS),
    "mail": (pasted.MAIL, pasted.FROM_MAIL),
    "Outlook": (pasted.OUTLOOK, pasted.FROM_OUTLOOK),
    "Word in a browser": (pasted.WORD_ONLINE, pasted.FROM_WORD_ONLINE),
    "Pages": (pasted.PAGES, pasted.FROM_PAGES),
    "a count that goes on": (pasted.CONTINUED, pasted.FROM_CONTINUED),
}


def test_what_is_pasted_becomes_clean_markdown(bench: Bench) -> None:
    page = bench.open()
    for name, (html, wanted) in CASES.items():
        page.locator(".editor-text").press("Control+a")
        page.keyboard.press("Delete")
        pasted.paste(page, ".editor-text", html)
        expect(page.locator("#body"), name).to_have_value(wanted)
        body = read(wanted)
        assert body.errors == (), name
        assert body.findings == () or "count" in name, (name, body.findings)


def test_it_does_in_the_text_area_too(bench: Bench) -> None:
    page = bench.open("Før. ")
    page.get_by_role("button", name="Tekst", exact=True).click()
    for name, (html, wanted) in CASES.items():
        page.locator("#body").press("Control+End")
        pasted.paste(page, "#body", html)
        expect(page.locator("#body"), name).to_have_value(f"Før. {wanted}")
        page.keyboard.press("Control+z")
        expect(page.locator("#body"), name).to_have_value("Før. ")


def test_plain_text_is_read_as_it_would_be_on_the_page(bench: Bench) -> None:
    page = bench.open()
    page.locator(".editor-text").click()
    pasted.paste(page, ".editor-text", "", pasted.PLAIN)
    expect(page.locator("#body")).to_have_value(pasted.FROM_PLAIN)


LEVELS = {
    "Word": ("Ta med:\n•\tkort\no\tgule\n▪\tnye\no\tblå\n•\tpenger",
             "Ta med:\n\n- kort\n  - gule\n    - nye\n  - blå\n- penger"),
    "a count": ("1.\tkort\n•\tgule\n•\tblå\n2.\tpenger", "1. kort\n   - gule\n   - blå\n2. penger"),
    "one space": ("- kort\n - gule\n- penger", "- kort\n  - gule\n- penger"),
}  # fmt: skip


@pytest.mark.parametrize("mode", ["Visuell", "Tekst"])
def test_the_levels_of_a_list_in_plain_text_are_kept(bench: Bench, mode: str) -> None:
    page = bench.open()
    page.get_by_role("button", name=mode, exact=True).click()
    place = ".editor-text" if mode == "Visuell" else "#body"
    for name, (plain, wanted) in LEVELS.items():
        page.locator(place).press("Control+a")
        page.keyboard.press("Delete")
        pasted.paste(page, place, "", plain)
        expect(page.locator("#body"), name).to_have_value(wanted)


def test_a_level_that_cannot_be_kept_is_told_of(bench: Bench) -> None:
    page = bench.open()
    page.locator(".editor-text").click()
    pasted.paste(page, ".editor-text", "", "1.\tkort\na.\tgule\n2.\tpenger")
    expect(page.get_by_role("status")).to_have_text(
        "Punkter med bokstaver (a, b, c) er ikke med som punkter. Se over listen."
    )


def test_what_is_cut_here_is_put_back_whole(bench: Bench) -> None:
    body = (
        '– En.[^1]\n\n![Et brev](brev.jpg "Brevet. Foto: Kari.")\n\n```\nkode\n  to\n```\n\n'
        "- **a**\n  - b\n\n[^1]: Kilden."
    )
    page = bench.open(body)
    page.locator(".editor-text").press("Control+a")
    page.keyboard.press("Control+x")
    expect(page.locator("#body")).to_have_value("")
    page.keyboard.press("Control+v")
    expect(page.locator("#body")).to_have_value(body)


def test_words_are_pasted_into_the_sentence(bench: Bench) -> None:
    page = bench.open("Ring .")
    page.locator(".editor-text").press("End")
    page.keyboard.press("ArrowLeft")
    pasted.paste(page, ".editor-text", "<p><b>113</b></p>")
    expect(page.locator("#body")).to_have_value("Ring 113.")


def test_a_word_document_is_put_where_the_cursor_is(bench: Bench) -> None:
    told = {"markdown": "## Råd\n\n- en\n- to", "notes": ["Bildet i dokumentet er ikke med."]}
    bench.answers["/lim-inn/docx"] = json.dumps(told)
    page = bench.open("Først.")
    page.locator(".editor-text").press("End")
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Hent fra Word").click()
    file = {"name": "sak.docx", "mimeType": "application/octet-stream", "buffer": b"x"}
    chosen.value.set_files(file)
    expect(page.locator("#body")).to_have_value("Først.\n\n## Råd\n\n- en\n- to")
    expect(page.get_by_role("status")).to_have_text("Bildet i dokumentet er ikke med.")


def test_a_refused_document_says_why(bench: Bench) -> None:
    bench.answers["/lim-inn/docx"] = json.dumps({"error": "Filen er en PDF."})
    page = bench.open("Først.")
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Hent fra Word").click()
    chosen.value.set_files({"name": "a.docx", "mimeType": "x/y", "buffer": b"x"})
    expect(page.get_by_role("status")).to_have_text("Filen er en PDF.")
    assert bench.body == "Først."


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_a_picture_is_dropped_and_pasted_into_the_text(bench: Bench, how: Any) -> None:
    bench.answers["/bilder"] = '{"address": "et-bilde-1.jpg", "width": 8, "height": 6}'
    page = bench.open("Først.")
    page.locator(".editor-text").press("End")
    pasted.give_file(page, how, ".editor-text", b"jpg")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Velg et bilde")).to_have_count(0)  # it is chosen
    dialog.get_by_label("Hva viser det?").fill("Et brev")
    dialog.get_by_role("button", name="Sett inn").click()
    expect(page.locator("#body")).to_have_value("Først.\n\n![Et brev](et-bilde-1.jpg)")
    assert bench.sent == ["/bilder"]
    pasted.give_file(page, how, ".editor-text", b"%PDF", "application/pdf")
    expect(page.locator("#body")).to_have_value("Først.\n\n![Et brev](et-bilde-1.jpg)")
    assert bench.sent == ["/bilder"]
