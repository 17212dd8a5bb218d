"""What a page holds: every element of an article, and nothing that could run."""

import json
import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.render.articles.teaser import Teaser
from services.render.feeds.feeds import atom, json_feed
from services.render.look.templates import Site
from services.render.pages.pages import article_page, front_page
from shared.article import Article, Picture
from shared.credit import split_credit
from shared.markdown import parser, walk
from tests.examples import examples
from tests.make import alert, alert_fields, news, revision
from tests.render.lives import withdrawal
from tests.render.reading import Page, plain
from tests.render.real import needs_real_article, real_article, real_pictures

SITE = Site("Eksempelforeningen", "https://varsel.example.org", ("https://hub.example.org/",))
ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><script>alert(1)</script>",
    "</style><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "&lt;script&gt;",
    "--><iframe src=javascript:alert(1)>",
    "]]><a href=x>",
]


def rendered(article: Article, **overrides: Any) -> Page:
    others = [Teaser.of(revision(news()))]
    return Page(article_page(SITE, revision(article, **overrides), others))


def body_texts(body: str) -> list[str]:
    """Each text of a body in order, as a reader would know it from the file."""
    texts = []
    for token in walk(parser().parse(body)):
        if token.type == "text" and plain(token.content):
            texts.append(plain(token.content))
        elif token.type == "image":
            texts += [part for part in split_credit(str(token.attrs["title"])) if part]
    return texts


@needs_real_article
def test_every_element_of_the_real_article_is_on_its_page_in_order() -> None:
    article = real_article()
    page = rendered(article, pictures=real_pictures())
    place = 0
    alts = [image["alt"] for image in page.all("img")]
    for text in body_texts(article.body):
        if text not in alts:
            assert text in page.text[place:], text
            place = page.text.index(text, place)
    assert len(alts) == len(real_pictures())
    assert alts == re.findall(r"!\[([^\]]+)\]", article.body)
    assert article.alert is not None
    alert = article.alert
    for text in (
        *(article.title, article.lead, article.kicker, article.byline, *article.topics),
        *(alert.what_happened, alert.who_is_affected, alert.stop_advice.text),
        *(*alert.what_to_do, *alert.seek_help_if, "3. april 2023"),
        *(f"{m.brands[0]} ({m.substance})" for m in alert.medicines),
        *(f"▼ {m.brands[0]}" for m in alert.medicines if m.additional_monitoring),
        *(f"Kilde: {article.sources[0].publisher}, 17. mars 2023", "Alvorlighetsgrad: alvorlig"),
    ):
        assert text is not None
        assert plain(text) in page.text
    addresses = {link["href"] for link in page.all("a")}
    assert {
        article.sources[0].url,
        alert.report.patient,
        alert.report.health_personnel,
    } <= addresses


@needs_real_article
def test_every_line_of_the_real_body_is_on_its_page() -> None:
    article = real_article()
    page = rendered(article, pictures=real_pictures())
    for line in article.body.splitlines():
        written = re.sub(r"^(\s*- |#+ |\[\^1\]: )|\[\^1\]|\*", "", line)
        if written.strip() and not written.startswith("!["):
            assert plain(written.split(",»")[-1] if "[^1]" in line else written) in re.sub(
                r"(?<=,)1(?= )", "", page.text
            ), line


def test_the_alert_box_comes_before_the_rest_and_in_the_order_of_need() -> None:
    text = rendered(alert()).text
    fields = alert().alert
    assert fields is not None
    order = [
        *("Sikkerhetsvarsel", alert().title, "Publisert 2. september 2026"),
        *("Alvorlighetsgrad: alvorlig", "Ikke slutt på egen hånd", fields.stop_advice.text),
        *("Søk hjelp med en gang", "Ring 113", "Ring 116 117", *fields.seek_help_if),
        *(fields.what_happened, fields.who_is_affected, *fields.what_to_do),
        *("▼ Exempla (eksempelinib)", "Provo, Provex (prøvomab)"),
        *("Meldeskjema for pasienter", "Meldeskjema for helsepersonell"),
        "▼ Medisinen er under særlig overvåking",
        *("Tilsynet har fått flere meldinger", "Kilde: Eksempeltilsynet, 1. september 2026"),
    ]
    text = text[text.index("Sikkerhetsvarsel · Sikkerhet") :]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_a_page_says_which_revision_it_shows() -> None:
    sha256 = revision(alert()).sha256
    [meta] = [m for m in rendered(alert()).all("meta") if m.get("name") == "varsel-revision"]
    assert meta["content"] == f"a1b2c3d4e5f6/1/{sha256}"


@pytest.mark.parametrize("article", [news(), alert(), news(lang="nn")])
def test_a_page_has_one_h1_and_skips_no_level(article: Article) -> None:
    page = rendered(article)
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.all("html") == [{"lang": article.lang}]


def test_nynorsk_articles_have_nynorsk_labels() -> None:
    text = rendered(alert(lang="nn")).text
    assert "Kjelde: " in text
    assert "Alvorsgrad: alvorleg" in text
    assert "Kva har skjedd?" in text
    assert "Sjå alle nyhende" in text


def test_english_articles_have_english_around_them() -> None:
    page = rendered(alert(lang="en"), revision=2, revised_at="2026-09-30T22:30:00Z")
    for said in ("Source: ", "Severity: serious", "What has happened?", "Call 113", "See all news"):
        assert said in page.text
    assert re.search(r"Published \d+\s[A-Z]\w+ 20\d\d · Updated 1\sOctober 2026", page.text)
    assert page.all("html") == [{"lang": "en"}]
    metas = {m.get("property"): m["content"] for m in page.all("meta") if "property" in m}
    assert metas["og:locale"] == "en_GB"


def test_a_revised_page_says_when() -> None:
    page = rendered(news(), revision=2, revised_at="2026-09-30T22:30:00Z")
    assert "Oppdatert 1. oktober 2026" in page.text


def test_addresses_that_others_use_are_absolute() -> None:
    page = rendered(news())
    [canonical] = [link for link in page.all("link") if link["rel"] == "canonical"]
    assert canonical["href"] == "https://varsel.example.org/nyheter/en-sak/"
    metas = {m.get("property"): m["content"] for m in page.all("meta") if "property" in m}
    assert metas["og:type"] == "article"
    assert metas["og:url"] == canonical["href"]


def test_lists_mark_alerts_with_words() -> None:
    teasers = [
        Teaser.of(revision(alert())),
        Teaser.of(withdrawal(revision(alert()))),
    ]
    text = Page(front_page(SITE, teasers, [])).text
    assert text.count("Sikkerhetsvarsel · alvorlig") == 2
    assert text.count("Trukket · ") == 1


def attacked(attack: str) -> Article:
    fields = alert_fields()
    fields |= {
        "medicines": [{"substance": attack, "brands": [attack], "additional_monitoring": True}],
        "what_happened": attack,
        "who_is_affected": attack,
        "what_to_do": [attack],
        "stop_advice": {"code": "stop_now", "text": attack},
        "seek_help_if": [attack],
    }
    return alert(
        title=attack,
        lead=attack,
        kicker=attack,
        byline=attack,
        topics=[attack],
        sources=[
            {
                "publisher": attack,
                "url": "https://example.org/?a='&b=onload(1)",
                "published_on": "2026-09-01",
            }
        ],
        alert=fields,
        body=f"{attack}\n\n![{attack}](brev.jpg)\n\n![a](brev.jpg '{attack} Foto: x')\n\n"
        f"[{attack}](javascript:alert(1))\n\n## {attack}\n\n- {attack}\n\nA[^1]\n\n"
        f"[^1]: {attack}\n",
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_in_any_text_comes_out_as_text(attack: str) -> None:
    picture = {"brev.jpg": Picture(name="brev-0a1b.jpg", width=8, height=6)}
    page = rendered(attacked(attack), pictures=picture)
    page.assert_harmless()
    assert page.text.count(plain(attack)) >= 14
    teaser = Teaser.of(revision(attacked(attack)))
    lists = Page(front_page(SITE, [teaser], []))
    lists.assert_harmless()
    assert plain(attack) in lists.text


@settings(max_examples=examples(30))
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=80))
def test_any_title_gives_whole_pages_and_feeds(title: str) -> None:
    try:
        article = news(title=title)
    except ValidationError:
        return
    rendered(article).assert_harmless()
    teaser = Teaser.of(revision(article))
    assert json.loads(json_feed(SITE, [teaser]))["items"][0]["title"] == article.title
    ET.fromstring(atom(SITE, [teaser]))
