"""No page of members is forgotten by those who look at pages: each route and each template of
theirs is among the pages that the other tests here open, in each language."""

import html
import re
from unittest.mock import MagicMock

import pytest

from services.notify.member_pages import app as member_pages
from services.notify.member_pages.look import TEMPLATES
from shared.article import Lang
from shared.languages.say import LANGS, say
from tests.browsers.answers import ANSWERS
from tests.browsers.page_names import MEMBER_PAGES, PAGES_ELSEWHERE
from tests.browsers.visit import Visits
from tests.browsers.world import World

pytestmark = pytest.mark.browsers

_NO_PAGES = {"/min-side/stil.css", "/min-side/alt.json", "/min-side/{name}.js"}
_PARTS = {"base.html", "member.html", "form.html", "kept.html", "passkey_form.html"}
"""What other templates stand on."""
_ELSEWHERE = {
    "changed_meanwhile.html": "takes two at once: tests/notify/member_pages/test_my_page.py",
    "unforeseen.html": "takes an error: tests/notify/member_pages/test_words.py",
    "later.html": "takes a Redis that is away: tests/notify/member_pages/test_unsubscribing.py",
    "problem.html": "has as many titles as codes; one of them is «no such page of members»",
    "wrong_way.html": "is in test_markup.py, as «too large»",
}
_OF_NOBODY = {"unknown.html", "join.html", "confirm_login.html"}
"""In bokmål, of a link that nobody knows; or looked at in other languages by names of their own."""


def _titles(template: str) -> list[str]:
    """What a page of this template may be called, in bokmål."""
    found = re.search(r"\{% block title %\}(.*?)\{% endblock %\}", template)
    assert found
    return re.findall(r't\("([^"]+)"\)', found[1]) or [found[1]]


def _title(page: str) -> str:
    return page.partition("<title>")[2].partition("</title>")[0]


def test_each_route_for_members_is_a_page_that_is_looked_at(
    filled_world: tuple[World, dict[str, str]], visits: Visits
) -> None:
    _, pages = filled_world
    seen = {pages[name].partition("?")[0] for name in MEMBER_PAGES}
    seen |= {answer.path.partition("?")[0] for answer in visits.kept().values()}
    parts = MagicMock()
    parts.settings.site = "https://varsel.example.org"
    wanted = [
        route
        for route in member_pages.routes(parts, MagicMock(), MagicMock())
        if "GET" in (route.methods or ()) and route.path not in _NO_PAGES
    ]
    assert len(wanted) > 15
    missed = [one.path for one in wanted if not any(map(one.path_regex.match, seen))]
    assert missed == []


@pytest.mark.parametrize("lang", LANGS)
def test_each_template_for_members_is_looked_at_in_each_language(
    filled_world: tuple[World, dict[str, str]], visits: Visits, lang: Lang
) -> None:
    world, pages = filled_world
    more = "" if lang == "nb" else f" ({lang})"
    names = MEMBER_PAGES if lang == "nb" else PAGES_ELSEWHERE
    seen = {_title(world.text(name, pages[name])) for name in names if name.endswith(more)}
    seen |= {_title(visits.kept()[f"{name}{more}"].text) for name in ANSWERS}
    left_out = _PARTS | _ELSEWHERE.keys() | (set() if lang == "nb" else _OF_NOBODY)
    missed = [
        file.name
        for file in sorted(TEMPLATES.glob("*.html"))
        if file.name not in left_out
        and not any(
            _said(one, lang) in title for one in _titles(file.read_text()) for title in seen
        )
    ]
    assert missed == []


def _said(text: str, lang: Lang) -> str:
    return html.escape(say(text, lang), quote=False)


def test_a_link_is_underlined_to_its_end_also_where_a_word_of_it_is_not_broken(
    visits: Visits,
) -> None:
    with visits.to("my page") as page:
        lines = page.eval_on_selector_all(
            "a .unbroken", "all => all.map(one => getComputedStyle(one).textDecorationLine)"
        )
    assert lines
    assert set(lines) == {"underline"}
