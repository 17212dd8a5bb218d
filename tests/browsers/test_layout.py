"""How pages are laid out: columns, pictures of odd shapes, hyphens, and paper."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, Route

from services.render.articles.teaser import Teaser
from services.render.look.templates import STYLE, Site
from services.render.pages.pages import article_page, front_page
from shared.article import Picture
from shared.identity import Identity, MenuLink
from shared.languages.say import LANGS
from shared.picture_files import PictureSizes
from tests.make import alert, alert_fields, news, revision
from tests.render.lives import withdrawal

pytestmark = pytest.mark.browsers

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
_SITE = Site("Eksempelforeningen", "https://varsel.example.org", ()).dressed(
    Identity(
        name="Landsforeningen for alle som lever med en sjelden tilstand",
        menu=(MenuLink(text="Om oss", to="/om/om-oss/"),),
        telephone="22 00 00 00",
        appeal="Jo flere vi er, jo sterkere stemme får vi.",
    )
)
_SHAPES = {"hoyt": (1200, 1600), "lite": (60, 40), "bredt": (1600, 500)}
_LONG_SHAPES = {"portrett": (1080, 1920), "plakat": (300, 2400)}
_PURPLE = (90, 45, 130)
_PICTURES = {
    f"{name}.png": Picture(name=f"{name}-0123456789ab.png", width=width, height=height)
    for name, (width, height) in _SHAPES.items()
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(java_script_enabled=True) as context:
        page = context.new_page()
        page.route(
            "**/style.css",
            lambda route: route.fulfill(body=STYLE.read_text(), content_type="text/css"),
        )
        page.route("**/assets/*", _drawn)
        page.route("**/side/", lambda route: route.fulfill(body="", content_type="text/html"))
        page.goto("https://varsel.example.org/side/")
        yield page


def _drawn(route: Route) -> None:
    name = route.request.url.rpartition("/")[2].partition("-")[0]
    drawn = BytesIO()
    Image.new("RGB", (_SHAPES | _LONG_SHAPES)[name], _PURPLE).save(drawn, "PNG")
    route.fulfill(body=drawn.getvalue(), content_type="image/png")


def _show(page: Page, html: str) -> None:
    page.set_content(html.replace(' loading="lazy"', ""))
    page.wait_for_function("getComputedStyle(document.body).marginTop === '0px'")
    page.wait_for_function("[...document.images].every(image => image.complete)")


def _boxes(page: Page, selector: str) -> list[dict[str, float]]:
    found = [one.bounding_box() for one in page.locator(selector).all()]
    return [dict(box) for box in found if box]


def test_medicines_stand_in_two_columns_on_a_desktop_and_in_one_on_a_phone(page: Page) -> None:
    several = [{"substance": f"prøvomab{n}", "brands": [f"Provo {n}"]} for n in range(4)]
    html = article_page(_SITE, revision(alert(alert=alert_fields() | {"medicines": several})), [])
    for size, columns in ((DESKTOP, 2), (PHONE, 1)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        _show(page, html)
        boxes = _boxes(page, ".medicines li")
        assert len(boxes) == 4
        assert len({round(box["x"]) for box in boxes}) == columns


def test_a_tall_picture_is_seen_whole_and_a_tiny_one_is_not_blown_up(page: Page) -> None:
    body = "\n\n".join(f'![Et bilde]({name} "Et bilde. Foto: Kari")' for name in _PICTURES)
    html = article_page(_SITE, revision(news(body=body), pictures=_PICTURES), [])
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        _show(page, html)
        tall, tiny, wide = _boxes(page, "figure img")
        assert tall["height"] <= size["height"]
        assert (tiny["width"], tiny["height"]) == _SHAPES["lite"]
        for box, shape in zip((tall, tiny, wide), _SHAPES.values(), strict=True):
            assert box["width"] / box["height"] == pytest.approx(shape[0] / shape[1], rel=0.02)
            assert box["x"] + box["width"] <= size["width"]
        assert all(box["width"] > tiny["width"] * 2 for box in _boxes(page, "figcaption"))


def test_the_longest_picture_is_seen_whole_on_one_screen_and_with_its_own_proportions(
    page: Page,
) -> None:
    for name, (width, height) in _LONG_SHAPES.items():
        picture = Picture(name=f"{name}-0123456789ab.png", width=width, height=height)
        body = f'Før bildet.\n\n![Et bilde]({name}.png "Et bilde. Foto: Kari")\n'
        html = article_page(_SITE, revision(news(body=body), pictures={f"{name}.png": picture}), [])
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            _show(page, html)
            [box], [text] = _boxes(page, "figure img"), _boxes(page, ".body > p")
            assert size["height"] * 0.5 < box["height"] <= size["height"] * 0.9
            left, top, right, bottom = _painted(page)
            assert (right - left) / (bottom - top) == pytest.approx(width / height, rel=0.03)
            assert bottom - top == pytest.approx(box["height"], abs=2)
            assert left + box["x"] == pytest.approx(text["x"], abs=1), "it begins where text does"


def _painted(page: Page) -> tuple[int, int, int, int]:
    """The box in which the only picture of the page is really seen, within its place."""
    shot = Image.open(BytesIO(page.locator("figure img").screenshot())).convert("RGB")
    far = ImageChops.difference(shot, Image.new("RGB", shot.size, _PURPLE)).convert("L")
    found = far.point(lambda value: 255 if value < 8 else 0).getbbox()
    assert found
    return found


def test_a_thumbnail_stands_beside_its_teaser_whatever_its_shape(page: Page) -> None:
    for picture in _PICTURES.values():
        sizes = PictureSizes(picture=picture, widths=(picture.width,), formats=())
        teaser = Teaser.of(revision(news(), pictures={"a.png": picture}))
        shown = teaser.model_copy(update={"sizes": sizes})
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            _show(page, front_page(_SITE, [shown], []))
            [image], [title] = _boxes(page, ".teaser img"), _boxes(page, ".teaser h2 a")
            assert image["width"] / image["height"] == pytest.approx(4 / 3, rel=0.02)
            assert 90 <= image["width"] <= size["width"] / 3
            assert image["x"] >= title["x"] + title["width"], "beside it, not on it"


@pytest.mark.parametrize("lang", LANGS)
def test_the_browser_may_break_long_words_by_the_rules_of_the_language(
    page: Page, lang: str
) -> None:
    _show(page, article_page(_SITE, revision(alert(lang=lang)), []))
    assert page.locator("html").get_attribute("lang") == lang
    for selector in (".lead", ".body p", ".alert li", ".stop-advice p"):
        hyphens = page.locator(selector).first.evaluate("one => getComputedStyle(one).hyphens")
        assert hyphens == "auto", selector


def test_on_paper_are_the_alert_and_whom_to_ask_and_nothing_to_press(page: Page) -> None:
    """Also on a wide sheet, where a screen would have the menu as a row."""
    warned = revision(alert())
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        _show(page, article_page(_SITE, warned, [Teaser.of(revision(news()))]))
        page.emulate_media(media="print", color_scheme="dark")
        for gone in (".site-tools", ".site-menu nav", ".site-search", ".join", ".others"):
            assert not any(one.is_visible() for one in page.locator(gone).all()), (gone, size)
        for there in (".site-name", ".stop-advice", ".help-lines", ".medicines", ".body"):
            assert page.locator(there).first.is_visible(), (there, size)
        assert page.locator(".site-footer").get_by_text("22 00 00 00").is_visible()
        colours = "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"
        assert page.locator("body").evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
        assert page.locator(".stop-advice").evaluate(colours)[0] == "rgb(0, 0, 0)"
        page.emulate_media(media="screen", color_scheme="light")


def test_what_is_withdrawn_is_on_paper_without_the_old_advice(page: Page) -> None:
    _show(page, article_page(_SITE, withdrawal(revision(alert())), []))
    page.emulate_media(media="print")
    assert page.locator(".withdrawal").first.is_visible()
    assert not page.locator(".stop-advice").is_visible()
    page.emulate_media(media="screen")
