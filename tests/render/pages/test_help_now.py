"""Whom to ring when it is urgent: on the front page whatever holds, and on an alert's page once."""

from typing import Any

from services.render.articles.teaser import Teaser
from services.render.look.templates import Site
from services.render.pages.pages import article_page, front_page
from services.render.text.labels import labels
from shared.languages.say import LANGS
from tests.make import alert, alert_fields, news, revision
from tests.render.reading import Page

SITE = Site("Eksempelforeningen", "https://varsel.example.org", ())
NUMBERS = ["tel:113", "tel:116117"]


def rung(page: Page) -> list[Any]:
    """The numbers that a page has links to, in their order."""
    links = (link["href"] for link in page.all("a"))
    return [link for link in links if link and link.startswith("tel:")]


def test_the_front_page_says_whom_to_ring_whether_or_not_a_severe_alert_holds() -> None:
    mild = Teaser.of(revision(alert(alert=alert_fields() | {"severity": "minor"})))
    severe, other = Teaser.of(revision(alert())), Teaser.of(revision(news()))
    for newest, valid in (([], []), ([other, mild], [mild]), ([severe, other], [severe, mild])):
        page = Page(front_page(SITE, newest, valid))
        assert rung(page) == NUMBERS
        said = "Akutt hjelp: Ring 113 ved fare for liv Ring 116 117 for legevakt"
        assert said in page.text.replace("\u00a0", " ")


def test_an_alerts_page_has_each_number_once_and_news_has_none() -> None:
    assert rung(Page(article_page(SITE, revision(alert()), []))) == NUMBERS
    assert rung(Page(article_page(SITE, revision(news()), []))) == []


def test_each_language_has_words_for_it() -> None:
    said = {lang: labels(lang).help_now for lang in LANGS}
    assert said == {"nb": "Akutt hjelp:", "nn": "Akutt hjelp:", "en": "Urgent help:"}
