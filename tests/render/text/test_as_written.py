"""What an editor writes is what readers read: doses, dates, and text from Word and mail."""

import re
import time

import pytest

from services.render.text.body_html import body_html
from services.render.text.labels import labels
from shared.article import Picture
from tests.render.bodies import DIALOGUE, INDENTED, LISTS, NO_MARKUP, NUMBERS
from tests.render.reading import Page, plain

PICTURES = {"brev.jpg": Picture(name="brev-0a1b.jpg", width=800, height=600)}


def html(body: str) -> str:
    return str(body_html(body, PICTURES, labels("nb")))


def tags(body: str) -> list[str]:
    return [tag for tag, _ in Page(html(body)).elements]


@pytest.mark.parametrize("body", NO_MARKUP)
def test_what_is_no_markup_is_read_as_it_was_written(body: str) -> None:
    assert Page(html(body)).text == plain(body)
    assert set(tags(body)) == {"p"}


@pytest.mark.parametrize("body", NUMBERS)
def test_numbers_are_never_changed(body: str) -> None:
    page = Page(html(body))
    assert re.findall(r"\d+[.)]", page.text) == re.findall(r"\d+[.)]", body)
    assert page.all("ol") == []


@pytest.mark.parametrize(("body", "start"), [("1. a\n2. b\n3. c", None), ("4. a\n\n5. b", "4")])
def test_numbers_that_count_up_are_a_list_that_begins_with_the_first(
    body: str, start: str | None
) -> None:
    page = Page(html(body))
    assert [attrs.get("start") for attrs in page.all("ol")] == [start]
    assert len(page.all("li")) == len(re.findall(r"\d", body))


@pytest.mark.parametrize("name", LISTS)
def test_items_of_word_and_mail_are_lists(name: str) -> None:
    body, items = LISTS[name]
    page = Page(html(body))
    assert len(page.all("li")) == items
    assert not set("•\uf0b7–·-") & set(page.text)


@pytest.mark.parametrize("body", DIALOGUE)
def test_dialogue_stays_dialogue(body: str) -> None:
    assert tags(body) == ["p"] * (body.count("\n\n") + 1)
    assert Page(html(body)).text == plain(body)


@pytest.mark.parametrize("body", INDENTED)
def test_an_indented_paragraph_is_a_paragraph(body: str) -> None:
    assert set(tags(body)) == {"p"}
    assert Page(html(body)).text == plain(body)


@pytest.mark.parametrize(
    ("body", "address", "shown"),
    [
        ("Se https://example.org.", "https://example.org", "https://example.org"),
        ("Se www.example.org, der.", "https://www.example.org", "www.example.org"),
        ("(se https://example.org/a_(b))", "https://example.org/a_(b)", "https://example.org/a_(b)"),
        ("https://example.org/blå?å=1!", "https://example.org/bl%C3%A5?%C3%A5=1",
         "https://example.org/blå?å=1"),
        ("«https://example.org/a_b_c»", "https://example.org/a_b_c", "https://example.org/a_b_c"),
        ("**https://example.org/a**", "https://example.org/a", "https://example.org/a"),
        ("https://blåbær.example.org/x", "https://xn--blbr-roah.example.org/x",
         "https://blåbær.example.org/x"),
        ("<https://example.org/%C3%A5>", "https://example.org/%C3%A5",
         "https://example.org/%C3%A5"),
    ],
)  # fmt: skip
def test_a_bare_address_is_a_link_without_the_mark_behind_it(
    body: str, address: str, shown: str
) -> None:
    page = Page(html(body))
    assert [link["href"] for link in page.all("a")] == [address]
    assert f">{shown}</a>" in html(body)
    assert page.text == plain(re.sub(r"\*\*|[<>]", "", body))


@pytest.mark.parametrize(
    "text", ["a@www.example.org", "https://…", "www.", "xhttps://a", "`www.a.b`"]
)
def test_what_is_no_address_is_no_link(text: str) -> None:
    assert Page(html(text)).all("a") == []


def test_an_address_inside_a_link_stays_one_link() -> None:
    assert len(Page(html("[https://example.org/a](https://example.org)")).all("a")) == 1


@pytest.mark.parametrize(
    ("body", "markup"),
    [
        ("##Tittel", '<h2 id="tittel">Tittel</h2>'),
        ("##\u00a0Tittel ##", '<h2 id="tittel">Tittel</h2>'),
        ("## Vitamin C #", '<h2 id="vitamin-c">Vitamin C #</h2>'),
        ("**Viktig:**Les dette.", "<strong>Viktig:</strong>Les dette."),
        ("**«Exempla»**tabletter", "<strong>«Exempla»</strong>tabletter"),
        ("**Exempla**(eksempelinib)", "<strong>Exempla</strong>(eksempelinib)"),
        ("*«Exempla»*, _5 mg_.", "<em>«Exempla»</em>, <em>5 mg</em>."),
        ("**_a_**, ***b***", "<strong><em>a</em></strong>, <em><strong>b</strong></em>"),
        ("\\*Gjelder ikke barn\\*", "*Gjelder ikke barn*"),
    ],
)
def test_what_is_clear_is_done(body: str, markup: str) -> None:
    assert markup in html(body)


def test_a_picture_on_a_line_of_its_own_is_a_figure() -> None:
    found = html('Se brevet:\n![Et brev](brev.jpg "Brevet. Foto: Kari.")\nDet kom i går.')
    assert found.count("<p>") == 2
    assert "<figure><img" in found
    assert "<figcaption>Brevet." in found


PIECES = [
    "```x\n\n", "~~~\na\n\n", "`", "*", "**a", "_a ", "[", "[a](", "- ", "- a\n", "1. a\n\n", "> ",
    "a\n- 5\n", "https://a.b/( ", "https://", "www.", "<", "• a\n", "– a\n", "3. a\n\n17. b\n\n",
    "| a |\n|-|\n| b |\n\n", "|a|\n|-|\n", "|a|\n|-|\n|b\n---\n", "|", "|a|b|\n",
    "![a](b)\n", "# a\n", "a\n===\n", "\\", "[a]: b\n", "[^a]: b\n", "a*b_", "<a@", "<https://a",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_the_work_grows_no_faster_than_the_body(piece: str) -> None:
    def seconds(length: int) -> float:
        body = piece * (length // len(piece))
        before = time.process_time()
        html(body)
        return time.process_time() - before

    # Eight times the body: quadratic work would be 64 times as much.
    small, large = max(seconds(10_000), 0.03), seconds(80_000)
    assert large < small * 32, (small, large)
