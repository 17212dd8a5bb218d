"""How heavy a page may be."""

import gzip

from services.render.articles.teaser import Teaser
from services.render.look.templates import Site, stylesheet
from services.render.pages.found import topic_page
from services.render.pages.pages import article_page, front_page, newest_page
from shared.article import Picture
from shared.identity import Identity, MenuLink
from tests.make import alert, all_alert_fields, revision, settings
from tests.render.lives import later, withdrawal
from tests.render.real import needs_real_article, real_article, real_pictures

SITE = Site.of(settings()).dressed(
    Identity(
        name="Landsforeningen for alle som lever med en sjelden tilstand og deres nærmeste",
        logo=Picture(name="logo-0123456789ab.png", width=400, height=100),
        accent="#5a2d82",
        accent_2="#7a3b00",
        menu=tuple(MenuLink(text=f"Om oss {n}", to="/om/om-oss/") for n in range(6)),
        footer=tuple(MenuLink(text=f"Personvern {n}", to="/om/personvern/") for n in range(10)),
        postal_address="Storgata 1, 0155 Oslo",
        telephone="22 00 00 00",
        email="post@example.org",
        organisation_number="974760673",
        appeal_title="Sterkere sammen!",
        appeal="Jo flere vi er, jo sterkere stemme får vi.",
    )
)
MOST_HTML, MOST_CSS = 30 * 1024, 15 * 1024
"""Bytes: the second compressed."""


def test_the_stylesheet_is_at_most_15_kb_compressed() -> None:
    assert len(gzip.compress(stylesheet(SITE).encode(), 6)) <= MOST_CSS


def test_an_alert_and_each_list_is_at_most_30_kb_of_html() -> None:
    """As long as they come: twenty alerts, each with all that may be said in a list."""
    long = revision(alert(title="Et varsel " * 15, lead="En lang ingress. " * 20))
    teasers = [
        Teaser.of(later(long, change={"kind": "correction", "note": "Dosen var feil. " * 10}))
    ] * 20
    said = later(revision(alert(alert=all_alert_fields())))
    pages = [
        article_page(SITE, said, teasers[:3]),
        article_page(SITE, withdrawal(said), teasers[:3]),
        front_page(SITE, teasers[:10], teasers[:3]),
        newest_page(SITE, teasers, 1),
        topic_page(SITE, "jern", "Jern", teasers, 20),
    ]
    assert max(len(page.encode()) for page in pages) <= MOST_HTML


@needs_real_article
def test_the_real_article_is_at_most_30_kb_of_html() -> None:
    of = revision(real_article(), pictures=real_pictures())
    others = [Teaser.of(of)] * 3
    assert len(article_page(SITE, of, others).encode()) <= MOST_HTML
