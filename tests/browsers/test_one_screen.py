"""What a member must do, and whom to ring, stands in the first screen of an alert: on its page, in
a second theme too, and in its mail, on a phone and on a desktop, however long its title is."""

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from playwright.sync_api import Browser, Page, Route

from services.notify.mail.text import Letterhead, Variant, words_of
from services.render.articles.teaser import Teaser
from services.render.look.templates import Site, stylesheet
from services.render.pages.pages import article_page, front_page
from services.render.pages.share_picture import draw_icon
from shared.alert_words import BOKMAL
from shared.article import Article, Picture
from shared.identity import Identity, MenuLink
from shared.languages.say import LANGS
from shared.revision import Revision
from tests.make import alert, alert_fields, revision
from tests.render.lives import later, withdrawal
from tests.render.look.second_theme import THEME
from tests.render.real import needs_real_article, real_article, real_pictures

pytestmark = pytest.mark.browsers

SCREENS = ((390, 844), (1280, 800))
LEAST_PIXELS = 44
"""Of a link for a thumb (WCAG 2.2, 2.5.5)."""
_LEAST_TARGET = 24
"""Pixels of any other (WCAG 2.2, 2.5.8)."""
_NAME = "Landsforeningen for alle som lever med en sjelden tilstand og deres nærmeste i dag"[:80]
_OWN = Identity(
    name=_NAME,
    logo=Picture(name="logo-0123456789ab.png", width=800, height=200),
    menu=tuple(
        MenuLink(text=text, to="/om/oss/")
        for text in ("Om oss", "Lokallag", "Likepersoner", "Kurs", "Gi en gave", "Kontakt oss")
    ),
    accent="#5a2d82",
    postal_address="Storgata 1, 0155 Oslo",
    telephone="22 00 00 00",
    email="post@example.org",
)
"""All that stands before an alert, as long as it may be."""
_SITE = Site("Varsel", "https://varsel.example.org", ()).dressed(_OWN)
_IN_SECOND = Site("Varsel", "https://second.example.org", (), theme=THEME).dressed(_OWN)
_SITES = {site.address: site for site in (_SITE, _IN_SECOND)}
_HEAD = Letterhead(_SITE.address, "Varsel", "varsel@example.org").dressed(_OWN)
_TITLE, _STOP = 150, 600
"""The most characters that an alert may have there."""
_BOX = """element => { const box = element.getBoundingClientRect();
    return [box.left, box.top, box.right, box.bottom]; }"""
_SHAPE = """badge => { const style = getComputedStyle(badge); return [
    badge.innerText, style.borderTopStyle, style.borderTopLeftRadius,
    style.backgroundColor === "rgba(0, 0, 0, 0)"]; }"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(java_script_enabled=True) as context:
        page = context.new_page()
        page.route("**/style.css", _style)
        page.route("**/assets/*", lambda route: route.fulfill(body=_LOGO, content_type="image/png"))
        page.route("**/side/", lambda route: route.fulfill(body="", content_type="text/html"))
        page.goto("https://varsel.example.org/side/")
        yield page


_LOGO = draw_icon("L", "#5a2d82")


def _style(route: Route) -> None:
    site = _SITES[route.request.url.removesuffix("/style.css")]
    route.fulfill(body=stylesheet(site), content_type="text/css")


def _longest() -> Iterator[Article]:
    """Alerts with titles and stop advice as long as they may be, of words of many lengths."""
    words = "å fortsette med legemiddelbehandlingen uten oppfølging kan gi leverskade hos noen "
    long_words = "Immunsuppresjonsbehandlingskomplikasjoner og medisinsk "
    for of in (words, long_words):
        for code in BOKMAL.stop_advice:
            advice = {"code": code, "text": (words * 9)[:_STOP].strip()}
            signs = ["Ring 113 hvis " + "du får vondt i brystet " * 12] * 10
            fields = alert_fields() | {"stop_advice": advice, "seek_help_if": signs}
            title = (of * 4)[:_TITLE].strip().capitalize()
            fields |= {"severity": "extreme", "urgency": "immediate"}
            for lang in ("nb", "nn", "en"):
                yield alert(title=title, alert=fields, lang=lang)


def _show(page: Page, html: str) -> None:
    page.set_content(html)
    page.wait_for_function("getComputedStyle(document.body).marginTop === '0px'")


def _page(of: Revision, site: Site = _SITE) -> str:
    return article_page(site, of, [])


def _bottom(page: Page, selector: str) -> float:
    bottom: float = page.locator(selector).evaluate(_BOX)[3]
    return bottom


def test_advice_and_help_of_the_longest_alerts_are_in_the_first_screen(page: Page) -> None:
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        for article in _longest():
            of = revision(article)
            _show(page, _page(of))
            assert page.locator(".site-name img").is_visible()
            assert _bottom(page, ".stop-advice") < _bottom(page, ".help-lines") <= height
            _show(page, _mail(of))
            assert page.locator(".mail > p").first.inner_text() == _NAME
            assert _bottom(page, ".stop") < _bottom(page, "a[href='tel:116117']") <= height


def test_they_are_there_in_a_second_theme_too(page: Page) -> None:
    page.goto(f"{_IN_SECOND.address}/side/")
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        for article in _longest():
            _show(page, _page(revision(article), _IN_SECOND))
            assert page.locator(".site-name img").is_visible()
            assert page.locator(".motto").inner_text() == f"{_NAME}: for alle"
            assert _bottom(page, ".stop-advice") < _bottom(page, ".help-lines") <= height


@needs_real_article
def test_all_of_when_to_seek_help_is_in_the_first_screen_of_the_real_article(page: Page) -> None:
    real = revision(real_article(), pictures=real_pictures())
    note = "Vi skrev at dosen er 50 mg. Den er 5 mg. Rådene er ellers de samme som før."
    corrected = later(real, change={"kind": "correction", "note": note})
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        for of in (real, corrected):
            _show(page, _page(of))
            assert _bottom(page, ".help") <= height
            _show(page, _mail(of))
            assert _bottom(page, "a[href='tel:116117']") <= height
    page.goto(f"{_IN_SECOND.address}/side/")
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        for of in (real, corrected):
            _show(page, _page(of, _IN_SECOND))
            assert _bottom(page, ".help") <= height


def _mail(of: Revision) -> str:
    variant: Variant = "correction" if of.change else "alert"
    return words_of(of, variant, _HEAD, unsubscribe="https://varsel.example.org/x").html


def test_113_and_116_117_are_links_for_a_thumb_and_each_is_there_once(page: Page) -> None:
    of = revision(alert())
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        for html in (_page(of), _mail(of)):
            _show(page, html)
            links = page.locator(":is(main, .mail) a[href^='tel:']").all()
            assert [link.get_attribute("href") for link in links] == ["tel:113", "tel:116117"]
            boxes = [link.evaluate(_BOX) for link in links]
            for left, top, right, bottom in boxes:
                assert right - left >= LEAST_PIXELS
                assert bottom - top >= LEAST_PIXELS
            (_, _, right, bottom), (left, top, _, _) = boxes
            assert left > right or top > bottom
            assert "Bli medlem" not in page.locator("main, .mail").inner_text()


def test_whom_to_ring_is_in_the_first_screen_of_the_front_page_for_a_thumb(page: Page) -> None:
    severe = [Teaser.of(revision(alert(title=("Et langt ord til " * 9)[:_TITLE].strip())))] * 3
    for width, height in (*SCREENS, (320, 568)):
        page.set_viewport_size({"width": width, "height": height})
        for warnings in ([], severe[:1], severe):
            _show(page, front_page(_SITE, severe, warnings))
            boxes = [one.evaluate(_BOX) for one in page.locator("main a[href^='tel:']").all()]
            assert len(boxes) == 2
            for left, top, right, bottom in boxes:
                assert right - left >= LEAST_PIXELS
                assert bottom - top >= LEAST_PIXELS
                assert right <= width
                assert bottom <= height or (height == 568 and warnings)
            (_, _, right, bottom), (left, top, _, _) = boxes
            assert left >= right or top >= bottom, "neither lies on the other"


def test_an_alert_past_its_review_says_so_and_has_its_advice_in_the_first_screen(
    page: Page,
) -> None:
    for lang in LANGS:
        late = revision(alert(lang=lang, alert=alert_fields() | {"review_by": "2026-12-31"}))
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            _show(page, article_page(_SITE, late, [], today=date(2027, 1, 1)))
            assert page.locator(".past-review").is_visible()
            assert _bottom(page, ".past-review") < _bottom(page, ".help-lines") <= height


def test_four_badges_differ_without_colour(page: Page) -> None:
    for made in (_page, _mail):
        shapes, steps = set[tuple[str, ...]](), set[str]()
        for severity, word in BOKMAL.severity.items():
            fields = alert_fields() | {"severity": severity}
            _show(page, made(revision(alert(alert=fields))))
            said, *shape = page.locator(".badge").evaluate(_SHAPE)
            assert word in said.lower()
            shapes.add(tuple(shape))
            steps.add(page.locator(".badge span").inner_text())
            page.emulate_media(forced_colors="active")
            assert page.locator(".badge").evaluate(_SHAPE)[1] in ("solid", "dashed")
            page.emulate_media(forced_colors="none")
        assert len(shapes) == len(steps) == len(BOKMAL.severity)


def test_the_old_advice_of_a_withdrawn_alert_is_folded_away(page: Page) -> None:
    gone = withdrawal(revision(alert()))
    _show(page, _page(gone))
    old = page.locator(".stop-advice, .help, .lead, .body")
    assert not any(one.is_visible() for one in old.all())
    assert page.get_by_text(BOKMAL.change.withdrawn_advice).is_visible()
    assert page.get_by_text("Exempla").first.is_visible()
    page.locator("summary").click()
    assert all(one.is_visible() for one in old.all())
    assert page.locator("main a[href^='tel:']").count() == 0


def test_search_and_menu_are_in_the_first_row_of_a_phone_however_long_the_name_is(
    page: Page,
) -> None:
    names = (_NAME, "Eksempelforeningen", "Immunsuppresjonsbehandlingsforeningen i Finnmark " * 2)
    for logo, name in product((_OWN.logo, None), names):
        site = _SITE.dressed(_OWN.model_copy(update={"name": name[:80].strip(), "logo": logo}))
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 844})
            _show(page, article_page(site, revision(alert()), []))
            header, *tools = (
                page.locator(one).evaluate(_BOX)
                for one in (".site-header", ".site-tools a", ".site-tools button")
            )
            for left, top, right, bottom in tools:
                assert 0 <= left < right <= width
                assert right - left >= _LEAST_TARGET
                assert bottom - top >= _LEAST_TARGET
                assert bottom <= header[3]
            (_, _, first_right, first_bottom), (left, top, *_) = tools
            assert left >= first_right or top >= first_bottom, "neither lies on the other"
            assert page.locator(".site-tools a").inner_text() == "Søk"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
