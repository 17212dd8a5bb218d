"""What the pages look like and which words they have: templates in bokmål, said in nynorsk if the
visitor has that. No script but the one for passkeys,
nothing from elsewhere, nothing that a cache may keep."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from services.notify.member_pages.nynorsk import NYNORSK
from services.notify.member_pages.visit import Door, Visit
from shared.article import Lang
from shared.frame.page import TEMPLATES as FRAME
from shared.frame.page import Frame
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


class PageWords:
    """Says a text of the templates in one language: `t("Hei, {name}", name=…)`."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def __call__(self, text: str, **values: object) -> str:
        said = NYNORSK.get(text, text) if self.lang == "nn" else text
        return said.format(**values) if values else said

    def day(self, moment: datetime) -> str:
        """The day on a clock in Norway: «3. april 2026»."""
        locale = f"{self.lang}_NO"
        return format_date(oslo(moment), "d. MMMM y", locale=locale).replace(". ", ".\u00a0", 1)

    def span(self, began: datetime, ended: datetime) -> str:
        """«3. april 2026 mellom 10.00 og 10.20», and so on."""
        first, last = oslo(began), oslo(ended)
        if first == last:
            return f"{self.day(began)} kl.\u00a0{first:%H.%M}"
        if first.date() == last.date():
            return f"{self.day(began)} mellom {first:%H.%M} og {last:%H.%M}"
        return (
            f"mellom {self.day(began)} kl.\u00a0{first:%H.%M} "
            f"og {self.day(ended)} kl.\u00a0{last:%H.%M}"
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
        lang: Lang = "nb",
        **values: object,
    ) -> Response:
        """A page without a form that has a token of ours."""
        html = self._html(template, lang, {"errors": {}, "found_at": ""} | values)
        return HTMLResponse(html, status, HEADERS | dict(headers or {}))

    def _html(self, template: str, lang: Lang, values: Mapping[str, object]) -> str:
        known = self.frame.values(lang) | {"lang": lang, "t": PageWords(lang)}
        return _environment.get_template(template).render(known | dict(values))
