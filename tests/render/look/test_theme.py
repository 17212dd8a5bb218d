"""A theme takes the place of templates and stylesheet, and holds up no page: see docs/theme.md."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.render.look import theme
from services.render.look.templates import STYLE, Site, look, on_paper, stylesheet
from services.render.pages.fixed import FIXED
from services.render.pages.pages import article_page, front_page
from shared.colours import contrast
from shared.identity import Identity
from tests.make import alert, news, revision, settings
from tests.render.look.second_theme import SECOND
from tests.render.reading import Page
from tests.render.running import all_handled, page_file, publish, running

SITE = Site("Den andre foreningen", "https://andre.example.org", (), theme=theme.read(SECOND)[0])
OWN = Site("Eksempelforeningen", "https://varsel.example.org", ())


def _theme(folder: Path, **templates: str) -> Site:
    (folder / "templates").mkdir()
    for name, text in templates.items():
        (folder / f"templates/{name}.html").write_text(text)
    return replace(OWN, theme=theme.read(folder)[0])


@pytest.mark.parametrize("article", [alert(), news()])
def test_a_second_theme_dresses_every_page(article: object) -> None:
    assert theme.read(SECOND)[1] == []
    of = revision(article)  # type: ignore[arg-type]
    pages = [article_page(SITE, of, []), front_page(SITE, [], [])]
    pages += [FIXED[path](SITE) for path in (".not-found.html", "for-fagfolk/index.html")]
    for html in pages:
        page = Page(html)
        assert "Den andre foreningen: for alle" in page.text
        assert page.all("nav")
    assert stylesheet(SITE).startswith(STYLE.read_text())
    assert "--measure: 42rem" in stylesheet(SITE)
    assert ".band { display: none; }" in on_paper(stylesheet(SITE))
    assert "Den andre" not in article_page(OWN, of, [])


def test_a_themes_stylesheet_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("body { color: black; }\n")
    assert stylesheet(replace(OWN, theme=theme.read(tmp_path)[0])) == "body { color: black; }\n"


async def test_a_template_that_is_none_is_left_aside_and_told_of(
    redis_url: str, redis: Redis, tmp_path: Path
) -> None:
    _theme(tmp_path, footer="<p>\n{% if %}</p>")
    (tmp_path / "more.css").write_text("p { margin: 0; }")
    conf = settings(theme=tmp_path)
    one = revision(alert())
    async with running(conf, redis_url) as service:
        assert [one for one in service.problems() if "footer.html, line 2" in one]
        await publish(redis, one)
        await all_handled(redis)
    assert 'class="site-footer"' in page_file(conf, one).read_text()
    assert "p { margin: 0; }" in (conf.site_folder / "style.css").read_text(), "the rest holds"


async def test_a_theme_that_is_no_text_stops_nothing_and_is_told_of(
    redis_url: str, redis: Redis, tmp_path: Path
) -> None:
    _theme(tmp_path, footer="<p>Vår egen</p>")
    (tmp_path / "more.css").write_bytes(b"\xff\xfe")
    conf = settings(theme=tmp_path)
    one = revision(alert())
    async with running(conf, redis_url) as service:
        assert [one for one in service.problems() if "cannot be read" in one]
        await publish(redis, one)
        await all_handled(redis)
    assert 'class="site-footer"' in page_file(conf, one).read_text()


def test_a_folder_that_belongs_to_somebody_else_is_as_none_and_told_of(tmp_path: Path) -> None:
    """As in a container, whose user may not read what an operator has mounted."""
    _theme(tmp_path, footer="<p>Vår egen</p>")
    tmp_path.chmod(0 if os.geteuid() else 0o700)
    with _as_nobody():
        found, wrong = theme.read(tmp_path)
    tmp_path.chmod(0o700)
    assert found is None
    assert wrong == [f"{tmp_path.name}: cannot be read (PermissionError)"]


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Root may read everything."""
    me = os.geteuid()
    if me == 0:
        os.seteuid(65534)
    yield
    os.seteuid(me)


@pytest.mark.parametrize(
    "broken", ["{{ site.motto }}", "{{ 1 / 0 }}", '{% include "finnes-ikke.html" %}']
)
async def test_an_alert_goes_out_whatever_a_theme_does(
    redis_url: str, redis: Redis, tmp_path: Path, broken: str
) -> None:
    _theme(tmp_path, header=broken)
    conf = settings(theme=tmp_path)
    one = revision(alert())
    async with running(conf, redis_url):
        await publish(redis, one)
        await all_handled(redis)
    assert 'class="site-header"' in page_file(conf, one).read_text()


def test_a_theme_says_varsels_texts_in_the_language_of_the_page(tmp_path: Path) -> None:
    said = '<footer><p>{{ t("Alle varsler") }}: {{ t("Våre egne ord") }}</p></footer>'
    themed = _theme(tmp_path, footer=said).dressed(Identity(language="en"))
    assert "All alerts: Våre egne ord" in Page(front_page(themed, [], [])).text
    of = revision(news())
    assert "Alle varsler: Våre egne ord" in Page(article_page(themed, of, [])).text


def test_markup_in_what_is_said_comes_out_as_text_in_a_theme_too(tmp_path: Path) -> None:
    site = _theme(tmp_path, footer="<p>{{ site.name }}</p>")
    named = site.dressed(Identity(name="<script>alert(1)</script>"))
    Page(front_page(named, [], [])).assert_harmless()


def test_each_change_of_a_theme_or_of_what_is_said_is_another_look(tmp_path: Path) -> None:
    site = _theme(tmp_path, footer="<p></p>")
    looks = [look(site), look(site.dressed(Identity(email="post@example.org")))]
    (tmp_path / "more.css").write_text("p { margin: 0; }")
    looks.append(look(replace(site, theme=theme.read(tmp_path)[0])))
    (tmp_path / "more.css").write_text("p { margin: 1em; }")
    looks.append(look(replace(site, theme=theme.read(tmp_path)[0])))
    (tmp_path / "templates/footer.html").write_text("<p>Nytt</p>")
    looks.append(look(replace(site, theme=theme.read(tmp_path)[0])))
    assert len(set(looks)) == len(looks)


def test_colours_are_lighter_in_the_dark_and_can_be_read_there() -> None:
    style = stylesheet(OWN.dressed(Identity(accent="#5a2d82")))
    dark = style.rpartition("--accent: ")[2][:7]
    assert contrast(dark, "#1d2326") >= 4.5
    assert style.count("--accent: #5a2d82;") == 1
    assert stylesheet(OWN) == STYLE.read_text()
