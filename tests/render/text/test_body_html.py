import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.render.text.body_html import body_html
from services.render.text.labels import labels
from shared.article import Picture
from tests.examples import examples
from tests.render.reading import Page

PICTURES = {"brev.jpg": Picture(name="brev-0a1b.jpg", width=800, height=600)}
PIECES = st.sampled_from(
    [
        *(
            "# Tittel",
            "### Under",
            "\n\n",
            "\n",
            "- punkt",
            "  - under",
            "1. først",
            "18. mars kom",
        ),
        *("– Hva nå?", "[^1]", "[^1]: Note", "[lenke](https://example.org)", "[x](javascript:a)"),
        *("![alt](brev.jpg 'Tekst. Foto: Kari')", "![alt](borte.jpg)", "**sterk**", "*", "`kode`"),
        *(
            "> sitat",
            "<script>",
            "[a[^1]](https://example.org)",
            "```\nkode\n```",
            "    kode",
            "^[",
        ),
        *("Setext\n======", "&#x3c;", "&lt;b&gt;", "\\", "]", "http://[", "<mailto:a@example.org>"),
    ]
)


def html(body: str, lang: str = "nb") -> str:
    return str(body_html(body, PICTURES, labels("nn" if lang == "nn" else "nb")))


@settings(max_examples=examples(300))
@given(st.lists(PIECES, max_size=25).map(" ".join) | st.lists(PIECES, max_size=25).map("\n".join))
def test_any_body_gives_whole_and_harmless_html(body: str) -> None:
    page = Page(html(body))
    page.assert_harmless()
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    for before, level in zip([1, *levels], levels, strict=False):
        assert 2 <= level <= before + 1


@given(st.text(max_size=300))
def test_any_text_gives_whole_and_harmless_html(body: str) -> None:
    Page(html(body)).assert_harmless()


def test_links_never_nest() -> None:
    written = html("[se[^1]](https://example.org)\n\n[^1]: Note")
    marks = re.findall(r"<(/?)a\b", written)
    assert marks == ["", "/"] * 3, "each ends before the next begins"
    addresses = re.findall(r'<a\b[^>]*href="([^"]+)"', written)
    assert addresses == ["#fn1", "https://example.org", "#fnref1"]


def test_headings_begin_at_level_two_and_have_ids_of_their_own() -> None:
    found = html("# Først\n\n### Så\n\n# Først\n\n## Å være\n\n# Varsel")
    assert re.findall(r'<(h\d) id="([^"]+)"', found) == [
        ("h2", "forst"),
        ("h3", "sa"),
        ("h2", "forst-2"),
        ("h3", "a-vaere"),
        ("h2", "varsel-2"),
    ]


def test_a_paragraph_that_begins_with_a_dash_is_dialogue() -> None:
    assert html("– Hva nå?") == '<p class="speech">–\u00a0Hva nå?</p>\n'


def test_a_list_inside_a_list_stays_inside_its_item() -> None:
    assert "<li>en\n<ul>\n<li>to</li>\n</ul>\n</li>" in html("- en\n  - to\n- tre")


@pytest.mark.parametrize(
    "body", ["18. mars kom brevet.", "18. mars kom brevet.\n\n2. april kom det et til."]
)
def test_a_date_at_the_start_of_a_paragraph_is_no_list(body: str) -> None:
    page = Page(html(body))
    assert page.all("ol") == []
    assert page.text == " ".join(body.split())
    assert len(page.all("p")) == body.count("kom")


def test_a_list_of_steps_stays_a_list() -> None:
    assert html("1. Ring legen\n2. Vent").count("<li>") == 2


def test_footnotes_link_to_their_text_and_back() -> None:
    page = Page(html("En[^a] og[^a] to.\n\n[^a]: Noten."))
    ids = {attrs.get("id") for _, attrs in page.elements}
    links = [link["href"] or "" for link in page.all("a")]
    assert links == ["#fn1", "#fn1", "#fnref1", "#fnref1-1"]
    assert {link.removeprefix("#") for link in links} <= ids
    names = [link["aria-label"] for link in page.all("a")]
    assert names == ["Fotnote 1"] * 2 + ["Tilbake til teksten, fotnote 1"] * 2


def test_a_picture_alone_in_its_paragraph_is_a_figure_with_caption_and_credit() -> None:
    assert html('![Et «brev»](brev.jpg "Brevet som kom. Foto: Kari Eksempel.")') == (
        '<figure><img src="/assets/brev-0a1b.jpg" alt="Et «brev»" width="800" height="600"'
        ' loading="lazy"><figcaption>Brevet som kom. <span class="credit">Foto: Kari Eksempel.'
        "</span></figcaption></figure>\n"
    )


def test_a_picture_that_is_taller_than_wide_is_marked() -> None:
    tall = {"brev.jpg": Picture(name="brev-0a1b.jpg", width=600, height=800)}
    assert '<figure class="tall"><img' in body_html("![Brev](brev.jpg)", tall, labels("nb"))


def test_a_picture_in_a_text_stays_in_it() -> None:
    assert "<figure" not in html("Se ![brevet](brev.jpg) her.")


@pytest.mark.parametrize("address", ["https://example.org", "mailto:a@example.org", "tel:+4712345"])
def test_allowed_links_are_links(address: str) -> None:
    assert Page(html(f"[her]({address})")).all("a")[0]["href"] == address


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/nyheter/", "ftp://example.org", "x"])
def test_any_other_link_is_only_text(address: str) -> None:
    page = Page(html(f"[her]({address})"))
    assert page.all("a") == []
    assert "her" in page.text


def test_links_elsewhere_give_no_handle_back() -> None:
    assert 'rel="noopener noreferrer"' in html("[her](https://example.org)")


def test_nynorsk_bodies_have_nynorsk_labels() -> None:
    assert "Fotnotar" in html("A[^1]\n\n[^1]: B", "nn")
