"""Who asks for a page: the browser, and the person of the staff who is logged in there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.ingest.parts import Parts
from services.ingest.people.person import ROLES, Person, Role
from services.ingest.people.store import People
from shared.article import Lang
from shared.passkeys.ceremonies import Ceremonies
from shared.passkeys.challenges import Challenges
from shared.visitors.cookies import STAFF_COOKIES, Cookies, new_id
from shared.visitors.forms import LARGEST_BODY_BYTES, Form, Forms
from shared.visitors.sessions import STAFF_SESSIONS, Proof, Session, Sessions
from shared.visitors.sources import Sources

LANGUAGE = "varsel-maal"
"""The cookie of the language that the pages are in."""
LARGEST_FORM_BYTES = 1024 * 1024
"""More than any form but the one that articles are written in."""
BY_ITSELF = "selv"
"""In the address of a page that a browser without script loads again by itself."""
_KEY = "ingest:newsroom:key"


@dataclass
class StaffVisit:
    """One request."""

    request: Request
    browser: str
    """The value of the browser's cookie; a new one if it brought none."""
    is_new: bool
    """Whether the browser is to keep it."""
    session: str
    """The value of the session's cookie, whether or not that is one that lives."""
    person: Person | None = None
    lang: Lang = "nb"
    found: Session | None = None
    """The session, if somebody is logged in."""

    @property
    def who(self) -> Person:
        """The person who is logged in; only for pages behind `StaffDoor.staff`."""
        assert self.person is not None
        return self.person

    def may(self, role: Role) -> bool:
        """Whether whoever is logged in may do what this role may."""
        return self.person is not None and ROLES.index(self.person.role) >= ROLES.index(role)


class NobodyLoggedIn(Exception):
    """Nobody is logged in here who may see the page."""


class StaffDoor:
    """Lets staff in. The methods raise redis-py's errors."""

    def __init__(self, parts: Parts, key: bytes, site_name: Callable[[], str]) -> None:
        site = parts.settings.site
        self.cookies = Cookies(site, STAFF_COOKIES)
        self.forms = Forms(key, self.cookies, site)
        self.sessions = Sessions(parts.redis, STAFF_SESSIONS, key)
        self.people = People(parts.redis)
        self.ceremonies = Ceremonies(site, site_name)
        self.challenges = Challenges(parts.redis, "ingest:challenge", key)
        self._sources = Sources(parts.redis, "ingest:source", key)

    def stranger(self, request: Request) -> StaffVisit:
        """A visitor of a page that anybody may see."""
        browser = self.cookies.read(request, STAFF_COOKIES.browser)
        session = self.cookies.read(request, STAFF_COOKIES.session)
        lang: Lang = "nn" if request.cookies.get(LANGUAGE) == "nn" else "nb"
        return StaffVisit(request, browser or new_id(), not browser, session, lang=lang)

    async def known(self, request: Request, *, idles: bool = True) -> StaffVisit:
        """A visitor, and the person who is logged in there, if anybody is. Not `idles`: what asks
        is a page by itself, which keeps nobody logged in; nor does one that is loaded again by
        itself."""
        visit = self.stranger(request)
        idles = idles and BY_ITSELF not in request.query_params
        if found := await self.sessions.look(visit.session, idles=idles):
            visit.person = await self.people.find(found.who)
            visit.found = found if visit.person else None
        if found and not visit.person:
            await self.sessions.end(found.id)
        request.state.visit = visit
        return visit

    async def staff(
        self, request: Request, role: Role = "editor", *, idles: bool = True
    ) -> StaffVisit:
        """A visitor who is logged in. `NobodyLoggedIn` if nobody is; HTTPException 403 if they may
        not do what this role may."""
        visit = await self.known(request, idles=idles)
        if visit.person is None:
            raise NobodyLoggedIn
        if not visit.may(role):
            raise HTTPException(403)
        return visit

    def token(self, visit: StaffVisit) -> str:
        """The token of the forms of a page for this visitor. It is bound to the browser and the
        person, not to the session: what was typed before a session ended can be sent after the same
        person has logged in again."""
        return self.forms.token(visit.browser, _who(visit))

    async def form(self, request: Request, longest: int = LARGEST_FORM_BYTES) -> Form:
        """The form that was sent, of at most `longest` bytes. HTTPException: see `Forms.read`."""
        return await self.forms.read(request, longest, who=await self._who(request))

    async def check(self, request: Request, token: str) -> None:
        """Let through what a script of a page of ours sends, with the token of its form.
        HTTPException 403 if it is from elsewhere."""
        self.forms.check(request, token, who=await self._who(request))

    async def form_of_stranger(self, request: Request, longest: int = LARGEST_BODY_BYTES) -> Form:
        """The form on a page that anybody may see, of at most `longest` bytes. HTTPException 429 if
        the source has sent too many."""
        form = await self.forms.read(request, longest, who=await self._who(request))
        address = request.client.host if request.client else ""
        if not await self._sources.may_ask(address):
            raise HTTPException(429)
        return form

    async def log_in(
        self, visit: StaffVisit, response: Response, person: Person, proof: Proof
    ) -> None:
        """Sign the browser in as this person, whom this lets in; a session that it had ends."""
        await self.sessions.end(visit.session)
        session = await self.sessions.begin(person.id, proof)
        self.cookies.set(response, STAFF_COOKIES.session, session.id)

    async def log_out(self, visit: StaffVisit, response: Response) -> None:
        """Sign the browser out."""
        await self.sessions.end(visit.session)
        self.cookies.drop(response, STAFF_COOKIES.session)

    async def _who(self, request: Request) -> str:
        known = getattr(request.state, "visit", None) or await self.known(request)
        return _who(known)


def _who(visit: StaffVisit) -> str:
    return visit.person.id if visit.person else ""


async def key_of(redis: Redis) -> bytes:
    """The key of the newsroom's forms and sessions, made once: 32 characters of random text."""
    await redis.set(_KEY, new_id(), nx=True)
    found = cast("bytes", await redis.get(_KEY))
    return found[:32]


def to(path: str) -> Response:
    """Go on to another page of ours, and do not come back to this one by reloading."""
    return RedirectResponse(path, 303, {"Cache-Control": "no-store"})
