"""Pages, mails and style sheets are what the standards of HTML and CSS say; those of a second theme
too."""

from pathlib import Path

import pytest

from services.render.look.templates import stylesheet
from tests.browsers import html_validate, vnu
from tests.browsers.page_names import PAGES, PAGES_ELSEWHERE
from tests.browsers.visit import Visits
from tests.browsers.world import World
from tests.render.look import second_theme

pytestmark = pytest.mark.browsers

_ALL = (*PAGES, *PAGES_ELSEWHERE)
_SECOND = "second theme, "
"""Before the names of its pages."""
_WRONG = {
    "wrong.html": "<!doctype html><html lang=nb><title>A</title><p><div></p>",
    "wrong.css": "p { colour: red }",
}
"""Files that are not ours, to see that each kind is checked."""


def test_vnu_finds_nothing_in_any_page_mail_or_style_sheet(
    filled_world: tuple[World, dict[str, str]], visits: Visits, tmp_path: Path
) -> None:
    world, pages = filled_world
    texts = {f"{name}.html": world.text(name, pages[name]) for name in _ALL if name in pages}
    texts |= {f"{name}.html": kept.text for name, kept in visits.kept().items()}
    texts["unsubscribed.html"] = world.http.post(pages["unsubscribed"]).text
    texts["too large.html"] = world.http.post(pages["unsubscribed"], content=b"x" * 20_000).text
    texts["site.css"] = world.http.get("/style.css").text
    texts["members.css"] = world.http.get("/min-side/stil.css").text
    texts["inbox.css"] = world.http.get("/inbox/inbox.css").text
    texts |= {f"{_SECOND}{name}.html": html for name, html in second_theme.pages()}
    texts[f"{_SECOND}style.css"] = stylesheet(second_theme.SITE)
    texts |= _WRONG
    for name, text in texts.items():
        (tmp_path / name.replace(" ", "-")).write_text(text)
    found = vnu.findings(tmp_path)
    assert [line for line in found if line.partition(":")[0] not in _WRONG] == []
    assert {line.partition(":")[0] for line in found} == set(_WRONG), "it finds what is wrong"


def test_html_validate_finds_nothing_in_any_page_or_mail(
    filled_world: tuple[World, dict[str, str]],
) -> None:
    world, pages = filled_world
    texts = {name: world.text(name, pages[name]) for name in _ALL if name in pages}
    texts |= {f"{_SECOND}{name}": html for name, html in second_theme.pages()}
    found = html_validate.findings(texts | {"wrong": _WRONG["wrong.html"]})
    assert [line for line in found if not line.startswith("wrong:")] == []
    assert found, "it finds what is wrong"
