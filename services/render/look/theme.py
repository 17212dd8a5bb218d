"""A theme: a folder whose templates and stylesheet take the place of Varsel's.

The contract is in docs/theme.md. A template that cannot be filled never keeps a page from being
made, nor does a folder that cannot be read: Varsel's own look is in its place.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol

from jinja2 import (
    ChoiceLoader,
    DictLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
)
from jinja2.exceptions import TemplateSyntaxError
from markupsafe import Markup

from services.render.articles.lists import topic_slug
from services.render.articles.teaser import Teaser, ended
from services.render.text.dates import oslo_day
from services.render.text.labels import labels
from services.render.text.picture_html import thumbnail
from shared import log
from shared.alert_words import SEVERITY_STEPS
from shared.article import Lang
from shared.frame import page as frame
from shared.languages.dates import LOCALES, written_day, written_time
from shared.languages.say import Sayer
from shared.oslo import oslo

OWN = Path(__file__).parent / "templates"
_TEMPLATES = "templates"
_STYLE, _MORE_STYLE = "style.css", "more.css"
_PREFIX = "varsel"
"""Before the name of Varsel's own template, for one of the theme that extends it."""
_TEASERS = 1024
"""Of which is kept how a list shows them, some 500 bytes each: one stands in several lists, and
under several articles."""
_PAGES = ".html"
"""What a theme may replace: what programs read has a form that others laid down."""


class Framed(Protocol):
    """A site that keeps what was made of its header, footer and icons."""

    @property
    def made(self) -> dict[tuple[bool, str, str], Markup]: ...


@dataclass(frozen=True)
class Theme:
    """What a folder has, as it was read at the start: what becomes of the folder later changes no
    page."""

    templates: tuple[tuple[str, str], ...] = ()
    """Name and text."""
    style: str | None = None
    """In place of Varsel's stylesheet."""
    more_style: str = ""
    """After it."""

    def wrong(self) -> list[str]:
        """What is wrong with its templates, in words. Such a one is left aside; the others hold."""
        found = []
        for name, _ in self.templates:
            try:
                _environment(self).get_template(name)
            except TemplateSyntaxError as error:
                found.append(f"{name}, line {error.lineno}: {error.message}")
        return found


def read(folder: Path | None) -> tuple[Theme | None, list[str]]:
    """The theme in a folder, and what is wrong with it, in words. None if there is none, or it
    cannot be read: pages are made all the same."""
    if folder is None:
        return None, []
    try:
        names = {path.name for path in folder.iterdir()}
        templates = sorted((folder / _TEMPLATES).iterdir()) if _TEMPLATES in names else []
        theme = Theme(
            tuple((path.name, path.read_text()) for path in templates if path.suffix == _PAGES),
            (folder / _STYLE).read_text() if _STYLE in names else None,
            (folder / _MORE_STYLE).read_text() if _MORE_STYLE in names else "",
        )
    except (OSError, UnicodeDecodeError) as error:
        name = Path(error.filename).name if isinstance(error, OSError) and error.filename else ""
        return None, [f"{name or folder.name}: cannot be read ({type(error).__name__})"]
    return theme, theme.wrong()


def filled(theme: Theme | None, template: str, values: dict[str, Any]) -> str:
    """The template with `values`: the theme's, if it has one of this name."""
    if theme and template.endswith(_PAGES):
        try:
            return _environment(theme).get_template(template).render(values)
        except Exception as error:  # whatever a template of others raises: an alert has to go out
            log.get("render").error("theme_failed", template=template, error=type(error).__name__)
    return _environment(None).get_template(template).render(values)


def style(theme: Theme | None) -> str:
    """The stylesheet: the theme's in place of Varsel's, and what the theme adds after it."""
    own = (OWN / _STYLE).read_text()
    if theme is None:
        return own
    return (own if theme.style is None else theme.style) + theme.more_style


@cache
def _environment(theme: Theme | None) -> Environment:
    own = FileSystemLoader([OWN, frame.TEMPLATES])
    loader = (
        ChoiceLoader([DictLoader(dict(theme.templates)), own, PrefixLoader({_PREFIX: own})])
        if theme
        else own
    )
    environment = Environment(
        loader=loader,
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "ended": ended,
        "labels": labels,
        "locale": LOCALES.__getitem__,
        "oslo": oslo,
        "oslo_day": oslo_day,
        "thumbnail": thumbnail,
        "topic_path": lambda topic: f"/tema/{topic_slug(topic)}/",
        "written_day": written_day,
        "written_time": written_time,
    }
    environment.globals["steps"] = SEVERITY_STEPS

    def of_the_site(name: str, site: "Framed", lang: Lang) -> Markup:
        """What is the same on all pages in a language: made once for each site."""
        key = (theme is None, name, lang)
        if key not in site.made:
            values = {"site": site, "words": labels(lang), "lang": lang, "t": Sayer(lang)}
            text = environment.get_template(name).render(values)
            site.made[key] = Markup(text)  # noqa: S704 (the template escapes)
        return site.made[key]

    environment.globals["of_the_site"] = of_the_site

    @lru_cache(maxsize=_TEASERS)
    def teaser_item(teaser: Teaser, lang: Lang, level: str, pictures: bool) -> Markup:
        """A teaser as lists in a language show it, under a heading of this `level`."""
        values = {"teaser": teaser, "lang": lang, "level": level, "pictures": pictures}
        text = environment.get_template("teaser.html").render(values)
        return Markup(text)  # noqa: S704 (the template escapes)

    environment.globals["teaser_item"] = teaser_item
    return environment
