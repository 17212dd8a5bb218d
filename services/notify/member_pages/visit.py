"""Who asks for a page: the browser, and the member who is logged in there."""

from dataclasses import dataclass

from redis.asyncio import Redis
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.notify.bounces.store import Bounces
from services.notify.choices.store import Choices
from services.notify.letters.asked import Asked, LetterKind
from services.notify.letters.store import Letters
from services.notify.letters.tickets import Tickets
from services.notify.members.member import Member
from services.notify.members.membership import Membership
from services.notify.members.store import Members
from services.notify.passkeys.store import MemberPasskeys
from services.notify.vault.tokens import Tokens
from services.notify.vault.vault import Vault
from shared.article import Lang
from shared.frame.kept import KeptIdentity
from shared.languages.say import lang_of
from shared.settings import Settings
from shared.visitors.cookies import MEMBER_COOKIES, Cookies, new_id
from shared.visitors.forms import Form, Forms
from shared.visitors.sessions import MEMBER_SESSIONS, Proof, Session, Sessions
from shared.visitors.sources import Sources


@dataclass(frozen=True)
class PageParts:
    """What the pages stand on."""

    redis: Redis
    settings: Settings
    identity: KeptIdentity
    membership: Membership
    bounces: Bounces
    choices: Choices
    letters: Letters
    tickets: Tickets
    tokens: Tokens
    passkeys: MemberPasskeys
    vault: Vault
    key: bytes
    """For the tokens of forms, the hashes of sessions, and to count sources."""

    @property
    def members(self) -> Members:
        return self.membership.members


@dataclass(frozen=True)
class LoggedIn:
    """The member who is logged in."""

    number: int
    """The newest one."""
    sealed: bytes
    """The record as it is in Redis."""
    member: Member
    has_left: bool


@dataclass
class Visit:
    """One request."""

    request: Request
    browser: str
    """The value of the browser's cookie; a new one if it brought none."""
    is_new: bool
    """Whether the browser is to keep it."""
    session: str
    """The value of the session's cookie, whether or not that is one that lives."""
    person: LoggedIn | None = None
    lang: Lang = "nb"
    found: Session | None = None
    """The session, if the member is logged in."""


class Door:
    """Lets visitors in. The methods raise redis-py's errors."""

    def __init__(self, parts: PageParts) -> None:
        site = parts.settings.site
        self._parts = parts
        self.cookies = Cookies(site, MEMBER_COOKIES)
        self.forms = Forms(parts.key, self.cookies, site)
        self.sessions = Sessions(parts.redis, MEMBER_SESSIONS, parts.key)
        self._sources = Sources(parts.redis, "notify:source", parts.key)

    @property
    def lang(self) -> Lang:
        """The site's language, as it was read last: of visitors who have named no other."""
        return self._parts.identity.known.language

    def visit(self, request: Request) -> Visit:
        """A visitor of a page that is the same for everybody."""
        browser = self.cookies.read(request, MEMBER_COOKIES.browser)
        session = self.cookies.read(request, MEMBER_COOKIES.session)
        lang = lang_of(request.query_params.get("maal"), self.lang)
        return Visit(request, browser or new_id(), not browser, session, lang=lang)

    async def known(self, request: Request) -> Visit:
        """A visitor, and the member who is logged in there, if any."""
        visit = self.visit(request)
        found = await self.sessions.look(visit.session)
        visit.person = await self.person(int(found.who)) if found else None
        if found and not visit.person:
            await self.sessions.end(found.id)
        if visit.person:
            visit.found = found
            visit.lang = lang_of(visit.person.member.lang)
        return visit

    async def member(self, request: Request) -> tuple[Visit, LoggedIn]:
        """A visitor who is logged in. `ToLogIn` if nobody is."""
        visit = await self.known(request)
        if visit.person is None:
            raise ToLogIn
        return visit, visit.person

    async def current(self, request: Request) -> tuple[Visit, LoggedIn]:
        """The same, of members who have not left: the others change nothing but that."""
        visit, person = await self.member(request)
        if person.has_left:
            raise ToLogIn
        return visit, person

    async def form(self, request: Request) -> Form:
        """The form that was sent, by a source that has not sent too many. HTTPException: see
        `Forms.read`; 429 if it has."""
        form = await self.forms.read(request)
        await self.count(request)
        return form

    async def count(self, request: Request) -> None:
        """Count a form of this source. HTTPException 429 if it has sent too many."""
        address = request.client.host if request.client else ""
        if not await self._sources.may_ask(address):
            raise HTTPException(429)

    async def log_in(self, visit: Visit, response: Response, number: int, proof: Proof) -> None:
        """Sign the browser in as this member, whom this lets in; a session that it had ends."""
        await self.sessions.end(visit.session)
        session = await self.sessions.begin(str(number), proof)
        self.cookies.set(response, MEMBER_COOKIES.session, session.id)

    async def go_on(self, visit: Visit, response: Response, number: int) -> None:
        """The member who is logged in stays so, with this number, in a new session."""
        assert visit.found
        await self.sessions.end(visit.session)
        session = await self.sessions.go_on(visit.found, str(number))
        self.cookies.set(response, MEMBER_COOKIES.session, session.id)

    async def log_out(self, visit: Visit, response: Response) -> None:
        """Sign the browser out."""
        await self.sessions.end(visit.session)
        self.cookies.drop(response, MEMBER_COOKIES.session)

    async def come_back(self, person: LoggedIn) -> int:
        """Undo a leaving, and tell the member by a letter; gives the number that they have now.
        LookupError if it was too long ago, or nothing is left of them."""
        number = await self._parts.membership.come_back(person.number)
        member = person.member
        await self._parts.letters.ask(
            Asked(LetterKind.WELCOME_BACK, member.email, lang=member.lang, number=number)
        )
        return number

    async def person(self, number: int) -> LoggedIn | None:
        """The person who has, or has had, this number, as they are now; none if they were erased.
        The record of an older number may have expired."""
        members = self._parts.members
        newest, *_ = await members.numbers_of(number)
        sealed = (await members.records([newest])).get(newest)
        if sealed is None:
            return None
        has_left = bool(await members.left([newest]))
        return LoggedIn(newest, sealed, members.open(newest, sealed), has_left)


class ToLogIn(Exception):
    """Nobody is logged in here who may see the page: «Min side» says what can be done."""


def to(path: str) -> Response:
    """Go on to another page of ours, and do not come back to this one by reloading."""
    return RedirectResponse(path, 303, {"Cache-Control": "no-store"})
