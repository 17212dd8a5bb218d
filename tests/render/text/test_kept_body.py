"""A body's HTML is taken from the page that shows it, if it is what would be made now."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from services.render.look.templates import Site
from services.render.pages import pages
from services.render.pages.pages import article_page, kept_body_of
from services.render.text import kept_body as kept
from services.render.text.kept_body import body_source, kept_body, marked
from services.render.text.labels import labels
from shared.article import Picture
from shared.picture_files import PictureSizes
from tests.make import news, revision, settings

PICTURE = Picture(name="mote-1a2b.jpg", width=1600, height=900)
SIZES = {PICTURE.name: PictureSizes(picture=PICTURE, widths=(480, 1600), formats=("avif",))}
ARTICLE = revision(news(body="![Et møte](mote.jpg)\n\n**Velkommen** <!--tekst-->"),
                   pictures={"mote.jpg": PICTURE})  # fmt: skip
SITE = Site.of(settings())


@given(html=st.text(), around=st.text(), source=st.from_regex(r"[0-9a-f]{32}", fullmatch=True))
def test_what_was_marked_is_found_again_whatever_stands_around_it(
    html: str, around: str, source: str
) -> None:
    body = marked(Markup(html.replace("-->", "")), source)
    page = f"{around.replace('<!--', '')}{body}{around}".encode("utf-8", "replace")
    assert kept_body(page, source) == body.encode("utf-8", "replace").decode()


def test_only_what_is_as_it_would_be_made_now_is_taken_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []

    def body_html(body: str, *rest: object) -> Markup:
        made.append(body)
        return original(body, *rest)  # type: ignore[arg-type]

    original = pages.body_html
    monkeypatch.setattr(pages, "body_html", body_html)
    page = article_page(SITE, ARTICLE, [])
    other_site = Site("Et annet navn", "https://annet.example.org", ())
    again = article_page(other_site, ARTICLE, [], body=kept_body_of(page.encode(), ARTICLE, {}))
    assert len(made) == 1
    assert again == article_page(other_site, ARTICLE, [])
    damaged = page.replace("<strong>Velkommen", "<strong>Farvel").encode()
    cut = page.partition("<!--/tekst-->")[0].encode()
    for before in (b"", b"\xff" + page.encode()[:400], damaged, cut):
        assert kept_body_of(before, ARTICLE, {}) is None
    assert kept_body_of(page.encode(), ARTICLE, SIZES) is None


def test_each_thing_that_a_body_is_made_of_makes_it_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    article, words = ARTICLE.article, labels("nb")
    sources = [
        body_source(article.body, ARTICLE.pictures, words, {}),
        body_source(article.body + " ", ARTICLE.pictures, words, {}),
        body_source(article.body, {}, words, {}),
        body_source(article.body, ARTICLE.pictures, words, SIZES),
        body_source(article.body, ARTICLE.pictures, labels("nn"), {}),
    ]
    monkeypatch.setattr(kept, "_code", lambda: "another version")
    sources.append(body_source(article.body, ARTICLE.pictures, words, {}))
    assert len(set(sources)) == len(sources)
    others = {"annet-1.jpg": SIZES[PICTURE.name]}
    assert body_source(article.body, ARTICLE.pictures, words, others) == sources[-1]
