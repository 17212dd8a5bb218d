"""The picture that is shown where an article is shared."""

import io
from typing import Any

import pytest
from PIL import Image

from services.render.look.templates import Site
from services.render.pages import share_picture
from services.render.pages.share_picture import SIZE, SharePicture, draw
from tests.make import alert, alert_fields, news, revision, settings
from tests.render.lives import later, withdrawal

SITE = Site.of(settings())


def drawn(**fields: Any) -> Image.Image:
    return Image.open(io.BytesIO(draw(SharePicture.of(SITE, revision(news(**fields))))))


@pytest.mark.parametrize("letter", "æøåÆØÅéöšőđŋ«»–—…’”®™αβµ≥▼")
def test_each_letter_that_norwegian_titles_have_can_be_drawn(letter: str) -> None:
    for font in (share_picture._font(40), share_picture._bold(40)):
        missing = bytes(font.getmask("\U000f0000"))
        assert bytes(font.getmask(letter)) != missing


@pytest.mark.parametrize("title", ["Kort", "Lang tittel " * 12, "u" * 150, "漢字 🙂", "."])
def test_any_title_is_drawn_inside_the_picture(title: str) -> None:
    image = drawn(title=title.strip()[:150]).convert("L")
    assert image.size == SIZE
    right, bottom = image.crop((1130, 0, 1200, 630)), image.crop((30, 440, 1200, 500))
    for edge in (right, bottom):
        low, high = edge.getextrema()
        assert high - low < 30, "text runs out of its room"  # type: ignore[operator]


def test_an_alert_says_how_severe_it_is_and_whether_it_still_holds() -> None:
    first = revision(alert(alert=alert_fields() | {"severity": "extreme"}))
    said = [SharePicture.of(SITE, one) for one in (first, later(first), withdrawal(first))]
    assert [one.above.split(":")[0] for one in said[1:]] == ["RETTET", "TRUKKET"]
    assert said[2].colour != said[0].colour
    assert len({one.mark for one in said}) == 3, "each is drawn anew"


def test_what_is_drawn_of_can_be_told_from_the_file() -> None:
    picture = SharePicture.of(SITE, revision(news()))
    assert picture.mark in draw(picture)[:1024]
