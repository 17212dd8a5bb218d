"""Every page of the newsroom can be read by everybody, in bokmål and in nynorsk."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response

from services.ingest.newsroom.look import STATIC
from tests.browsers import axe, vnu
from tests.browsers.newsroom.steps import every_page
from tests.browsers.newsroom.steps.every_page import NO_PAGES, WAYS
from tests.browsers.newsroom.steps.filled import Filled, filled
from tests.browsers.visit import SCHEMES, WIDTHS, Scheme
from tests.examples import SHARE

pytestmark = pytest.mark.browsers

LANGUAGES = ("nb", "nn")
VIEWS = list(product(WIDTHS, SCHEMES))
_BOKMAL = re.compile(
    r"(?<!-)\b(?:ikke|hva|hvem|hvor|hvordan|hvorfor|hvis|hver|hvert|noe|noen|jeg|fra|bare|siden|saken|"
    r"være|nå|se|mer|mye|uten|kommer|gjør|gjøre|skriver|skrevet|velg|velge|sendes|vises|"
    r"lagres|publiseres|begynner|leser|lesere|leserne|bilde|bildet|kilde|kilder|lenken|lenker|"
    r"dere|deres|dem|ennå|høyst|mangler|rettes|rettet|trukket|venter|finnes|forskjellig|"
    r"rekkefølge|egen|eget|navn|navnet|selv|sammen|senere|alvorlig|mulig|vanlig|endret|endringer|"
    r"tegn|sannsynlig|adressen|øverst|nederst|en|et|for eksempel)\b",
    re.IGNORECASE,
)
"""Words that nynorsk does not have."""
_WORDS = """() => {
    const told = [document.title, document.body.innerText];
    for (const name of ["placeholder", "aria-label", "title", "alt"])
        for (const one of document.querySelectorAll(`[${name}]`)) told.push(one.getAttribute(name));
    return told.join("\\n");
}"""


@pytest.fixture(scope="module")
def made() -> Iterator[Filled]:
    with filled() as made:
        yield made


@pytest.fixture(scope="module")
def page(made: Filled, browser: Browser) -> Iterator[Page]:
    # A script of ours finds what is wrong in a page, which the page's own policy would refuse.
    context = browser.new_context(base_url=made.up.url, bypass_csp=True)
    yield context.new_page()
    context.close()


def test_no_page_is_forgotten() -> None:
    paths = [
        way.path.partition("?")[0].replace("{address}", "/beskjed/x/") for way in WAYS.values()
    ]
    acted = {"/beskjed/takk/", "/redaksjon/sak/{id}/velg/"}  # where a form leads
    for route in every_page.routes():
        if "GET" in (route.methods or ()) and route.path not in {*NO_PAGES, *acted}:
            assert any(route.path_regex.fullmatch(path) for path in paths), route.path
    assert {route.path for route in every_page.routes()} >= NO_PAGES.keys() | acted


def test_every_page_is_for_everybody_at_every_width_in_every_scheme_and_language(
    made: Filled, page: Page, tmp_path: Path
) -> None:
    answers: list[Response] = []
    page.on(
        "response",
        lambda one: answers.append(one) if one.request.is_navigation_request() else None,
    )
    wrong: list[object] = []
    turns = {name: turn for turn, name in enumerate(WAYS)}
    seen = sorted(product(LANGUAGES, WAYS.items()), key=lambda one: not one[1][1].is_first)
    for lang, (name, way) in seen:
        answers.clear()
        every_page.opens(page, made, way, lang)
        last = [one for one in answers if one.frame == page.main_frame][-1]
        if last.status != way.status:
            wrong.append((name, lang, last.status, page.url))
        (tmp_path / f"{name}-{lang}.html".replace(" ", "-")).write_text(last.text())
        wrong += [(name, lang, one) for one in _look(page, _views(lang, turns[name]))]
        if page.locator("html[lang=nn]").count():
            words = page.evaluate(_WORDS).splitlines()
            wrong += [(name, "nn", line) for line in words if _BOKMAL.search(line)]
    for file in STATIC.glob("*.css"):
        (tmp_path / file.name).write_text(file.read_text())
    wrong += vnu.findings(tmp_path)
    assert not wrong, "\n".join(map(str, wrong))


def _views(lang: str, turn: int) -> list[tuple[str, Scheme]]:
    """In which axe looks at a page in a language: one, and in the other language the one that
    differs in width and scheme; which, goes by turns. In `make proof-pages`, all in each."""
    one = turn % len(VIEWS)
    return VIEWS if SHARE >= 1 else [VIEWS[one if lang == "nb" else -1 - one]]


def _look(page: Page, views: list[tuple[str, Scheme]]) -> Iterator[object]:
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for width, pixels in WIDTHS.items():
        page.set_viewport_size({"width": pixels, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield width, "is wider than the screen"
    axe.load(page)
    for width, scheme in views:
        page.set_viewport_size({"width": WIDTHS[width], "height": 800})
        page.emulate_media(color_scheme=scheme)
        found = axe.findings(page, mail=False)
        yield from ((width, scheme, one) for one in found if not _is_scrolled_away(one))


def _is_scrolled_away(found: list[str]) -> bool:
    """Of a menu's links that are beyond its edge until it is scrolled, axe cannot tell the colour;
    those that are seen have the same, and are judged."""
    rule, element, words = found
    is_of_menu = element.startswith('<a href="/redaksjon/')
    return rule == "color-contrast" and is_of_menu and "partially obscured" in words
