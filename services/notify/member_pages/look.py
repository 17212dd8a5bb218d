"""What the pages look like and which words they have: templates in bokmål, said in the visitor's
language. No script but the one for passkeys,
nothing from elsewhere, nothing that a cache may keep."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from services.notify.member_pages.visit import Door, Visit
from shared.article import Lang
from shared.frame.page import TEMPLATES as FRAME
from shared.frame.page import Frame
from shared.languages.dates import clock, written_day, written_time
from shared.languages.say import NAMES, Sayer, nb
from shared.oslo import oslo
from shared.visitors.cookies import MEMBER_COOKIES

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    # An address may hold a token.
    "Referrer-Policy": "no-referrer",
}
_WITH_SCRIPT = {
    "Content-Security-Policy": f"{HEADERS['Content-Security-Policy']}; script-src 'self'"
}
TEMPLATES = Path(__file__).parent / "templates"
_environment = Environment(
    loader=FileSystemLoader([TEMPLATES, FRAME]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TAG = re.compile(r"(<[^>]*>)")
_HYPHENED = re.compile(r"\be-(?:post|mail)\w*", re.IGNORECASE)


def _unbroken(html: str) -> Markup:
    """The HTML with «e-post» and its like marked as words that no line breaks at their hyphen. They
    are the same letters, to whoever searches in the page or copies from it."""
    parts = _TAG.split(html)
    parts[::2] = [_HYPHENED.sub(r'<span class="unbroken">\g<0></span>', one) for one in parts[::2]]
    return Markup("".join(parts))  # noqa: S704 (the template escapes, tags are left alone)


_environment.filters["unbroken"] = _unbroken


class PageWords(Sayer):
    """Says the texts of the pages, and their days and times."""

    def day(self, moment: datetime) -> str:
        """The day on a clock in Norway: «3. april 2026»."""
        return written_day(oslo(moment).date(), self.lang)

    def span(self, began: datetime, ended: datetime) -> str:
        """«3. april 2026 mellom 10.00 og 10.20», and so on."""
        if began == ended:
            return written_time(began, self.lang)
        if oslo(began).date() == oslo(ended).date():
            return self(
                nb("{day} mellom {first} og {last}"),
                day=self.day(began),
                first=clock(began, self.lang),
                last=clock(ended, self.lang),
            )
        return self(
            nb("mellom {began} og {ended}"),
            began=written_time(began, self.lang),
            ended=written_time(ended, self.lang),
        )


class PageLook:
    """Makes pages of templates."""

    def __init__(self, frame: Frame, door: Door) -> None:
        self.frame = frame
        self._door = door

    def page(
        self,
        visit: Visit,
        template: str,
        status: int = 200,
        *,
        errors: Mapping[str, str] | None = None,
        has_script: bool = False,
        found_at: str = "",
        **values: object,
    ) -> Response:
        """A page with forms of ours, for this visitor. `errors` are messages by their field;
        `has_script` lets those run that passkeys need. `found_at` is its path, if search engines
        may show it."""
        values |= {
            "errors": errors or {},
            "form_token": self._door.forms.token(visit.browser, visit.session),
            "person": visit.person,
            "found_at": found_at,
        }
        headers = HEADERS | (_WITH_SCRIPT if has_script else {})
        if found_at:
            del headers["X-Robots-Tag"]
            # What looks at it for search engines fetches robots.txt from within the page.
            headers["Content-Security-Policy"] += "; connect-src 'self'"
        response = HTMLResponse(self._html(template, visit.lang, values), status, headers)
        if visit.is_new:
            self._door.cookies.set(response, MEMBER_COOKIES.browser, visit.browser)
        return response

    def plain(
        self,
        template: str,
        status: int = 200,
        *,
        headers: Mapping[str, str] | None = None,
        lang: Lang | None = None,
        **values: object,
    ) -> Response:
        """A page without a form that has a token of ours. None: in the site's language."""
        known = {"errors": {}, "found_at": ""}
        html = self._html(template, lang or self.frame.lang, known | values)
        return HTMLResponse(html, status, HEADERS | dict(headers or {}))

    def _html(self, template: str, lang: Lang, values: Mapping[str, object]) -> str:
        known = self.frame.values(lang) | {"lang": lang, "t": PageWords(lang), "languages": NAMES}
        return _environment.get_template(template).render(known | dict(values))
