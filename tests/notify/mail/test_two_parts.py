"""The mail's text and its HTML say the same in the same order, and as the page does."""

import re
from html import unescape
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.mail.text import Variant, Words, words_of
from services.render.look.templates import Site
from services.render.pages.pages import article_page
from shared.alert import Severity
from shared.article import Article, Lang
from shared.revision import Change, Revision
from tests.examples import examples
from tests.make import alert, all_alert_fields, revision
from tests.notify.mail.reading import HEAD, STARTED, words_of_html
from tests.render.real import needs_real_article, real_article

HTML_OCTETS = 8_000
"""Of the real article's mail; Gmail cuts at 102 000."""
LINK = "https://varsel.example.org/member/unsubscribe/x"
words = st.text(
    st.characters(categories=("Lu", "Ll"), max_codepoint=0x17F), min_size=1, max_size=40
)
lines = st.lists(words, min_size=1, max_size=6).map(" ".join)
_ADDRESS = re.compile(r"(?:tel:\d+|https?://\S+)")
_LIST_SIGN = re.compile(r"^(?:-- ?$|- |\d{1,2}\. )", re.MULTILINE)


def mailed(of: Revision, variant: Variant) -> Words:
    return words_of(of, variant, HEAD, unsubscribe=LINK)


def changed(article: Article, variant: Variant) -> Revision:
    if variant == "alert":
        return revision(article)
    change = Change(kind=variant, note="Dosen var feil.")
    return revision(article, revision=2, revised_at=STARTED, change=change)


def said(text: str) -> list[str]:
    """Words in order, without what only one of the parts has: addresses, signs of lists, colons
    before addresses, headings in capitals, the badge's steps."""
    text = _LIST_SIGN.sub("", _ADDRESS.sub("", text))
    return re.sub("[●○:]", " ", text).casefold().split()


@pytest.mark.parametrize("variant", get_args(Variant))
@given(
    title=lines,
    steps=st.lists(lines, min_size=1, max_size=10),
    signs=st.lists(lines, min_size=1, max_size=4),
    brand=lines,
    lang=st.sampled_from(get_args(Lang)),
    severity=st.sampled_from(get_args(Severity)),
)
@settings(max_examples=examples(30))
def test_text_and_html_say_the_same_in_the_same_order(
    variant: Variant,
    title: str,
    steps: list[str],
    signs: list[str],
    brand: str,
    lang: Lang,
    severity: Severity,
) -> None:
    fields = all_alert_fields() | {
        "what_to_do": steps,
        "seek_help_if": signs,
        "severity": severity,
    }
    fields["medicines"][0]["brands"] = [brand, "Provo"]
    mail = mailed(changed(alert(title=title, lang=lang, alert=fields), variant), variant)
    assert said(words_of_html(mail.html).lstrip().removeprefix(mail.subject)) == said(mail.text)


@pytest.mark.parametrize("lang", get_args(Lang))
def test_the_page_has_the_headings_of_the_mail_in_the_same_order(lang: Lang) -> None:
    of = changed(alert(lang=lang, alert=all_alert_fields()), "correction")
    mail = mailed(of, "correction").html
    page = article_page(Site("Foreningen", "https://varsel.example.org", ()), of, [])
    box = page[page.index('<section class="alert') : page.index('<div class="note">')]
    headings = re.compile(r"<h2[^>]*>([^<]+)</h2>")
    assert headings.findall(box) == headings.findall(mail)[1:], "but for what is corrected"
    for text in (whole.partition("<body")[2] for whole in (mail, page)):
        places = [text.index(part) for part in ("<h1", "Dosen var feil", 'href="tel:113')]
        assert places == sorted(places)


def test_a_mail_begins_with_its_sender_and_has_brands_in_bold_a_date_and_a_button() -> None:
    mail = mailed(changed(alert(), "correction"), "correction")
    assert mail.text.startswith("Forbundet for ål\n\nRETTET SIKKERHETSVARSEL")
    body = mail.html[mail.html.index("<body") :]
    assert re.match(r"<body[^>]*>\s*<div[^>]*>\s*<p[^>]*>Forbundet for ål</p>", body)
    date = "Publisert 2.\u00a0september 2026 · Oppdatert 1.\u00a0september 2026"
    assert date in unescape(mail.html)
    assert date in mail.text
    assert "▼<strong>Exempla</strong> (eksempelinib)" in body
    assert "<strong>Provo</strong>, <strong>Provex</strong> (prøvomab)" in body
    assert re.search(r'<a href="https://varsel[^"]+" style="[^"]*background[^"]+">Les hele', body)


@needs_real_article
@pytest.mark.parametrize("variant", get_args(Variant))
def test_nobody_is_asked_to_join_by_an_alert_and_its_html_is_small(variant: Variant) -> None:
    mail = mailed(changed(real_article(), variant), variant)
    for text in (mail.text, mail.html):
        assert "bli medlem" not in text.casefold()
        assert "bli-medlem" not in text
    assert len(mail.html.encode()) < HTML_OCTETS
