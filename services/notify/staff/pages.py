"""The page behind a person's one-time link, where they say at which address they hear of things: in
nynorsk if the link says so (`?maal=nn`), as the newsroom's does for whoever has its pages so.

Whoever has the link may use it: ingest gave it to the person, and its token is nowhere but in it.
"""

import hmac
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from services.notify.letters.store import Letters
from services.notify.staff.give_address import give_address
from services.notify.staff.store import Staff
from shared import log
from shared.article import Lang
from shared.bus.errors import surroundings
from shared.frame.kept import Dressing, KeptIdentity
from shared.frame.page import TEMPLATES as FRAME
from shared.frame.page import Frame
from shared.languages.say import Nb, say
from shared.settings import Settings
from shared.visitors.cookies import MEMBER_COOKIES, Cookies, new_id
from shared.visitors.faults import Faults
from shared.visitors.forms import Forms
from shared.visitors.gate import Gate
from shared.visitors.routes import by_method
from shared.visitors.sources import Sources

PREFIX = "/beskjed/"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    # The page's own address holds a token.
    "Referrer-Policy": "no-referrer",
}
_PROBLEMS: Nb[dict[int, str]] = {
    404: "Kanskje kom ikke hele adressen med.",
    413: "Det var for mye tekst. Ingenting er lagret. Åpne siden på nytt, og skriv kortere.",
    500: "Noe gikk galt hos oss. Det er ikke din feil, og lenken virker like godt om litt: gå "
    "tilbake, og prøv igjen.",
    429: "Det er sendt mange skjemaer fra stedet der du er. Ingenting er lagret. Prøv igjen om ti "
    "minutter.",
    503: "Noe er midlertidig galt hos oss. Ingenting er lagret. Lenken virker like godt om litt.",
}
_ELSE: Nb[str] = "Ingenting er lagret. Åpne lenken på nytt, og prøv igjen."
_environment = Environment(
    loader=FileSystemLoader([Path(__file__).parent / "templates", FRAME]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class StaffPageParts:
    """What the page stands on."""

    redis: Redis
    settings: Settings
    identity: KeptIdentity
    staff: Staff
    letters: Letters
    secret: bytes
    """From which the key is made for the tokens of forms, and to count sources."""


def create(parts: StaffPageParts) -> ASGIApp:
    """The app for `/beskjed/…`."""
    page = _AddressPage(parts)
    app = Starlette(
        routes=[
            Route(f"{PREFIX}takk/", page.thanks),
            by_method(PREFIX + "{token}/", page.ask, page.give),
        ],
        exception_handlers={
            HTTPException: page.problem,
            RedisError: page.redis_away,
            ClientDisconnect: _gone,
        },
        middleware=[Middleware(Faults, service="notify", answer=page.unforeseen)],
    )
    app.router.redirect_slashes = False
    return Gate(Dressing(app, parts.identity))


class _AddressPage:
    def __init__(self, parts: StaffPageParts) -> None:
        site = parts.settings.site
        self._staff = parts.staff
        self._letters = parts.letters
        self._frame = Frame(parts.settings, parts.identity)
        self._cookies = Cookies(site, MEMBER_COOKIES)
        key = hmac.digest(parts.secret, b"staff pages", "sha256")
        self._forms = Forms(key, self._cookies, site)
        self._sources = Sources(parts.redis, "notify:source", key)

    async def ask(self, request: Request) -> Response:
        """GET: the form, if the link works. Changes nothing: programs open links too."""
        if await self._staff.look(request.path_params["token"]) is None:
            return self._html(request, "dead_link.html", 404)
        return self._form(request, lang=_lang(request))

    async def give(self, request: Request) -> Response:
        """POST of the address. It is confirmed by a letter to it."""
        form = await self._forms.read(request)
        email, lang = form.text("epost"), form.text("maal")
        try:
            return await self._give(request, email, lang)
        except RedisError as error:  # what was typed stays in its field
            _heed(error)
            return self._form(request, email=email, lang=lang, status=503)

    async def _give(self, request: Request, email: str, lang: str) -> Response:
        if not await self._sources.may_ask(request.client.host if request.client else ""):
            return self._form(request, email=email, lang=lang, status=429)
        token = request.path_params["token"]
        try:
            person = await self._staff.use(token, email, lang)
        except ValueError as error:
            wrong = say(str(error), _lang(request))
            wrong = wrong[:1].upper() + wrong[1:]
            return self._form(request, wrong, email=email, lang=lang, status=422)
        if person is None:
            return self._html(request, "dead_link.html", 404)
        await give_address(self._letters, person)
        query = "?maal=nn" if _lang(request) == "nn" else ""
        return RedirectResponse(f"{PREFIX}takk/{query}", 303, {"Cache-Control": "no-store"})

    async def thanks(self, request: Request) -> Response:
        return self._html(request, "thanks.html")

    async def problem(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        said = _PROBLEMS.get(error.status_code, _ELSE)
        return self._html(request, "problem.html", error.status_code, error.headers, said=said)

    async def redis_away(self, request: Request, error: Exception) -> Response:
        _heed(error)
        headers = {"Retry-After": "60"}
        return self._html(request, "problem.html", 503, headers, said=_PROBLEMS[503])

    async def unforeseen(self, request: Request) -> Response:
        return self._html(request, "problem.html", 500, said=_PROBLEMS[500])

    def _form(
        self,
        request: Request,
        wrong: str = "",
        *,
        email: str = "",
        lang: str = "nb",
        status: int = 200,
    ) -> Response:
        browser = self._cookies.read(request, MEMBER_COOKIES.browser)
        session = self._cookies.read(request, MEMBER_COOKIES.session)
        mine = browser or new_id()
        token = self._forms.token(mine, session)
        page = self._html(
            request,
            "address.html",
            status,
            form_token=token,
            wrong=wrong,
            refused=_PROBLEMS.get(status, ""),
            email=email,
            chosen=lang,
        )
        if not browser:
            self._cookies.set(page, MEMBER_COOKIES.browser, mine)
        return page

    def _html(
        self,
        request: Request,
        template: str,
        status: int = 200,
        headers: object = None,
        **values: object,
    ) -> Response:
        lang = _lang(request)
        known = self._frame.values(lang) | {"lang": lang, "t": partial(say, lang=lang)}
        html = _environment.get_template(template).render(known | values)
        more = dict(headers) if isinstance(headers, dict) else {}
        return HTMLResponse(html, status, _HEADERS | more)


def _lang(request: Request) -> Lang:
    """The language of the page."""
    return "nn" if request.query_params.get("maal") == "nn" else "nb"


def _heed(error: Exception) -> None:
    """Log an error of the surroundings; raise any other."""
    away = surroundings(error)
    if away is None:
        raise error
    log.get("notify").warning("request_refused", reason=away.reason)


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=400)
